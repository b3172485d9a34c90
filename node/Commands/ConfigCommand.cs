using System.CommandLine;
using System.CommandLine.Parsing;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>config list|get K|set K V|path</c>.</summary>
internal static class ConfigCommand
{
    public static Command Build()
    {
        Argument<string> key = new("key") { Description = T("a setting, as list names it") };
        Argument<string> value = new("value") { Description = T("its value; lists with commas") };
        Command command = new("config", T("settings: flag over environment over file over default"))
        {
            new Command("list", T("all settings, their values and what won")).Does(
                List, "incidentmesh config list --json"),
            new Command("get", T("the value of one setting")) { key }.Does(
                (session, parse, _) =>
                {
                    ConfigItem item = Item(Settings.Find(parse.GetValue(key)!));
                    if (!PrintJson(session, [item]))
                    {
                        session.Out.WriteLine(item.Value);
                    }

                    return Task.FromResult(ExitCode.Done);
                },
                "incidentmesh config get run.listen"),
            new Command("set", T("write one setting into the file; comments stay")) { key, value }.Does(
                (session, parse, _) => Task.FromResult(
                    Set(session, parse.GetValue(key)!, parse.GetValue(value)!)),
                "incidentmesh config set run.listen /ip4/0.0.0.0/tcp/4712"),
            new Command("path", T("where the settings file is")).Does(
                (session, _, _) =>
                {
                    if (!PrintJson(session, []))
                    {
                        session.Out.WriteLine(session.Folder.ConfigFile);
                    }

                    return Task.FromResult(ExitCode.Done);
                },
                "incidentmesh config path"),
        };
        return command.Does(List, "incidentmesh config", "incidentmesh config set run.log json");
    }

    /// <summary>Whether this finds or mends the file: what is wrong in it does not keep it from
    /// that.</summary>
    public static bool Mends(ParseResult parse) => parse.CommandResult is
    {
        Command.Name: "set" or "path", Parent: CommandResult { Command.Name: "config" },
    };

    private static ConfigItem Item(Setting setting)
    {
        (string value, string from) = Settings.ValueOf(setting);
        return new ConfigItem(setting.Key, value, from, setting.Variable, setting.Flag, setting.Help);
    }

    private static bool PrintJson(Session session, IReadOnlyList<ConfigItem> items)
    {
        bool asked = session.Json || session.JsonLines;
        if (asked)
        {
            session.Print(
                new ConfigView(ApiSchema.Name, session.Folder.ConfigFile, items), ApiJson.Default.ConfigView);
        }

        return asked;
    }

    private static Task<int> List(Session session, ParseResult parse, CancellationToken stop)
    {
        ConfigItem[] items = [.. Settings.All.Select(Item)];
        if (!PrintJson(session, items))
        {
            session.Terminal.Table(
                session.Out, [T("SETTING"), T("FROM"), T("VALUE")],
                [.. items.Select(i => new[] { i.Key, i.From, i.Value })]);
        }

        return Task.FromResult(ExitCode.Done);
    }

    private static int Set(Session session, string key, string value)
    {
        Setting setting = Settings.Find(key);
        string file = session.Folder.ConfigFile;
        string text = File.Exists(file) ? File.ReadAllText(file) : "";
        string changed = Settings.With(text, setting, value);
        Store.Files.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(file))!);
        Store.Files.WriteAtomic(file, System.Text.Encoding.UTF8.GetBytes(changed));
        if (!session.Quiet)
        {
            session.Out.WriteLine($"set  {key} = {value}");
        }

        (string _, string from) = Settings.ValueOf(setting);
        if (from == "environment")
        {
            session.Err.WriteLine("warning: " + T($"{setting.Variable} is set and wins"));
        }

        return ExitCode.Done;
    }
}
