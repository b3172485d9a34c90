using System.Reflection;
using System.Text.Json;

namespace IncidentMesh.Node.Exchange;

/// <summary>How one field goes into another system and comes back.</summary>
/// <param name="Ours">Our field, or one of <c>id type signature author created lang tlp state versions
/// answers</c>; null for a field of theirs that has none.</param>
/// <param name="Theirs">Their fields, with commas; null where ours has none.</param>
/// <param name="Export">A value of the vocabulary <c>mapping</c>; null where nothing is exported.</param>
/// <param name="Import">The same the other way.</param>
/// <param name="Note">What is lost or changed.</param>
internal sealed record MappedField(
    string? Ours, string? Theirs, string? Export, string? Import, string? Note);

/// <summary>The table of one format. It is data: the loss report of a conversion and the page
/// <c>specs/exchange.md</c> show the same rows.</summary>
internal sealed class Mapping
{
    public const string Direct = "direct";
    public const string Unmapped = "unmapped";

    private static readonly Lazy<IReadOnlyDictionary<string, Mapping>> Shipped = new(Load);
    private readonly Dictionary<string, MappedField> _byOurs;
    private readonly List<(string Path, MappedField Row)> _byTheirs;

    private Mapping(JsonElement root)
    {
        Format = root.GetProperty("format").GetString()!;
        Title = root.GetProperty("title").GetString()!;
        Mandatory = [.. root.GetProperty("mandatory").EnumerateArray().Select(name => name.GetString()!)];
        Rows = [.. root.GetProperty("rows").EnumerateArray().Select(ReadRow)];
        _byOurs = Rows.Where(row => row.Ours is not null).ToDictionary(row => row.Ours!);
        _byTheirs =
        [
            .. Rows.Where(row => row.Import is not null && row.Theirs is not null)
                .SelectMany(row => row.Theirs!.Split(", ").Select(path => (path, row)))
                .OrderByDescending(one => one.path.Length),
        ];
    }

    public string Format { get; }

    public string Title { get; }

    /// <summary>Our fields that the other system cannot do without.</summary>
    public IReadOnlyList<string> Mandatory { get; }

    public IReadOnlyList<MappedField> Rows { get; }

    public static IEnumerable<Mapping> All => Shipped.Value.Values.OrderBy(mapping => mapping.Format);

    public static Mapping Of(string format) => Shipped.Value[format];

    /// <summary>What becomes of a field of ours; null for one that the table does not know.</summary>
    public MappedField? OfOurs(string field) => _byOurs.GetValueOrDefault(field);

    /// <summary>What becomes of a field of theirs: the row of its path, or of the nearest above it.</summary>
    public MappedField? OfTheirs(string path)
    {
        foreach ((string known, MappedField row) in _byTheirs)
        {
            if (path.StartsWith(known, StringComparison.Ordinal)
                && (path.Length == known.Length || path[known.Length] is '.' or '['))
            {
                return row;
            }
        }

        return null;
    }

    private static MappedField ReadRow(JsonElement row)
    {
        string? Text(string name) =>
            row.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
        return new MappedField(Text("ours"), Text("theirs"), Text("export"), Text("import"), Text("note"));
    }

    private static Dictionary<string, Mapping> Load()
    {
        Assembly assembly = typeof(Mapping).Assembly;
        Dictionary<string, Mapping> all = [];
        foreach (string resource in assembly.GetManifestResourceNames()
            .Where(name => name.Contains(".Mappings.", StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            using JsonDocument document = JsonDocument.Parse(stream);
            Mapping mapping = new(document.RootElement);
            all.Add(mapping.Format, mapping);
        }

        return all;
    }
}
