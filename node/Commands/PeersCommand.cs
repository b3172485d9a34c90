using System.CommandLine;
using System.Globalization;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>peers list|add|remove|ban|unban</c>.</summary>
internal static class PeersCommand
{
    public static Command Build()
    {
        Command command = new("peers", T("peers and their sync state"))
        {
            Change("add", T("connect to a peer and remember it"), "address",
                "incidentmesh peers add /ip4/192.0.2.7/tcp/4711/p2p/12D3KooW…"),
            Change("remove",
                T("forget a peer and disconnect"), "peer", "incidentmesh peers remove 12D3KooW…"),
            Change("ban", T("never connect to a peer again"), "peer", "incidentmesh peers ban 12D3KooW…"),
            Change("unban", T("let a banned peer connect again"), "peer",
                "incidentmesh peers unban 12D3KooW…"),
            new Command("list", T("list the peers")).Does(ListAsync, "incidentmesh peers list --json"),
        };
        return command.Does(ListAsync, "incidentmesh peers", "incidentmesh peers add ADDRESS");
    }

    private static async Task<int> ListAsync(Session session, ParseResult parse, CancellationToken stop)
    {
        await using INodeApi node = await session.ConnectAsync(stop);
        Print(session, await node.PeersAsync(null, stop));
        return ExitCode.Done;
    }

    private static Command Change(string action, string help, string argument, string example)
    {
        Argument<string> peer = new(argument) { Description = T("multiaddr with /p2p/, or a peer id") };
        Command command = new(action, help) { peer };
        return command.Does(
            async (session, parse, stop) =>
            {
                await using INodeApi node = await session.ConnectAsync(stop, mustRun: action != "remove");
                Print(session, await node.PeersAsync(new PeerRequest(action, parse.GetValue(peer)!), stop));
                if (action == "remove" && !session.Quiet && !session.Json)
                {
                    session.Err.WriteLine("hint: "
                        + T("it may connect again by itself; incidentmesh peers ban PEER keeps it out"));
                }

                return ExitCode.Done;
            },
            example);
    }

    /// <summary>Prints the peers as a table.</summary>
    public static void Print(Session session, PeerListView view)
    {
        if (session.Json || session.JsonLines)
        {
            session.Print(view, ApiJson.Default.PeerListView);
            return;
        }

        if (view.Items.Count == 0)
        {
            session.Err.WriteLine(T("no peers"));
            session.Err.WriteLine("hint: " + T("incidentmesh peers add ADDRESS, or run --peer=ADDRESS"));
            return;
        }

        string[][] rows = [.. view.Items.Select(p => new[]
        {
            p.PeerId.Length > 16 ? p.PeerId[..8] + "…" + p.PeerId[^6..] : p.PeerId,
            p.State,
            p.Direction ?? "",
            p.Received.ToString("N0", CultureInfo.InvariantCulture),
            $"{p.Rounds}/{p.ReconciliationBytes:N0} B",
            p.SyncedSecondsAgo is { } ago ? $"{ago:0} s" : "-",
            p.LagMilliseconds is { } lag ? $"{lag:0.0} ms" : "-",
            string.Join("  ", new[] { p.Address, p.Note }.OfType<string>()),
        })];
        string[] heads = [T("PEER"), T("STATE"), "", T("GOT"), T("ROUNDS"), T("LAST"), T("LAG"),
            T("ADDRESS")];
        session.Terminal.Table(session.Out, heads, rows);
    }
}
