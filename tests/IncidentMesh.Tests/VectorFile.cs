namespace IncidentMesh.Tests;

/// <summary>Reads <c>specs/vectors/*.txt</c>: cases of <c>key: value</c> lines, parted by an empty line;
/// lines that
/// begin with <c>#</c> are comments. A key that the test does not know fails it, so that file and test stay
/// one.</summary>
internal static class VectorFile
{
    public static IEnumerable<Dictionary<string, string>> Read(string name, params string[] keys)
    {
        Dictionary<string, string> current = [];
        foreach (string line in File.ReadLines(Path.Combine(Repo.Root, "specs", "vectors", name)).Append(""))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (line.Length == 0)
            {
                if (current.Count > 0)
                {
                    yield return current;
                    current = [];
                }

                continue;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string key = line[..colon];
            if (!keys.Contains(key))
            {
                throw new InvalidDataException($"{name}: unknown key \"{key}\"");
            }

            current.Add(key, line[(colon + 1)..].Trim());
        }
    }

    /// <summary>The cases as rows of a theory, named by their <c>name</c>.</summary>
    public static Xunit.TheoryData<string> Names(string file, params string[] keys) =>
        [.. Read(file, keys).Select(c => c["name"])];

    public static Dictionary<string, string> Case(string file, string name, params string[] keys) =>
        Read(file, keys).Single(c => c["name"] == name);
}
