namespace IncidentMesh.Node.Cluster;

/// <summary>Names of systems and organisations, compared as people write them.</summary>
public static class Naming
{
    private static readonly string[] Forms =
        ["inc", "llc", "ltd", "gmbh", "ag", "corp", "corporation", "co", "company", "sa", "plc", "the"];

    /// <summary>The words of a name that tell it from others: lower case, without the legal form.</summary>
    public static string[] Words(string name)
    {
        string[] all = [.. WordWeights.Split(name).Take(16)];
        string[] telling = [.. all.Where(w => !Forms.Contains(w))];
        return telling.Length == 0 ? all : telling;
    }

    /// <summary>Whether two lists share a name. <c>FaceSure</c> and <c>FaceSure 4.1</c> are one;
    /// <c>GPT-4</c> and <c>GPT-4o</c> or <c>GPT-4 Turbo</c> are two.</summary>
    /// <returns>True, false, or null where a list is empty.</returns>
    public static bool? Share(IReadOnlyList<string[]> a, IReadOnlyList<string[]> b) =>
        a.Count == 0 || b.Count == 0 ? null : a.Any(x => b.Any(y => Same(x, y)));

    private static bool Same(string[] a, string[] b)
    {
        (string[] less, string[] more) = a.Length <= b.Length ? (a, b) : (b, a);
        if (!more.AsSpan(0, less.Length).SequenceEqual(less))
        {
            return false;
        }

        return more.Length == less.Length
            || (less.All(w => !w.Any(char.IsDigit)) && more.Skip(less.Length).All(IsVersion));
    }

    private static bool IsVersion(string word) =>
        word.TrimStart('v').Length > 0 && word.TrimStart('v').All(char.IsAsciiDigit);
}
