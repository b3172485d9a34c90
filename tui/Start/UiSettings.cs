using System.Globalization;
using Tomlyn;
using Tomlyn.Model;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Start;

/// <summary>The node's settings file, as far as the terminal UI has a say in it
/// (<c>specs/command-line.md</c>, "Settings"). The environment wins over the file, flags over both.</summary>
internal static class UiSettings
{
    private static readonly (string Key, string Variable)[] Keys =
    [
        ("client.plain", "INCIDENTMESH_PLAIN"), ("ui.lang", "INCIDENTMESH_UI_LANG"),
        ("ui.ascii", "INCIDENTMESH_ASCII"), ("ui.mouse", "INCIDENTMESH_UI_MOUSE"),
        ("ui.bidi", "INCIDENTMESH_UI_BIDI"), ("ui.undo", "INCIDENTMESH_UI_UNDO"),
    ];

    private static string PathHint => T("incidentmesh config path names the file");

    /// <summary>Where the file lies: <c>INCIDENTMESH_CONFIG</c>, else in the home, else in the folder of the
    /// operating system for settings (<c>specs/storage.md</c>, section 1).</summary>
    /// <param name="home">Value of <c>--home</c>, or null.</param>
    /// <param name="environment">Reads a variable.</param>
    public static string PathOf(string? home, Func<string, string?> environment)
    {
        string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;
        string? folder = home ?? Variable("INCIDENTMESH_HOME");
        string settings = OperatingSystem.IsWindows() ? Variable("APPDATA") ?? "."
            : Variable("XDG_CONFIG_HOME") ?? Path.Combine(Variable("HOME") ?? "/", ".config");
        return Variable("INCIDENTMESH_CONFIG")
            ?? Path.Combine(folder ?? Path.Combine(settings, "incidentmesh"), "config.toml");
    }

    /// <summary>The environment with the values of the file where it has none.</summary>
    /// <param name="path">The file; it need not be there.</param>
    /// <param name="environment">Reads a variable.</param>
    /// <exception cref="UsageException">It is no TOML.</exception>
    public static Func<string, string?> Over(string path, Func<string, string?> environment)
    {
        // Most people have none, and reading TOML costs time at each start.
        if (!File.Exists(path))
        {
            return environment;
        }

        TomlTable table = Read(path);
        var values = new Dictionary<string, string>();
        foreach ((string key, string variable) in Keys)
        {
            string[] parts = key.Split('.');
            if (table.TryGetValue(parts[0], out object? of) && of is TomlTable inner
                && inner.TryGetValue(parts[1], out object? value) && value is not null)
            {
                values[variable] = value is bool on ? (on ? "true" : "false")
                    : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            }
        }

        return name => environment(name) is { Length: > 0 } value ? value : values.GetValueOrDefault(name);
    }

    private static TomlTable Read(string path)
    {
        try
        {
            return TomlSerializer.Deserialize<TomlTable>(File.ReadAllText(path)) ?? [];
        }
        catch (TomlException e)
        {
            throw new UsageException(T($"{path} is no TOML: {e.Message}"), PathHint);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(T($"cannot read {path}"), PathHint);
        }
    }
}
