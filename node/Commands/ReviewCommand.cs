using System.CommandLine;
using System.Globalization;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>review list|accept|drop|undo|cannot-tell|ask-again</c>.</summary>
internal static class ReviewCommand
{
    public static Command Build()
    {
        Option<int> limit =
            new("--limit") { Description = T("how many (20)"), DefaultValueFactory = _ => 20 };
        Command list = new("list", T("what waits: quarantine, duplicates, authors, pending")) { limit };
        list.Does(
            (session, parse, stop) => ListAsync(session, parse.GetValue(limit), stop),
            "incidentmesh review list --limit=100",
            "incidentmesh review list -q | xargs incidentmesh review drop");
        Command command = new("review", T("decide on records of unknown authors and on duplicates"))
        {
            list,
            Change("accept", T("let records in: stored, relayed, reconciled; their author stays unknown")),
            Change("drop", T("throw records away; the latest 50 can be brought back")),
            Change("undo", T("take an accept or a drop back")),
            Change("cannot-tell", T("put a proposed duplicate off: the two reports of the pair")),
            Change("ask-again", T("propose a pair again that was put off")),
        };
        return command.Does(
            (session, _, stop) => ListAsync(session, 20, stop),
            "incidentmesh review",
            "incidentmesh review accept 7q3kx2m4 k2m7w5ra",
            "incidentmesh link 7q3kx2m4 k2m7w5ra --same --reason='same docket number'");
    }

    private static Command Change(string action, string help)
    {
        Argument<string[]> ids = new("id")
        {
            Description = T("records, by id or a prefix of 4 or more"),
            Arity = ArgumentArity.OneOrMore,
        };
        Command command = new(action, help) { ids };
        return command.Does(
            async (session, parse, stop) =>
            {
                await using INodeApi node = await session.ConnectAsync(stop);
                return Print(session, await node.ReviewAsync(
                    new ReviewRequest(action, parse.GetValue(ids)!), stop));
            },
            $"incidentmesh review {action} 7q3kx2m4 k2m7w5ra");
    }

    private static int Print(Session session, ReviewDone done)
    {
        if (session.Json || session.JsonLines)
        {
            session.Print(done, ApiJson.Default.ReviewDone);
        }
        else
        {
            string what = done.Action switch
            {
                "accept" => T("accepted"),
                "drop" => T("dropped"),
                "undo" => T("undone"),
                "cannot-tell" => T("put off"),
                _ => T("asked again"),
            };
            session.Out.WriteLine($"{done.Done.Count:N0} {what}");
            foreach (ReviewFailure failure in done.Failed)
            {
                session.Err.WriteLine($"error: {SafeText.Show(failure.Id)}: {Known(failure.Why)}");
            }

            if (done.Action is "accept" or "drop" && done.Done.Count > 0 && !session.Quiet)
            {
                IEnumerable<string> ids = done.Done.Select(id => id.Substring(7, 8));
                session.Err.WriteLine($"hint: incidentmesh review undo {string.Join(' ', ids)}");
            }
        }

        return done.Failed.Count == 0 ? ExitCode.Done
            : done.Done.Count == 0 ? ExitCode.NotFound : ExitCode.Partly;
    }

    private static async Task<int> ListAsync(Session session, int limit, CancellationToken stop)
    {
        await using INodeApi node = await session.ConnectAsync(stop);
        ReviewView view = await node.ReviewAsync(limit, stop);
        if (session.Json || session.JsonLines)
        {
            session.Print(view, ApiJson.Default.ReviewView);
        }
        else if (session.Quiet)
        {
            foreach (QuarantineItem item in view.Quarantine)
            {
                session.Out.WriteLine(item.Report.Id);
            }
        }
        else
        {
            PrintQuarantine(session, view);
            PrintDuplicates(session, view);
            PrintAuthors(session, view);
            foreach (PendingItem item in view.Pending)
            {
                session.Out.WriteLine(
                    T($"pending {Short(item.Id)} of {Short(item.Author)} waits {item.SecondsLeft:0} s for "
                    + $"the identity event {Short(item.Missing)}"));
            }
        }

        return ExitCode.Done;
    }

