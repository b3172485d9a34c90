namespace IncidentMesh.Node.Search;

/// <summary>Numbers for the words of a column, from 1; 0 stands for none. Words that differ in case only are
/// one; the first spelling is kept.</summary>
internal sealed class Interner
{
    private readonly Dictionary<string, int> codes = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> words = [""];

    /// <summary>One more than the highest number.</summary>
    public int Count => words.Count;

    public string Word(int code) => words[code];

    public int Code(string? word)
    {
        if (string.IsNullOrEmpty(word))
        {
            return 0;
        }

        if (!codes.TryGetValue(word, out int code))
        {
            code = words.Count;
            codes.Add(word, code);
            words.Add(word);
        }

        return code;
    }

    /// <summary>The numbers of the words that satisfy a condition, as a table.</summary>
    public bool[] Select(Func<string, bool> holds)
    {
        var chosen = new bool[words.Count];
        for (int code = 1; code < chosen.Length; code++)
        {
            chosen[code] = holds(words[code]);
        }

        return chosen;
    }
}
