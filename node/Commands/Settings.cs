using System.Globalization;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using Tomlyn.Parsing;
using Tomlyn.Syntax;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>What the value of a setting is.</summary>
internal enum SettingKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Switch,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>Texts; in the environment with commas.</summary>
    List,
}

/// <summary>One setting.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Variable">The environment variable that wins over the file.</param>
/// <param name="Flag">The flag that wins over both, or null.</param>
/// <param name="Default">What holds without any, in words.</param>
/// <param name="Help">What it does.</param>
/// <param name="Words">The only values that it takes; none: any.</param>
internal sealed record Setting(
    string Key, SettingKind Kind, string Variable, string? Flag, string Default, string Help,
    params string[] Words);

/// <summary>The settings file (<c>specs/command-line.md</c>, "Settings"): flag over environment over file
/// over default. Values of the file are put where the environment has none, so that everybody asks in one
/// place.</summary>
internal static class Settings
{
    /// <summary>All settings.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("client.node", SettingKind.Text, "INCIDENTMESH_NODE", "--node", "the folder's socket",
            "socket or URL of the node to talk to"),
        new("client.plain", SettingKind.Switch, "INCIDENTMESH_PLAIN", "--plain", "false",
            "no bars, no columns: for screen readers"),
        new("client.token-file", SettingKind.Text, "INCIDENTMESH_TOKEN_FILE", null, "api.token",
            "file that holds the token of a node on loopback"),
        new("passphrase.file", SettingKind.Text, "INCIDENTMESH_PASSPHRASE_FILE", "--passphrase-file", "none",
            "file that holds the passphrase of the keys"),
        new("passphrase.command", SettingKind.Text, "INCIDENTMESH_PASSPHRASE_COMMAND", null, "none",
            "shell command that prints it"),
        new("run.listen", SettingKind.List, "INCIDENTMESH_LISTEN", "--listen", "/ip4/0.0.0.0/tcp/4711",
            "addresses that the node listens on"),
        new("run.peers", SettingKind.List, "INCIDENTMESH_PEERS", "--peer", "none",
            "peers to connect to, with /p2p/ID"),
        new("run.metrics", SettingKind.Text, "INCIDENTMESH_METRICS", "--metrics", "none",
            "127.0.0.1:PORT for /metrics and /healthz"),
        new("run.log", SettingKind.Text, "INCIDENTMESH_LOG", "--log", "text", "text or json",
            "text", "json"),
        new("embed.model", SettingKind.Text, "INCIDENTMESH_MODEL", null, "the one that ships",
            "folder of another model of the same form"),
        new("embed.provider", SettingKind.Text, "INCIDENTMESH_PROVIDER", null, "auto",
            "auto, cpu, cuda, directml or plugin", "auto", "cpu", "cuda", "directml", "plugin"),
        new("embed.library", SettingKind.Text, "INCIDENTMESH_PROVIDER_LIBRARY", null, "none",
            "library of a plug-in execution provider"),
        new(LanguageKey, SettingKind.Text, "INCIDENTMESH_UI_LANG", "--ui-lang", "the system's",
            "language of the texts: en, de, fr or es"),
        new("ui.ascii", SettingKind.Switch, "INCIDENTMESH_ASCII", null, "false",
            "no characters beyond ASCII in the terminal UI's own texts"),
        new("ui.mouse", SettingKind.Switch, "INCIDENTMESH_UI_MOUSE", null, "true", "the terminal UI's mouse"),
        new("ui.bidi", SettingKind.Text, "INCIDENTMESH_UI_BIDI", null, "auto", "terminal, app or auto",
            "terminal", "app", "auto"),
        new("ui.undo", SettingKind.Number, "INCIDENTMESH_UI_UNDO", null, "10",
            "seconds for which a send can be taken back"),
    ];

    private const string LanguageKey = "ui.lang";

    private static readonly Dictionary<string, string> FromFile = [];

    /// <summary>Puts the values of the file, and of no file before it, where the environment has
    /// none.</summary>
    /// <exception cref="ApiException">It is no TOML, or has an unknown key or a wrong value (2).</exception>
    public static void Apply(string file)
    {
        FromFile.Clear();
        Applied.Clear();
        if (!File.Exists(file))
        {
            return;
        }

        foreach ((string key, string value) in Read(file))
        {
            FromFile[key] = value;
            Setting setting = Find(key);
            bool off = setting is { Kind: SettingKind.Switch, Default: "false" } && value == "false";
            if (Session.Variable(setting.Variable) is null && !off)
            {
                Environment.SetEnvironmentVariable(setting.Variable, value);
                Applied.Add(key);
            }
        }
    }

    /// <summary>Refuses a language that has no texts, whoever asks for it.</summary>
    /// <exception cref="ApiException">There are none (2).</exception>
    public static void CheckLanguage()
    {
        if (Session.Variable(Find(LanguageKey).Variable) is { } asked && !Protocol.Api.Texts.Has(asked))
        {
            throw ApiException.Usage(T($"no texts in \"{asked}\""), T("en, de, fr or es"));
        }
    }

    /// <summary>The language that flag, environment or file ask for, or null. It is needed before the
    /// arguments are understood, as their help is in it; a file that is wrong is reported later, by
    /// <see cref="Apply"/>.</summary>
    /// <param name="args">The arguments, for <c>--ui-lang</c>, <c>--home</c> and
    /// <c>--config</c>.</param>
    public static string? LanguageOf(IReadOnlyList<string> args)
    {
        string? Flag(string name) => args.FirstOrDefault(
            a => a.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..]
            ?? args.SkipWhile(a => a != name).ElementAtOrDefault(1);
        if (Flag(Find(LanguageKey).Flag!) is { } given)
        {
            // The terminal UI, where it is started, reads it there.
            Environment.SetEnvironmentVariable(Find(LanguageKey).Variable, given);
        }

        if (Session.Variable(Find(LanguageKey).Variable) is { } variable)
        {
            return variable;
        }

        try
        {
            string file = DataFolder.Resolve(Flag("--home"), Flag("--config")).ConfigFile;
            return File.Exists(file) ? Read(file).FirstOrDefault(v => v.Key == LanguageKey).Value : null;
        }
        catch (Exception e) when (e is ApiException or IOException or UnauthorizedAccessException
            or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Keys whose value comes from the file.</summary>
    public static HashSet<string> Applied { get; } = [];

    /// <summary>The setting of a key.</summary>
    /// <exception cref="ApiException">There is none (2).</exception>
    public static Setting Find(string key)
    {
        if (All.FirstOrDefault(s => s.Key == key) is { } setting)
        {
            return setting;
        }

        string? near = Protocol.Api.QuerySuggestion.Nearest(key, All.Select(s => s.Key));
        throw ApiException.Usage(
            T($"unknown setting \"{key}\""),
            near is null ? T("incidentmesh config list shows all") : T($"did you mean {near}?"));
    }

    /// <summary>The value that holds, and what won: <c>environment</c>, <c>file</c> or
    /// <c>default</c>.</summary>
    public static (string Value, string From) ValueOf(Setting setting) =>
        Applied.Contains(setting.Key)
            || (FromFile.ContainsKey(setting.Key) && Session.Variable(setting.Variable) is null)
            ? (FromFile[setting.Key], "file")
            : Session.Variable(setting.Variable) is { } value ? (value, "environment")
            : (Known(setting.Default), "default");

    /// <summary>The text of the file with a value set: comments and all else stay.</summary>
    public static string With(string text, Setting setting, string value)
    {
        string written = Written(setting, value);
        (string table, string name) = Parts(setting.Key);
        foreach ((string key, KeyValueSyntax pair) in Pairs(Parse(text, T("the settings file"))))
        {
            if (key == setting.Key)
            {
                SourceSpan span = pair.Value!.Span;
                return text[..span.Start.Offset] + written + text[(span.End.Offset + 1)..];
            }
        }

        List<string> lines = [.. text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')];
        int at = lines.FindIndex(l => l.Split('#')[0].Trim() == $"[{table}]");
        if (at < 0)
        {
            lines.AddRange(lines is [""] ? [] : [""]);
            lines.Add($"[{table}]");
            at = lines.Count - 1;
        }

        lines.Insert(at + 1, $"{name} = {written}");
        return string.Join('\n', lines).TrimStart('\n') + "\n";
    }

    private static IEnumerable<(string Key, string Value)> Read(string file)
    {
        foreach ((string key, KeyValueSyntax pair) in Pairs(Parse(File.ReadAllText(file), file)))
        {
            string value = pair.Value switch
            {
                StringValueSyntax text => text.Value ?? "",
                BooleanValueSyntax flag => flag.Value ? "true" : "false",
                IntegerValueSyntax number => number.Value.ToString(CultureInfo.InvariantCulture),
                ArraySyntax list => string.Join(
                    ',', list.Items.Select(i => (i.Value as StringValueSyntax)?.Value ?? "")),
                _ => "",
            };
            try
            {
                Written(Find(key), value);
            }
            catch (ApiException e)
            {
                throw ApiException.Usage($"{file}: {e.Message}", e.Error.Hint);
            }

            yield return (key, value);
        }
    }

    private static DocumentSyntax Parse(string text, string name)
    {
        DocumentSyntax document = SyntaxParser.Parse(text, name, true);
        return document.HasErrors
            ? throw ApiException.Usage(
                T($"{name} is no TOML: {document.Diagnostics[0].Message}"),
                T($"line {document.Diagnostics[0].Span.Start.Line + 1}"))
            : document;
    }

    private static IEnumerable<(string Key, KeyValueSyntax Pair)> Pairs(DocumentSyntax document)
    {
        foreach (KeyValueSyntax pair in document.KeyValues)
        {
            yield return (Name(pair.Key), pair);
        }

        foreach (TableSyntaxBase table in document.Tables)
        {
            foreach (KeyValueSyntax pair in table.Items)
            {
                yield return ($"{Name(table.Name)}.{Name(pair.Key)}", pair);
            }
        }
    }

    private static string Name(KeySyntax? key) =>
        key?.ToString().Trim().Replace("\"", "", StringComparison.Ordinal) ?? "";

    // As TOML; refuses what is no value of the setting.
    private static string Written(Setting setting, string value) => setting.Kind switch
    {
        SettingKind.Switch => value is "true" or "false" ? value
            : throw ApiException.Usage(T($"{setting.Key} is true or false, not \"{value}\"")),
        SettingKind.Number => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? value : throw ApiException.Usage(T($"{setting.Key} is a whole number, not \"{value}\"")),
        SettingKind.Text when setting.Key == LanguageKey && !Protocol.Api.Texts.Has(value) =>
            throw ApiException.Usage(T($"{LanguageKey}: no texts in \"{value}\""), T("en, de, fr or es")),
        SettingKind.List => "[" + string.Join(", ", value.Split(',').Select(Quoted)) + "]",
        _ => setting.Words.Length == 0 || setting.Words.Contains(value) ? Quoted(value)
            : throw ApiException.Usage($"{setting.Key} is {setting.Help}, not \"{value}\""),
    };

    private static string Quoted(string text) =>
        System.Text.Json.JsonSerializer.Serialize(text, Protocol.Api.ApiJson.Default.String);

    private static (string Table, string Name) Parts(string key) =>
        (key.Split('.')[0], key.Split('.', 2)[1]);
}
