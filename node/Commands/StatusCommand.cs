using System.CommandLine;
using System.Globalization;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Commands;

/// <summary><c>status</c>.</summary>
internal static class StatusCommand
{
    public static Command Build()
    {
        Option<bool> watch = Cli.Flag("--watch", "print again every second until ctrl-c");
        Command command = new("status", "the node at a glance") { watch };
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

        TextWriter print = session.Out;
        string state = running ? "running" : "not running (the folder was opened)";
        print.WriteLine(
            $"{session.Terminal.Bold(SafeText.Show(status.Name))}  {state}  version {status.Version}");
        print.WriteLine($"identity   {status.Identity}");
        print.WriteLine($"peer id    {status.PeerId}");
        foreach (string address in status.Addresses)
        {
            print.WriteLine($"address    {address}");
        }

        string synced = status.SyncedSecondsAgo is { } ago
            ? $", synced {ago.ToString("0", CultureInfo.InvariantCulture)} s ago" : "";
        print.WriteLine($"peers      {status.Peers}{synced}");
        string types =
            string.Join(
            ", ", status.ByType.OrderByDescending(t => t.Value).Select(t => $"{t.Value:N0} {t.Key}"));
        print.WriteLine(
            $"records    {status.Records:N0}{(types.Length > 0 ? $" ({SafeText.Show(types)})" : "")}");
        print.WriteLine($"clusters   {status.Clusters:N0}");
        print.WriteLine(
            $"model      {status.Device ?? "none"} {status.Provider} {status.Graph?[..6]}".TrimEnd());
        if (status.ModelNote is not null)
        {
            print.WriteLine($"           {SafeText.Show(status.ModelNote)}");
        }

        print.WriteLine($"waiting    {status.EmbedBacklog:N0} to embed, {status.Pending:N0} for an identity");
        print.WriteLine($"quarantine {status.Quarantine:N0}");
        print.WriteLine(
            $"digest     records {status.RecordDigest[..16]}  clusters {status.ClusterDigest[..16]}");
        print.WriteLine($"home       {status.Home}");
        foreach (string warning in status.Warnings)
        {
            session.Err.WriteLine($"warning: {SafeText.Show(warning)}");
        }
    }
}
