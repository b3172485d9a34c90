using System.CommandLine;
using System.Globalization;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Commands;

/// <summary><c>trust list|add|remove|deny|name|follow|unfollow</c>.</summary>
internal static class TrustCommand
{
    public static Command Build()
    {
        Command command = new("trust", "whose records this node takes")
        {
            Change("add", "trust an author: stored, relayed, reconciled", takesName: true),
            Change("remove", "back to unknown", takesName: false),
            Change("deny", "neither stored nor relayed", takesName: false),
            Change("name", "your own name for an author", takesName: true),
            Change("follow", "take whom this author's trust list names", takesName: false),
            Change("unfollow", "no longer", takesName: false),
            new Command("list", "list the authors").Does(ListAsync, "incidentmesh trust list --json"),
        };
        return command.Does(ListAsync, "incidentmesh trust", "incidentmesh trust add bafyrei… bnetza");
    }

    private static async Task<int> ListAsync(Session session, ParseResult parse, CancellationToken stop)
    {
        await using INodeApi node = await session.ConnectAsync(stop);
        Print(session, await node.TrustAsync(null, stop));
        return ExitCode.Done;
    }

    private static Command Change(string action, string help, bool takesName)
    {
        Argument<string> author =
            new("author") { Description = "id of the author, a prefix of it, or your name for them" };
        Argument<string?> name = new("name")
        {
            Description = "your own name for them",
            Arity = action == "name" ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
        };
        Command command = new(action, help) { author };
        if (takesName)
        {
            command.Arguments.Add(name);
        }

        return command.Does(
            async (session, parse, stop) =>
            {
                await using INodeApi node = await session.ConnectAsync(stop);
                string? called = takesName ? parse.GetValue(name) : null;
                Print(session,
                    await node.TrustAsync(new TrustRequest(action, parse.GetValue(author)!, called), stop));
                return ExitCode.Done;
            },
            $"incidentmesh trust {action} bafyrei…{(takesName ? " bnetza" : "")}");
    }

    private static void Print(Session session, TrustListView view)
    {
        if (session.Json || session.JsonLines)
        {
            session.Print(view, ApiJson.Default.TrustListView);
            return;
        }

        string[][] rows = [.. view.Items.Select(t => new[]
        {
            ReportRows.Author(t.Author),
            t.Author.Standing,
            t.VouchedBy ?? "-",
            t.Reports.ToString("N0", CultureInfo.InvariantCulture),
            t.Missing.ToString("N0", CultureInfo.InvariantCulture),
            t.Author.Id + (t.Author.CallsItself is null ? "" : $"  \"{t.Author.CallsItself}\""),
        })];
        session.Terminal.Table(session.Out, ["AUTHOR", "STANDING", "VOUCHED", "REPORTS", "GAPS", "ID"], rows);
        if (view.Follows.Count > 0)
        {
            session.Out.WriteLine("lists you follow: " + string.Join(", ", view.Follows));
        }
    }
}
