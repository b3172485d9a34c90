using Xunit;

namespace IncidentMesh.Tests.Records;

/// <summary>A file of <c>specs/vectors</c>: blocks of <c>key: value</c> lines, an empty line between blocks,
/// comments after <c>#</c>. A key that the test does not know fails it, so that spec and code cannot
/// drift.</summary>
internal static class VectorFile
{
    internal static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(string name, params string[] keys)
    {
        string path = Path.Combine(Repo.Root, "specs", "vectors", name);
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        List<IReadOnlyDictionary<string, string>> blocks = [];
        foreach (string block in text.Split("\n\n"))
        {
            Dictionary<string, string> fields = [];
            foreach (string line in block.Split('\n'))
            {
                if (line.Length == 0 || line[0] == '#')
                {
                    continue;
                }

                int colon = line.IndexOf(':', StringComparison.Ordinal);
                Assert.True(colon > 0, $"{name}: a line without a key: {line}");
                Assert.Contains(line[..colon], keys);
                fields.Add(line[..colon], line[(colon + 1)..].TrimStart(' '));
            }

            if (fields.Count > 0)
            {
                blocks.Add(fields);
            }
        }

        Assert.NotEmpty(blocks);
        return blocks;
    }
}
