using CsCheck;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Exchange;

/// <summary>A record that is exported and imported again has every field that the table calls direct both
/// ways. CsCheck prints the seed of a failure.</summary>
public sealed class RoundTripTests : IDisposable
{
    private const int Bodies = 150;
    private readonly ImportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("stix", "incident")]
    [InlineData("stix", "model-risk")]
    [InlineData("misp", "incident")]
    [InlineData("misp", "model-risk")]
    [InlineData("csv", "incident")]
    [InlineData("csv", "model-risk")]
    [InlineData("avid", "model-risk")]
    public void What_is_direct_comes_back(string format, string type)
    {
        BodyGen.Of(type).Sample(
            map => Check(format, type, Fit(format, map)), iter: Bodies, threads: 1);
    }

    // A number is AVID's to give, and what has none is a draft that is not read.
    private static IpldMap Fit(string format, IpldMap map) => format != "avid" ? map
        : map.With("external_ids", new IpldList([new ExternalId("AVID", "AVID-2026-R0001").ToMap()]));

    private void Check(string format, string type, IpldMap map)
    {
        var body = (ReportBody)TypedBody.Read(type, map)!;
        Assert.Empty(body.Check());
        string file = folder.Write("round." + format, Exported.Text(format, Exported.View(body)));
        Assert.True(
            Importer.TryOpen(file, ImportFormat.Auto, out var rows, out _, out string? problem), problem);
        ImportRow row = Assert.Single(rows);
        Assert.Null(row.Error);
        Assert.Equal("de", row.Language);
        IpldMap back = row.Body!.ToMap();
        string[] direct =
        [
            .. Mapping.Of(format).Rows
                .Where(one => one is { Export: Mapping.Direct, Import: Mapping.Direct, Ours: not null })
                .Select(one => one.Ours!),
        ];
        Assert.Contains("title", direct);
        foreach ((string name, IpldNode value) in map.Entries.Where(entry => direct.Contains(entry.Key)))
        {
            Assert.True(back.TryGet(name, out IpldNode? returned) && returned.Equals(value),
                $"{name}: {BodyJson.Write(type, map)} came back as {BodyJson.Write(type, back)}");
        }
    }
}
