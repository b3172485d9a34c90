using System.Text.Json;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Exchange;

public sealed class ExportTests : IDisposable
{
    private readonly ImportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_exported_record_is_readable_verifiable_and_comes_back_whole()
    {
        SignedRecord signed = Sign("Mann zu Unrecht festgenommen");
        string line = ExportLine.Write(signed.Record, signed.Body, [new byte[] { 1, 2 }]);
        using var json = JsonDocument.Parse(line);
        Assert.Equal(signed.Record.Id.ToString(), json.RootElement.GetProperty("id").GetString());
        Assert.Equal("2026-11-25T10:30:00Z", json.RootElement.GetProperty("created").GetString());
        Assert.Equal("Mann zu Unrecht festgenommen",
            json.RootElement.GetProperty("body").GetProperty("title").GetString());
        ImportRow row =
            Assert.Single(ImportFolder.Read(folder.Write("out.jsonl", line + "\n"), ImportFormat.Lines));
        Assert.Null(row.Error);
        Assert.Equal(signed.Record.Id, row.Record!.Id);
        Assert.Equal(signed.Body, row.RecordBody.ToArray());
        Assert.Equal([1, 2], Assert.Single(row.Identity).ToArray());
    }

    [Fact]
    public void A_record_whose_body_was_erased_comes_back_without_it()
    {
        SignedRecord signed = Sign("Title");
        string line = ExportLine.Write(signed.Record, default, []);
        Assert.Contains("\"erased\":true", line, StringComparison.Ordinal);
        ImportRow row = Assert.Single(ImportFolder.Read(folder.Write("out.jsonl", line), ImportFormat.Lines));
        Assert.Equal((null, 0), (row.Error, row.RecordBody.Length));
    }

    [Fact]
    public void A_changed_export_is_a_bad_row()
    {
        SignedRecord signed = Sign("Title");
        SignedRecord other = Sign("Other");
        string line = ExportLine.Write(signed.Record, signed.Body, [new byte[] { 1, 2 }]);
        byte[] forged = signed.Record.Envelope.ToArray();
        forged[^1] ^= 1;
        string[] lines =
        [
            line.Replace(signed.Record.Id.ToString(), other.Record.Id.ToString(), StringComparison.Ordinal),
            line.Replace(Convert.ToBase64String(signed.Body), Convert.ToBase64String(other.Body),
                StringComparison.Ordinal),
            $"{{\"envelope\":\"{Convert.ToBase64String(forged)}\"}}",
            "{\"envelope\":\"AAAA\"}",
            "{\"envelope\":3}",
            line.Replace("[\"AQI=\"]", "[1]", StringComparison.Ordinal),
        ];
        List<ImportRow> rows = ImportFolder.Read(
            folder.Write("out.jsonl", string.Join('\n', lines)), ImportFormat.Lines);
        Assert.Equal(lines.Length, rows.Count);
        Assert.All(rows, row => Assert.NotNull(row.Error));
        Assert.Contains("id", rows[0].Error, StringComparison.Ordinal);
        Assert.Contains("bytes", rows[1].Error, StringComparison.Ordinal);
        Assert.Contains("signature", rows[2].Error, StringComparison.Ordinal);
    }

    private static SignedRecord Sign(string title)
    {
        using SigningKey key = SigningKey.FromSeed(new byte[32]);
        var author = Cid.Of(Codec.DagCbor, "author"u8);
        var builder = new RecordBuilder(author, key, author, new byte[32]);
        return builder.Sign(new IncidentBody { Title = title }, [], 1_795_602_600, "de");
    }
}
