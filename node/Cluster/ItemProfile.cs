namespace IncidentMesh.Node.Cluster;

/// <summary>A report made ready for comparing with others.</summary>
public sealed class ItemProfile
{
    /// <summary>Words of title and summary that are looked at.</summary>
    private const int MaxWords = 2_000;

    /// <summary>Rare names that are kept of title and summary.</summary>
    private const int MaxNames = 64;

    private readonly Half[] _vector;

    /// <summary>Prepares a report.</summary>
    public ItemProfile(ClusterItem item, WordWeights weights)
    {
        Item = item;
        IsFinding = item.Type == "model-risk";
        Keys = ExactKeys.Of(item);
        Systems = [.. item.Systems.Take(32).Select(Naming.Words).Where(w => w.Length > 0)];
        Developers = [.. item.Developers.Take(32).Select(Naming.Words).Where(w => w.Length > 0)];
        WholeTitle = new TitleProfile(item.Title, weights, []);
        Title = IsFinding
            ? new TitleProfile(item.Title, weights, [.. Systems.Concat(Developers).SelectMany(w => w)])
            : WholeTitle;
        Measures = [.. item.Measures.Take(64).Select(Naming.Words).Where(w => w.Length > 0)];
        Marks = Template.MarksOf(item.Title);
        string[] spelled = [.. WordWeights.Runs(item.Title).Concat(WordWeights.Runs(item.Summary)).Take(
            MaxWords)];
        Length = spelled.Length;
        Names = NamesOf(spelled, weights);
        Signatures = SignaturesOf(item.Type, Keys);
        Language = item.Language is { Length: > 0 } tag ? tag.Split('-', 2)[0].ToLowerInvariant() : null;
        _vector = new Half[item.Vector.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(item.Vector.Span, _vector);
        Item = item with { Vector = default, Summary = "" };
    }

    /// <summary>The report, without its vector and summary, which the profile holds in a smaller
    /// form.</summary>
    public ClusterItem Item { get; }

    /// <summary>Whether it is a finding about a model and not an incident.</summary>
    public bool IsFinding { get; }

    /// <summary>Words and 4-grams of the title; of a finding without the names of its systems and
    /// developers, which all findings about them share.</summary>
    public TitleProfile Title { get; }

    /// <summary>Words and 4-grams of the whole title.</summary>
    public TitleProfile WholeTitle { get; }

    /// <summary>Exact keys, in order.</summary>
    public ExactKey[] Keys { get; }

    /// <summary>Names of systems, each as its telling words.</summary>
    public string[][] Systems { get; }

    /// <summary>Names of developers and deployers, each as its telling words.</summary>
    public string[][] Developers { get; }

    /// <summary>What was measured, each as its telling words.</summary>
    public string[][] Measures { get; }

    /// <summary>What tells this title from others of its template.</summary>
    public string[] Marks { get; }

    /// <summary>Rare words of title and summary: lower case, and as spelled there.</summary>
    public SortedList<string, string> Names { get; }

    /// <summary>What reports of one event that are of one type have letter for letter in common: body hash,
    /// or all ids of a kind that names the event.</summary>
    public string[] Signatures { get; }

    /// <summary>Words of title and summary.</summary>
    public int Length { get; }

    /// <summary>Primary language subtag, or null.</summary>
    public string? Language { get; }

    /// <summary>Whether the embedding is known.</summary>
    public bool HasVector => _vector.Length > 0;

    /// <summary>Writes the embedding, rounded to 16-bit floats.</summary>
    public void CopyVectorTo(Span<float> destination) =>
        System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(_vector, destination);

    private static SortedList<string, string> NamesOf(string[] spelled, WordWeights weights)
    {
        var names = new SortedList<string, string>(StringComparer.Ordinal);
        foreach (string word in spelled)
        {
            string lower = word.ToLowerInvariant();
            if (names.Count < MaxNames && weights.Of(lower) >= WordWeights.Rare && IsName(word))
            {
                names.TryAdd(lower, word);
            }
        }

        return names;
    }

    /// <summary>A capital, or a script without capitals: "evaluated" is rare in the tables and no
    /// name.</summary>
    private static bool IsName(string word) =>
        word.Length >= 3 && word.Any(char.IsLetter) && word.Any(c => char.IsLetter(c) && !char.IsLower(c));

    private static string[] SignaturesOf(string type, ExactKey[] keys) =>
    [
        .. keys.Where(k => k.Kind == KeyKind.Body).Select(k => $"body {k.Value}"),
        .. keys.Where(k => k.NamesTheEvent).GroupBy(k => k.Kind)
            .Select(g => $"{type} {g.Key} {string.Join(' ', g.Select(k => k.Value))}"),
    ];
}
