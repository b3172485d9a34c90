using IncidentMesh.Node.Exchange;

namespace IncidentMesh.Fuzz;

/// <summary>Any bytes as a file to import: every row is a body or a reason, and nothing throws. The first
/// byte picks the form, so that each reader gets its share.</summary>
internal static class ExchangeTarget
{
    private static readonly ImportFormat[] Formats = Enum.GetValues<ImportFormat>();
    private static readonly string Folder = Directory.CreateTempSubdirectory("incidentmesh-fuzz-").FullName;

    public static void Run(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        string file = Path.Combine(Folder, "input");
        File.WriteAllBytes(file, bytes[1..]);
        ImportFormat format = Formats[bytes[0] % Formats.Length];
        if (!Importer.TryOpen(file, format, out var rows, out _, out string? problem))
        {
            Require(problem.Length > 0, "a file refused without a reason");
            return;
        }

        foreach (ImportRow row in rows)
        {
            Require(row.Error is not null || row.Body is not null || row.Record is not null, "an empty row");
            Require(row.Line >= 1, "a row without a place");
        }
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