    private static void PrintQuarantine(Session session, ReviewView view)
    {
        const double mebibyte = 1 << 20;
        string used = (view.Room.Bytes / mebibyte).ToString("0.0", CultureInfo.InvariantCulture);
        session.Out.WriteLine(session.Terminal.Bold(
            T($"quarantine {view.Room.Records:N0} of {view.Room.MostRecords:N0} records, {used} of "
            + $"{view.Room.MostBytes / mebibyte:0} MiB")));
        if (view.Quarantine.Count == 0)
        {
            session.Err.WriteLine(T("nothing waits in quarantine"));
            return;
        }

        string[][] rows = [.. view.Quarantine.Select(q => new[]
        {
            q.Report.Short,
            Day(q.Report.Received),
            ReportRows.Author(q.Report.Author),
            q.Report.Author.CallsItself is { } name ? $"\"{name}\"" : "",
            q.DaysLeft is { } days ? $"{days} d" : "-",
            q.Report.Title,
        })];
        session.Terminal.Table(session.Out, [T("ID"), T("GOT"), T("KEY"), T("CALLS ITSELF"), T("LEAVES"),
            T("TITLE")], rows);
        foreach (QuarantineItem item in view.Quarantine)
        {
            string first = item.FirstOfKey ? "; " + T("first record of this key") : "";
            session.Out.WriteLine(
                $"{item.Report.Short}  "
                + T($"why: {Known(item.Why)}; signature valid{first}; this node only"));
            if (item.Warning is not null)
            {
                session.Out.WriteLine(session.Terminal.Red(
                    $"{item.Report.Short}  ! warning: {SafeText.Show(Known(item.Warning))}"));
            }
        }

        session.Err.WriteLine(
            "hint: " + T("incidentmesh review accept ID.. or drop ID..; "
            + "incidentmesh trust add AUTHOR takes all"));
    }

    private static void PrintDuplicates(Session session, ReviewView view)
    {
        if (view.Duplicates.Count == 0)
        {
            return;
        }

        session.Out.WriteLine();
        session.Out.WriteLine(session.Terminal.Bold(
            T($"duplicates {view.DuplicatesTotal ?? view.Duplicates.Count:N0}")));
        string[][] rows = [.. view.Duplicates.Select(d => new[]
        {
            $"{d.Probability.ToString(".00", CultureInfo.InvariantCulture)} {d.Label}",
            d.A.Short,
            d.B.Short,
            $"{d.A.Title} / {d.B.Title}  ({string.Join("; ", d.Reasons.Select(Known))})",
        })];
        session.Terminal.Table(session.Out, [T("LIKELY"), T("ONE"), T("OTHER"), T("TITLES AND WHY")], rows);
        session.Err.WriteLine(
            "hint: " + T("incidentmesh link ONE OTHER --same or --different; review cannot-tell ONE OTHER"));
    }

    private static void PrintAuthors(Session session, ReviewView view)
    {
        if (view.Authors.Count == 0)
        {
            return;
        }

        session.Out.WriteLine();
        session.Out.WriteLine(session.Terminal.Bold(
            T($"authors {view.AuthorsTotal ?? view.Authors.Count:N0}")));
        string[][] rows = [.. view.Authors.Select(a => new[]
        {
            ReportRows.Author(a.Author),
            a.Waiting.ToString("N0", CultureInfo.InvariantCulture),
            Day(a.First),
            a.Author.CallsItself is { } name ? $"\"{name}\"" : "",
            a.Author.Id,
        })];
        session.Terminal.Table(session.Out, [T("KEY"), T("WAITING"), T("FIRST"), T("CALLS ITSELF"),
            T("ID")], rows);
    }

    private static string Day(DateTimeOffset at) => at.ToString("MM-dd", CultureInfo.InvariantCulture);

    private static string Short(string cid) => cid.Length > 15 ? cid.Substring(7, 8) : cid;
}
