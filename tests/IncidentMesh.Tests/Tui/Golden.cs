using System.Text;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>Screens as text files: what is drawn must be what the file says. <c>INCIDENTMESH_ACCEPT=1</c>
/// writes the files anew; a person looks at the difference before it is committed.</summary>
internal static class Golden
{
    private static string Folder => Path.Combine(Repo.Root, "tests", "IncidentMesh.Tests", "Tui", "Golden");

    /// <summary>Compares a screen with <c>Golden/NAME.txt</c>.</summary>
    public static void Check(string name, string screen)
    {
        string path = Path.Combine(Folder, name + ".txt");
        if (Environment.GetEnvironmentVariable("INCIDENTMESH_ACCEPT") is "1")
        {
            File.WriteAllText(path, screen + "\n");
            return;
        }

        Assert.True(File.Exists(path), $"no golden screen {name}; INCIDENTMESH_ACCEPT=1 takes\n{screen}");
        string expected = File.ReadAllText(path).ReplaceLineEndings("\n").TrimEnd('\n');
        Assert.True(expected == screen.TrimEnd('\n'), Difference(name, expected, screen));
    }

    private static string Difference(string name, string expected, string screen)
    {
        string[] was = expected.Split('\n');
        string[] now = screen.Split('\n');
        var text = new StringBuilder($"{name} differs (- golden, + drawn); INCIDENTMESH_ACCEPT=1 takes it\n");
        for (int i = 0; i < Math.Max(was.Length, now.Length); i++)
        {
            string a = i < was.Length ? was[i] : "";
            string b = i < now.Length ? now[i] : "";
            text.Append(a == b ? "" : $"{i + 1,3} - {a}\n{i + 1,3} + {b}\n");
        }

        return text.ToString();
    }
}
