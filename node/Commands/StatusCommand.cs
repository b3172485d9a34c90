using System.CommandLine;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>status</c>.</summary>
internal static class StatusCommand
{
    public static Command Build()
    {
        Option<bool> watch = Cli.Flag("--watch", T("print again every second until ctrl-c"));
        Command command = new("status", T("the node at a glance")) { watch };
        return command.Does(
            async (session, parse, stop) =>
            {
                await using INodeApi node = await session.ConnectAsync(stop);
                do
                {
                    Print(session, await node.StatusAsync(stop), node.Running);
                    if (parse.GetValue(watch))
                    {
                        await Task.Delay(TimeSpan.FromSeconds(1), stop);
                    }
                }
                while (parse.GetValue(watch));
                return ExitCode.Done;
            },
            "incidentmesh status",
            "incidentmesh status --json");
    }

    private static void Print(Session session, StatusView status, bool running)
    {
        if (session.Json || session.JsonLines)
        {
            session.Print(status, ApiJson.Default.StatusView);
            return;
        }

        string state = running ? T("running") : T("not running (the folder was opened)");
        session.Out.WriteLine(session.Terminal.Bold(SafeText.Show(status.Name))
            + $"  {state}  {T($"version {status.Version}")}");
        void Fact(string label, string value) => session.Fact(label, value, column: 11);
        Fact(T("identity"), status.Identity);
        Fact(T("peer id"), status.PeerId);
        foreach (string address in status.Addresses)
        {
            Fact(T("address"), address);
        }

        string synced = status.SyncedSecondsAgo is { } ago ? ", " + T($"synced {ago:0} s ago") : "";
        Fact(T("peers"), $"{status.Peers}{synced}");
        string[] names = [.. status.ByType.Keys];
        Array.Sort(names, (a, b) => status.ByType[b].CompareTo(status.ByType[a]));
        string types = string.Join(", ", names.Select(name => $"{status.ByType[name]:N0} {name}"));
        Fact(T("records"), $"{status.Records:N0}{(types.Length > 0 ? $" ({SafeText.Show(types)})" : "")}");
        Fact(T("clusters"), $"{status.Clusters:N0}");
        Fact(T("model"), $"{status.Device ?? T("none")} {status.Provider} {status.Graph?[..6]}".TrimEnd());
        if (status.ModelNote is not null)
        {
            Fact("", SafeText.Show(Known(status.ModelNote)));
        }

        Fact(T("waiting"), T($"{status.EmbedBacklog:N0} to embed, {status.Pending:N0} for an identity"));
        Fact(T("quarantine"), $"{status.Quarantine:N0}");
        if (status.Held > 0)
        {
            Fact(T("held"), Plural(status.Held, $"{status.Held} report of an anonymous source",
                $"{status.Held} reports of anonymous sources"));
        }

        Fact(T("digest"), T($"records {status.RecordDigest[..16]}  clusters {status.ClusterDigest[..16]}"));
        Fact(T("home"), status.Home);
        foreach (string warning in status.Warnings)
        {
            session.Err.WriteLine($"warning: {SafeText.Show(Known(warning))}");
        }
    }
}
