using System.CommandLine;
using System.Globalization;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>cluster ID</c>, <c>cluster list [QUERY]</c>.</summary>
internal static class ClusterCommand
{
    public static Command Build()
    {
        Argument<string> id = new("id") { Description = T("a report, or list for all clusters") };
        Argument<string[]> query = new("query") { Description = T("of list: those of what it finds (MQL)") };
        Option<int> limit =
            new("--limit") { Description = T("how many (20)"), DefaultValueFactory = _ => 20 };
        Command command = new("cluster", T("show which reports tell of the same event, and why"))
        {
            id, query, limit,
        };
        return command.Does(
            async (session, parse, stop) =>
            {
                string[] words = parse.GetValue(query) ?? [];
                await using INodeApi node = await session.ConnectAsync(stop);
                if (parse.GetValue(id) == "list")
                {
                    List(session, await node.ClustersAsync(
                        string.Join(' ', words), parse.GetValue(limit), stop));
                    return ExitCode.Done;
                }

                if (words.Length > 0)
                {
                    throw ApiException.Usage(
                        $"unknown argument \"{words[0]}\"", "incidentmesh cluster --help");
                }

                ClusterView view = await node.ClusterOfAsync(parse.GetValue(id)!, stop);
                if (session.Json || session.JsonLines)
                {
                    session.Print(view, ApiJson.Default.ClusterView);
                    return ExitCode.Done;
                }

                Print(session, view);
                return ExitCode.Done;
            },
            "incidentmesh cluster 7q3kx2m4",
            "incidentmesh cluster list country:DE --limit=50");
    }

    private static void List(Session session, ClusterListView view)
    {
        if (session.Json || session.JsonLines)
        {
            session.Print(view, ApiJson.Default.ClusterListView);
            return;
        }

        string[][] rows = [.. view.Items.Select(c => new[]
        {
            Cut(c.Id),
            c.Reports.ToString(CultureInfo.InvariantCulture),
            c.Independent.ToString(CultureInfo.InvariantCulture),
            string.Join(',', c.Languages),
            c.Title,
        })];
        session.Terminal.Table(session.Out, [T("ID"), T("REPORTS"), T("SOURCES"), T("LG"), T("TITLE")], rows);
        session.Err.WriteLine(T($"{view.Items.Count:N0} of {view.Total:N0} clusters"));
    }

    private static void Print(Session session, ClusterView view)
    {
        string about = view.Countries.Count == 0 ? "" : ", " + T($"about {string.Join(" ", view.Countries)}");
        session.Out.WriteLine(
            CorroborationText.Line(view.Reports, view.Independent, view.Corroboration) + about);
        string[][] rows = [.. view.Members.Select(m => new[]
        {
            m.Probability is { } p ? $"{p.ToString(".00", CultureInfo.InvariantCulture)} {m.Label}" : m.Label,
            m.InCluster ? "" : "no",
            m.Report.Short,
            ReportRows.Author(m.Report.Author),
            m.Report.Lang ?? "",
            m.Report.Title,
        })];
        session.Terminal.Table(session.Out, [T("LIKELY"), T("IN"), T("REPORT"), T("FROM"), T("LG"),
            T("TITLE")], rows);
        foreach (ClusterMemberView member in view.Members.Where(m => m.Reasons.Count > 0))
        {
            string why = string.Join("; ", member.Reasons.Select(Known));
            session.Out.WriteLine($"{member.Report.Short}  {T("why")}: {SafeText.Show(why)}");
        }

        foreach (ClaimView claim in view.Claims)
        {
            string reason = SafeText.Show(claim.Reason ?? "");
            string who = ReportRows.Author(claim.Author);
            session.Out.WriteLine(
                T($"people say: {claim.Kind} {Cut(claim.From)} {Cut(claim.To)} {who} {reason}").TrimEnd());
        }

        foreach ((string one, string other) in Disagreed(view.Claims))
        {
            session.Out.WriteLine(
                T($"people disagree on {Cut(one)} and {Cut(other)}: the machine decides"));
        }

        foreach (string line in CorroborationText.Why(view.Corroboration))
        {
            session.Out.WriteLine(line);
        }

        session.Out.WriteLine(view.Graph is null ? T("machine: no model")
            : T($"machine: graph {view.Graph}, calibrated"));
    }

    // The last word of each author counts, and the operator's own outweighs all others.
    private static IEnumerable<(string One, string Other)> Disagreed(IEnumerable<ClaimView> claims) =>
        from claim in claims
        group claim by string.CompareOrdinal(claim.From, claim.To) < 0 ? (claim.From, claim.To)
            : (claim.To, claim.From) into pair
        let last = pair.GroupBy(c => c.Author.Id).Select(own => own.MaxBy(c => (c.Created, c.Id))!).ToArray()
        where last.All(c => c.Author.Standing != "own")
            && last.Select(c => c.Kind == "not-same-event").Distinct().Count() > 1
        select pair.Key;

    private static string Cut(string cid) => cid.Length > 15 ? cid.Substring(7, 8) : cid;
}
