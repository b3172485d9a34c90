using System.CommandLine;
using System.Globalization;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Commands;

/// <summary><c>cluster ID</c>, <c>cluster list [QUERY]</c>.</summary>
internal static class ClusterCommand
{
    public static Command Build()
    {
        Argument<string> id = new("id") { Description = "a report, or list for all clusters" };
        Argument<string[]> query = new("query") { Description = "of list: those of what it finds (MQL)" };
        Option<int> limit = new("--limit") { Description = "how many (20)", DefaultValueFactory = _ => 20 };
        Command command = new("cluster", "show which reports tell of the same event, and why")
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
        session.Terminal.Table(session.Out, ["ID", "REPORTS", "SOURCES", "LG", "TITLE"], rows);
        session.Err.WriteLine($"{view.Items.Count:N0} of {view.Total:N0} clusters");
    }

    private static void Print(Session session, ClusterView view)
    {
        string about = view.Countries.Count == 0 ? "" : ", about " + string.Join(" ", view.Countries);
        session.Out.WriteLine(
            CorroborationText.Line(view.Reports, view.Independent, view.Corroboration) + about);
        string[][] rows = [.. view.Members.Select(m => new[]
        {
            m.Probability is { } p ? $"{p.ToString(".00", CultureInfo.InvariantCulture)} {m.Label}" : m.Label,
            m.InCluster ? "" : "no",
            m.Report.Short,
            ReportRows.Author(m.Report.Author),
            m.Report.Lang ?? "",
            m.Reasons.Count == 0 ? m.Report.Title : $"{m.Report.Title}  ({string.Join("; ", m.Reasons)})",
        })];
        session.Terminal.Table(session.Out, ["LIKELY", "IN", "REPORT", "FROM", "LG", "TITLE AND WHY"], rows);
        foreach (ClaimView claim in view.Claims)
        {
            string reason = SafeText.Show(claim.Reason ?? "");
            string who = ReportRows.Author(claim.Author);
            session.Out.WriteLine(
                $"people say: {claim.Kind} {Cut(claim.From)} {Cut(claim.To)} {who} {reason}".TrimEnd());
        }

        foreach (string line in CorroborationText.Why(view.Corroboration))
        {
            session.Out.WriteLine(line);
        }

        session.Out.WriteLine(view.Graph is null ? "machine: no model"
            : $"machine: graph {view.Graph}, calibrated");
    }

    private static string Cut(string cid) => cid.Length > 15 ? cid.Substring(7, 8) : cid;
}
