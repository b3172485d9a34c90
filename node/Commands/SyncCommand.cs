using System.CommandLine;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>sync [PEER] --full</c>.</summary>
internal static class SyncCommand
{
    public static Command Build()
    {
        Argument<string?> peer = new("peer")
        {
            Description = T("peer id or address; none for all that are connected"),
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> full =
            Cli.Flag("--full", T("with a salt, which finds what a forger hid from plain sync"));
        Command command = new("sync", T("reconcile with peers now")) { peer, full };
        return command.Does(
            async (session, parse, stop) =>
            {
                await using INodeApi node = await session.ConnectAsync(stop, mustRun: true);
                PeersCommand.Print(session, await node.SyncAsync(
                    new SyncRequest(parse.GetValue(peer), parse.GetValue(full)), stop));
                return ExitCode.Done;
            },
            "incidentmesh sync",
            "incidentmesh sync 12D3KooW… --full");
    }
}
