using System.Reflection;

namespace IncidentMesh.Protocol.Identity;

/// <summary>Checks at process start that the signature library verifies as <c>specs/identity.md</c>,
/// "Ed25519" pins it. A library that turned cofactored, or let small-order keys pass, would accept records
/// that the rest of the mesh refuses; a node with such a library must not start.</summary>
public static class Ed25519SelfTest
{
    private const string Resource = "ed25519.txt";

    /// <summary>Verifies the vectors of <c>specs/vectors/ed25519.txt</c>, which is built in. Takes about 3
    /// ms.</summary>
    /// <returns>Null where all agree; else what to print before the process ends.</returns>
    public static string? Run() => Run(Read());

    internal static string? Run(string vectors)
    {
        int checkedCount = 0;
        foreach (string block in vectors.ReplaceLineEndings("\n").Split("\n\n"))
        {
            Dictionary<string, string> fields = ReadFields(block);
            if (fields.Count == 0)
            {
                continue;
            }

            bool expected = fields["expect"] == "success";
            PublicKey key = new(Convert.FromHexString(fields["public"]));
            bool verified = key.Verify(
                Convert.FromHexString(fields["message"]), Convert.FromHexString(fields["signature"]));
            if (verified != expected)
            {
                string does = verified ? "accepts" : "refuses";
                return $"the Ed25519 library {does} what it must not: {fields["comment"]}";
            }

            checkedCount++;
        }

        return checkedCount > 0 ? null : "no Ed25519 vectors are built in";
    }

    private static Dictionary<string, string> ReadFields(string block)
    {
        Dictionary<string, string> fields = [];
        foreach (string line in block.Split('\n'))
        {
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon > 0 && line[0] != '#')
            {
                fields.Add(line[..colon], line[(colon + 2)..]);
            }
        }

        return fields;
    }

    private static string Read()
    {
        using Stream? stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource);
        using StreamReader reader = new(stream ?? Stream.Null);
        return reader.ReadToEnd();
    }
}
