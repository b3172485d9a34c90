using System.CommandLine;
using System.Text.Json;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>search [QUERY]</c>.</summary>
internal static class SearchCommand
{
    public static Command Build()
    {
        Argument<string[]> query =
            new("query") { Description = T("words, phrases and field:value (MQL); none for all") };
        Option<int> limit =
            new("--limit") { Description = T("how many (20)"), DefaultValueFactory = _ => 20 };
        Option<string?> cursor = Cli.Text("--cursor", "C", T("go on where the page before ended"));
        Option<string?> sort = Cli.Text(
            "--sort", "ORDER", T("relevance, new, received, severity or sources"));
        Option<string[]> facets = Cli.List("--facets", "F,..", T("count the values of these fields"));
        Option<bool> count = Cli.Flag("--count", T("print the number alone"));
        Option<string?> save = Cli.Text("--save", "NAME", T("keep the query: saved:NAME finds it again"));
        Command command = new("search", T("find reports, by words and by meaning, in any language"))
        {
            query, limit, cursor, sort, facets, count, save,
        };
        return command.Does(
            async (session, parse, stop) =>
            {
                SearchRequest request = new(
                    string.Join(' ', parse.GetValue(query) ?? []),
                    parse.GetValue(count) ? 0 : parse.GetValue(limit),
                    parse.GetValue(cursor),
                    parse.GetValue(sort),
                    parse.GetValue(facets) is { Length: > 0 } fields ? fields : null);
                if (request.Limit is < 0 or > ApiLimits.PageItems)
                {
                    throw ApiException.Usage(T($"--limit takes a number from 0 to {ApiLimits.PageItems:N0}"));
                }

                await using INodeApi node = await session.ConnectAsync(stop);
                SearchView found = await node.SearchAsync(request, stop);
                if (parse.GetValue(save) is { } name)
                {
                    await SaveAsync(session, node, name, request.Query, stop);
                }

                Print(session, found, parse.GetValue(count));
                return ExitCode.Done;
            },
            "incidentmesh search wrongful arrest by facial recognition",
            "incidentmesh search 'type:incident country:DE severity>=serious \"facial recognition\"'",
            "incidentmesh search lang:fr --json",
            "incidentmesh search country:DE is:unread --save=germany");
    }

    private static async Task SaveAsync(
        Session session, INodeApi node, string name, string query, CancellationToken stop)
    {
        SavedListView known = await node.SearchesAsync(null, stop);
        bool alert = known.Items.Any(s => s.Name == name && s.Alert);
        await AlertCommand.SaveAsync(session, node, new SavedRequest("save", name, query, alert), stop);
        if (!session.Quiet)
        {
            session.Err.WriteLine(T($"saved: incidentmesh search saved:{name} finds it again"));
        }
    }

    private static void Print(Session session, SearchView found, bool count)
    {
        if (session.Json)
        {
            session.Print(found, ApiJson.Default.SearchView);
        }
        else if (session.JsonLines)
        {
            foreach (ReportItem item in found.Items)
            {
                session.Out.WriteLine(JsonSerializer.Serialize(item, ApiJson.Default.ReportItem));
            }
        }
        else if (count)
        {
            session.Out.WriteLine(found.Total);
        }
        else if (session.Quiet)
        {
            foreach (ReportItem item in found.Items)
            {
                session.Out.WriteLine(item.Id);
            }
        }
        else
        {
            PrintRows(session, found);
        }
    }

    private static void PrintRows(Session session, SearchView found)
    {
        if (found.Total == 0)
        {
            session.Err.WriteLine(T("nothing found"));
            return;
        }

        session.Terminal.Table(session.Out, ReportRows.Heads, [.. found.Items.Select(ReportRows.Of)]);
        foreach ((string field, IReadOnlyDictionary<string, int> values) in found.Facets)
        {
            session.Out.WriteLine();
            session.Out.WriteLine(session.Terminal.Bold(field));
            foreach ((string value, int number) in values.OrderByDescending(v => v.Value).Take(10))
            {
                session.Out.WriteLine($"  {SafeText.Show(value),-20} {number,6:N0}");
            }
        }

        string meaning = found.Semantic ? "" : ", " + T("by words alone: the model is not ready");
        session.Err.WriteLine(
            T($"{found.Items.Count:N0} of {found.Total:N0} in {found.Milliseconds:N0} ms") + meaning);
        if (found.Cursor is not null)
        {
            session.Err.WriteLine("hint: " + T($"--cursor={found.Cursor} shows the next"));
        }
    }
}
