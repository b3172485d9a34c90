using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;

namespace IncidentMesh.Protocol.Records;

/// <summary>One value of a vocabulary.</summary>
/// <param name="Value">What records carry.</param>
/// <param name="Label">English label.</param>
/// <param name="Parent">The value that this one belongs under, if any.</param>
/// <param name="Branch">Values are ordered within a branch only.</param>
/// <param name="Rank">Place in that order, from 1; 0 where there is none.</param>
public sealed record VocabularyEntry(string Value, string Label, string? Parent, string? Branch, int Rank);

/// <summary>A controlled list of values. Vocabularies are data with a version, not enums: a record may carry
/// a value of a later version, which is shown as it is. <c>specs/vocabularies.md</c>.</summary>
public sealed class Vocabulary
{
    private const int FewEntries = 9;
    private static readonly Lazy<IReadOnlyDictionary<string, Vocabulary>> Shipped = new(Load);
    private readonly Dictionary<string, VocabularyEntry> _byValue;

    private Vocabulary(JsonElement root)
    {
        Name = root.GetProperty("name").GetString()!;
        Version = root.GetProperty("version").GetString()!;
        Title = root.GetProperty("title").GetString()!;
        Origin = root.GetProperty("source").GetString()!;
        Licence = root.GetProperty("licence").GetString()!;
        Entries = [.. root.GetProperty("entries").EnumerateArray().Select(ReadEntry)];
        _byValue = Entries.ToDictionary(e => e.Value, StringComparer.Ordinal);
    }

    /// <summary>Name, e.g. <c>oecd-severity</c>.</summary>
    public string Name { get; }

    /// <summary>Version of the list.</summary>
    public string Version { get; }

    /// <summary>English title.</summary>
    public string Title { get; }

    /// <summary>Where the values come from.</summary>
    public string Origin { get; }

    /// <summary>Under which terms.</summary>
    public string Licence { get; }

    /// <summary>The values in the order of the source.</summary>
    public IReadOnlyList<VocabularyEntry> Entries { get; }

    /// <summary>Every vocabulary that ships, by name.</summary>
    public static IReadOnlyCollection<Vocabulary> All =>
        [.. Shipped.Value.Values.OrderBy(v => v.Name, StringComparer.Ordinal)];

    /// <summary>The vocabulary of that name.</summary>
    /// <exception cref="KeyNotFoundException">None of that name ships: a caller's bug.</exception>
    public static Vocabulary Get(string name) => Shipped.Value[name];

    /// <summary>Finds a vocabulary by a name that came from others.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out Vocabulary? vocabulary) =>
        Shipped.Value.TryGetValue(name, out vocabulary);

    /// <summary>True where <paramref name="value"/> is one of the values.</summary>
    public bool Contains(string value) => _byValue.ContainsKey(value);

    /// <summary>The entry of a value, or null.</summary>
    public VocabularyEntry? Find(string value) => _byValue.GetValueOrDefault(value);

    /// <summary>The values for a message: all where they are few, else the first.</summary>
    internal string Values => string.Join(", ", Entries.Count <= FewEntries
        ? Entries.Select(e => e.Value) : Entries.Take(3).Select(e => e.Value).Append("…"));

    /// <summary>The English label of a value; the value itself where it is not in the list.</summary>
    public string LabelOf(string value) => Find(value)?.Label ?? value;

    /// <summary>The value that someone most likely meant, for a hint; null where nothing is close.</summary>
    public string? Suggest(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        VocabularyEntry? byLabel = Entries.FirstOrDefault(e =>
            string.Equals(e.Label, value, StringComparison.OrdinalIgnoreCase)
            || string.Equals(e.Value, value, StringComparison.OrdinalIgnoreCase));
        return byLabel?.Value ?? Entries
            .Select(e => (e.Value, Distance: EditDistance.Between(e.Value, value)))
            .Where(e => e.Distance <= Math.Max(1, e.Value.Length / 3))
            .OrderBy(e => e.Distance)
            .Select(e => e.Value)
            .FirstOrDefault();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Version}";

    private static VocabularyEntry ReadEntry(JsonElement entry) => new(
        entry.GetProperty("value").GetString()!,
        entry.GetProperty("label").GetString()!,
        entry.TryGetProperty("parent", out JsonElement parent) ? parent.GetString() : null,
        entry.TryGetProperty("branch", out JsonElement branch) ? branch.GetString() : null,
        entry.TryGetProperty("rank", out JsonElement rank) ? rank.GetInt32() : 0);

    private static Dictionary<string, Vocabulary> Load()
    {
        Assembly assembly = typeof(Vocabulary).Assembly;
        Dictionary<string, Vocabulary> all = new(StringComparer.Ordinal);
        foreach (string resource in assembly.GetManifestResourceNames())
        {
            if (resource.Contains(".Vocabularies.", StringComparison.Ordinal))
            {
                using Stream stream = assembly.GetManifestResourceStream(resource)!;
                using JsonDocument document = JsonDocument.Parse(stream);
                Vocabulary vocabulary = new(document.RootElement);
                all.Add(vocabulary.Name, vocabulary);
            }
        }

        return all;
    }
}
