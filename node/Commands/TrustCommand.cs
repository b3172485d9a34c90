using System.CommandLine;
using System.Globalization;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>trust list|add|remove|deny|name|follow|unfollow</c>.</summary>
internal static class TrustCommand
{
    public static Command Build()
    {
        Command command = new("trust", T("whose records this node takes"))
        {
            Change("add", T("trust an author: stored, relayed, reconciled"), takesName: true),
            Change("remove", T("back to unknown"), takesName: false),
            Change("deny", T("neither stored nor relayed"), takesName: false),
            Change("name", T("your own name for an author"), takesName: true),
            Change("follow", T("take whom this author's trust list names"), takesName: false),
            Change("unfollow", T("no longer"), takesName: false),
            new Command("list", T("list the authors")).Does(ListAsync, "incidentmesh trust list --json"),
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
            new("author") { Description = T("id of the author, a prefix of it, or your name for them") };
        Argument<string?> name = new("name")
        {
            Description = T("your own name for them"),
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
            t.VouchedBy is null ? "-" : t.VouchedBy == "you" ? T("you") : t.VouchedBy,
            t.Reports.ToString("N0", CultureInfo.InvariantCulture),
            t.Missing.ToString("N0", CultureInfo.InvariantCulture),
            t.Author.Id + (t.Author.CallsItself is null ? "" : $"  \"{t.Author.CallsItself}\""),
        })];
        session.Terminal.Table(session.Out, [T("AUTHOR"), T("STANDING"), T("VOUCHED"), T("RECORDS"),
            T("GAPS"), T("ID")], rows);
        foreach (TrustItem item in view.Items.Where(t => t.Declined is not null))
        {
            session.Err.WriteLine("warning: " + T(
                $"not all of {ReportRows.Author(item.Author)} is taken: {Known(item.Declined!)}"));
            session.Err.WriteLine(
                "hint: " + T($"incidentmesh trust add {item.Author.Id.Substring(7, 8)} takes all"));
        }

        if (view.Follows.Count > 0)
        {
            session.Out.WriteLine(T($"lists you follow: {string.Join(", ", view.Follows)}"));
        }
    }
}
