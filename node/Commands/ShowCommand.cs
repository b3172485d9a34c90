using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>show ID..</c>.</summary>
internal static class ShowCommand
{
    public static Command Build()
    {
        Argument<string[]> ids = new("id")
        {
            Description = T("CID, its 8 characters, a prefix of 4 or more, or AIID:14, AVID-…, CVE-…"),
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> body = Cli.Flag("--body", T("the whole body as JSON"));
        Option<bool> history = Cli.Flag("--history", T("all versions"));
        Option<bool> raw = Cli.Flag("--raw", T("envelope and body bytes, base64"));
        Option<string?> lang = Cli.Text("--lang", "TAG", T("a translation, where one is known"));
        Command command =
            new("show",
                T("show a report, who says so, and what was checked")) { ids, body, history, raw, lang };
        return command.Does(
            async (session, parse, stop) =>
            {
                session.RefuseSeveral(parse.GetValue(ids)!.Length);
                await using INodeApi node = await session.ConnectAsync(stop);
                foreach (string id in parse.GetValue(ids)!)
                {
                    ReportView view = await node.ShowAsync(id, parse.GetValue(raw), stop);
                    if (session.Json || session.JsonLines)
                    {
                        session.Print(view, ApiJson.Default.ReportView);
                        continue;
                    }

                    Print(session, view);
                    if (parse.GetValue(lang) is { } tag && tag != view.Report.Lang)
                    {
                        session.Err.WriteLine(
                            "warning: " + T($"no translation into {SafeText.Show(tag)} is known, this is the "
                            + $"original ({SafeText.Show(view.Report.Lang ?? T("language unknown"))})"));
                    }

                    if (parse.GetValue(body) && view.Body is { } json)
                    {
                        session.Out.WriteLine();
                        session.Out.WriteLine(ReadableJson.Of(json));
                    }

                    if (parse.GetValue(history))
                    {
                        PrintHistory(session, view);
                    }

                    if (parse.GetValue(raw))
                    {
                        session.Fact(T("envelope"), view.Envelope ?? "-");
                        session.Fact(T("body"), view.RawBody ?? "-");
                    }
                }

                return ExitCode.Done;
            },
            "incidentmesh show 7q3kx2m4",
            "incidentmesh show AIID:14 --body");
    }

    private static void Print(Session session, ReportView view)
    {
        ReportItem item = view.Report;
        TextWriter print = session.Out;
        print.WriteLine(session.Terminal.Bold(SafeText.Show(item.Title)));
        string severity = ReportRows.Severity(item.Severity).Trim();
        string[] facts = [item.Short, item.Type, "TLP:" + item.Tlp, item.State, severity, .. item.Harm];
        print.WriteLine(string.Join("  ", facts.Where(f => f.Length > 0).Select(f => SafeText.Show(f))));
        string[] where = [item.Occurred ?? "", string.Join(", ", item.Countries), item.Lang ?? ""];
        string place = string.Join("  ", where.Where(f => f.Length > 0).Select(f => SafeText.Show(f)));
        if (place.Length > 0)
        {
            print.WriteLine(place);
        }

        PrintState(session, view);
        PrintMakers(session, view);
        if (view.Description is not null)
        {
            print.WriteLine();
            print.WriteLine(SafeText.Show(view.Description, lines: true));
        }

        print.WriteLine();
        print.WriteLine(T("who says so"));
        string called = item.Author.CallsItself is null ? ""
            : "  " + T($"calls itself \"{SafeText.Show(item.Author.CallsItself)}\"");
        print.WriteLine($"  {SafeText.Show(ReportRows.Author(item.Author))}  {item.Author.Standing}{called}");
        print.WriteLine("  " + T($"signed {Time(item.Created)} (claimed), stored {Time(item.Received)}"));
        foreach (CheckView check in view.Checks)
        {
            print.WriteLine($"  {check.Mark} {check.Name,-10} {SafeText.Show(Known(check.Why))}");
        }

        foreach (AnswerView answer in view.Answers)
        {
            string basis = answer.Basis is null ? "" : $" ({answer.Basis})";
            string reason = answer.Reason is null ? "" : $" \"{SafeText.Show(answer.Reason)}\"";
            print.WriteLine($"  {answer.Verdict}{basis} {ReportRows.Author(answer.Author)}{reason}");
        }

        if (item.Cluster is { } cluster
            && (cluster.Reports > 1 || cluster.Independent > 1 || view.Corroboration?.Disputes.Count > 0))
        {
            print.WriteLine(CorroborationText.Line(cluster.Reports, cluster.Independent, view.Corroboration));
            foreach (string line in CorroborationText.Why(view.Corroboration))
            {
                print.WriteLine(line);
            }

            session.Err.WriteLine("hint: " + T($"incidentmesh cluster {item.Short} says why"));
        }

        if (BodyText.Clock(view.Body, DateTimeOffset.UtcNow) is { } clock)
        {
            session.Fact(T("clock"), SafeText.Show(clock) + "  " + T("(Art. 73, claimed)"));
        }

        foreach (string evidence in view.Evidence)
        {
            session.Fact(T("evidence"), SafeText.Show(evidence));
        }

        if (view.Note is not null)
        {
            session.Fact(T("note"), SafeText.Show(view.Note));
        }

        session.Fact(T("id"), item.Id);
        session.Fact(T("key"), $"{view.Key}  seq {view.Seq}");
    }

    // What a reader must know before the text.
    private static void PrintState(Session session, ReportView view)
    {
        if (view.History.FirstOrDefault(v => v.Current) is { } current && current.Id != view.Report.Id)
        {
            session.Fact(T("now"), T($"there is a newer version: {current.Id.Substring(7, 8)}"));
        }

        foreach (VersionView retraction in view.History.Where(v => v.Kind == "retraction"))
        {
            string why = retraction.Reason is null ? "" : ": " + SafeText.Show(retraction.Reason);
            session.Fact(T("retracted"), Time(retraction.Created) + why);
        }
    }

    private static void PrintMakers(Session session, ReportView view)
    {
        (string Label, IReadOnlyList<string> Values)[] makers =
        [
            (T("system"), BodyText.Names(view.Body, "systems")),
            (T("developer"), BodyText.Names(view.Body, "developers")),
            (T("deployer"), BodyText.Names(view.Body, "deployers")),
            (T("model"), view.Report.Models),
            (T("source"), BodyText.Source(view.Body) is { } source ? [source] : []),
        ];
        foreach ((string label, IReadOnlyList<string> values) in makers.Where(m => m.Values.Count > 0))
        {
            session.Fact(label, SafeText.Show(string.Join(", ", values)));
        }
    }

    private static void PrintHistory(Session session, ReportView view)
    {
        session.Out.WriteLine();
        foreach (VersionView version in view.History)
        {
            string mark = version.Current ? ">" : " ";
            string reason = SafeText.Show(version.Reason ?? "");
            session.Out.WriteLine(
                $"{mark} {Time(version.Created)}  {version.Kind,-10}  {version.Id}  {reason}".TrimEnd());
        }
    }

    private static string Time(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
