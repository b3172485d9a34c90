using System.CommandLine;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>keys list</c>; what changes an identity comes later.</summary>
internal static class KeysCommand
{
    public static Command Build()
    {
        Command command = new("keys", T("the keys of this node"))
        {
            new Command("list", T("list the keys, and which lie on this machine")).Does(
                ListAsync, "incidentmesh keys list --json"),
        };
        foreach (string name in new[] { "new", "delegate", "rotate", "revoke", "recover" })
        {
            Command later = new(name) { Hidden = true, TreatUnmatchedTokensAsErrors = false };
            command.Subcommands.Add(later.Does((_, _, _) => throw ApiException.Later($"keys {name}")));
        }

        return command.Does(ListAsync, "incidentmesh keys");
    }

    private static async Task<int> ListAsync(Session session, ParseResult parse, CancellationToken stop)
    {
        await using INodeApi node = await session.ConnectAsync(stop);
        KeyListView view = await node.KeysAsync(stop);
        if (session.Json || session.JsonLines)
        {
            session.Print(view, ApiJson.Default.KeyListView);
            return ExitCode.Done;
        }

        session.Fact(T("identity"), view.Identity);
        string[][] rows = [.. view.Items.Select(k => new[]
        {
            k.Kind, k.Here ? k.Sealed ? T("here, sealed") : T("here, open")
                : T("elsewhere"), k.Public ?? "-", Known(k.State),
        })];
        session.Terminal.Table(session.Out, [T("KEY"), T("WHERE"), T("PUBLIC"), T("USE")], rows);
        return ExitCode.Done;
    }
}
