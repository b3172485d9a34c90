using System.CommandLine;
using System.Globalization;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>stats [QUERY] --by=FIELD --split=FIELD</c>: bars, CSV, JSON, or a file with the
/// chart.</summary>
internal static class StatsCommand
{
    // Told apart without colour; the last one stands for all further parts.
    private const string Fills = "#=:+o*%~-.";
    private const int LabelWidth = 20;

    public static Command Build()
    {
        Argument<string[]> query =
            new("query") { Description = T("words, phrases and field:value (MQL); none for all") };
        Option<string> by = new("--by")
        {
            Description = T("month, country, harm, severity, lang, author, type, sector, standing, …"),
            HelpName = "FIELD",
            DefaultValueFactory = _ => "month",
        };
        Option<string?> split = Cli.Text("--split", "FIELD", T("divide each bar by another field"));
        Option<bool> csv = Cli.Flag("--csv", T("comma-separated values (RFC 4180)"));
        Option<string?> output =
            Cli.Text("--out", "FILE", T("write a chart (.svg, .png) or the values (.csv)"));
        Command command = new("stats", T("count reports by month, country, harm, …"))
        {
            query, by, split, csv, output,
        };
        return command.Does(
            async (session, parse, stop) =>
            {
                string? file = parse.GetValue(output);
                string kind = file is null ? "" : Path.GetExtension(file).ToLowerInvariant();
                if (file is not null && kind is not (".svg" or ".png" or ".csv"))
                {
                    throw ApiException.Usage(T($"no chart can be written as \"{kind}\""),
                        ".svg, .png, .csv");
                }

                await using INodeApi node = await session.ConnectAsync(stop);
                StatsView view = await node.StatsAsync(
                    string.Join(' ', parse.GetValue(query) ?? []), parse.GetValue(by)!,
                    parse.GetValue(split), stop);
                if (file is not null)
                {
                    await WriteAsync(view, file, kind);
                }

                if (kind == ".png" && StatsChart.Unreadable(view) is > 0 and int names)
                {
                    session.Err.WriteLine("warning: " + Plural(names,
                        $"{names:N0} name is in letters that the picture cannot show",
                        $"{names:N0} names are in letters that the picture cannot show"));
                    session.Err.WriteLine("hint: " + T("--out=FILE.svg shows them"));
                }

                Print(session, view, parse.GetValue(csv), file);
                return ExitCode.Done;
            },
            "incidentmesh stats type:incident --by=country",
            "incidentmesh stats since:2026 --by=month --split=severity",
            "incidentmesh stats 'country:DE' --by=harm --out=harm.svg",
            "incidentmesh stats --by=lang --csv");
    }

    /// <summary>The values as CSV (RFC 4180), one column a part.</summary>
    public static string Csv(StatsView view)
    {
        List<string[]> rows = [[view.By, "count", .. view.Parts]];
        rows.AddRange(view.Rows.Select(r => (string[])
        [
            r.Value, r.Count.ToString(CultureInfo.InvariantCulture),
            .. view.Parts.Select(p =>
                (r.Parts?.GetValueOrDefault(p) ?? 0).ToString(CultureInfo.InvariantCulture)),
        ]));
        return string.Concat(rows.Select(r => string.Join(',', r.Select(CsvCell.Write)) + "\r\n"));
    }

    private static async Task WriteAsync(StatsView view, string file, string kind)
    {
        if (view.Rows.Count == 0 && kind != ".csv")
        {
            throw view.Total == 0
                ? ApiException.NotFound(
                    T("nothing found: there is no chart to draw"), T("try a wider query"))
                : ApiException.NotFound(
                    T($"{view.Total:N0} found, and none names its {view.By}: there is no chart to draw"),
                    T("--by=FIELD counts by another field"));
        }

        byte[] bytes = kind switch
        {
            ".csv" => System.Text.Encoding.UTF8.GetBytes(Csv(view)),
            ".svg" => StatsChart.Svg(view),
            _ => StatsChart.Png(view),
        };
        await Files.WriteAsync(file, bytes);
    }

    private static void Print(Session session, StatsView view, bool csv, string? file)
    {
        if (session.Json)
        {
            session.Print(view, ApiJson.Default.StatsView);
        }
        else if (session.JsonLines)
        {
            foreach (StatsRow row in view.Rows)
            {
                session.Print(row, ApiJson.Default.StatsRow);
            }
        }
        else if (csv)
        {
            session.Out.Write(Csv(view));
        }
        else if (file is not null)
        {
            session.Out.WriteLine(Plural(view.Rows.Count,
                $"wrote {file}: {view.Rows.Count:N0} bar of {view.Total:N0} reports",
                $"wrote {file}: {view.Rows.Count:N0} bars of {view.Total:N0} reports"));
        }
        else if (view.Total == 0)
        {
            session.Err.WriteLine(T("nothing found"));
        }
        else
        {
            PrintBars(session, view);
        }
    }

    private static void PrintBars(Session session, StatsView view)
    {
        view = view with { Rows = view.Readable() };
        int label = Math.Min(
            LabelWidth, view.Rows.Select(r => TextWidth.Of(SafeText.Show(r.Value))).DefaultIfEmpty(1).Max());
        int most = Math.Max(1, view.Rows.Select(r => r.Count).DefaultIfEmpty(1).Max());
        int number = most.ToString("N0", CultureInfo.InvariantCulture).Length;
        int room = Math.Max(10, Terminal.Width - label - number - 4);
        string split = view.Split is null ? "" : ", " + T($"split by {view.Split}");
        session.Out.WriteLine(session.Terminal.Bold(Plural(view.Total,
            $"{view.Total:N0} report by {view.By}", $"{view.Total:N0} reports by {view.By}") + split));
        foreach (StatsRow row in view.Rows)
        {
            string name = TextWidth.Pad(SafeText.Show(row.Value), label);
            string count = row.Count.ToString("N0", CultureInfo.InvariantCulture).PadLeft(number);
            session.Out.WriteLine($"{name}  {count}  {Bar(view, row, most, room)}".TrimEnd());
        }

        for (int i = 0; i < view.Parts.Count; i++)
        {
            session.Out.WriteLine($"{Fill(i)} {SafeText.Show(view.Parts[i])}");
        }

        if (view.Without > 0)
        {
            session.Out.WriteLine(T($"{view.Without:N0} name no {view.By}"));
        }
    }

    // Ends are rounded, not lengths, so that the parts of a bar are as long as the bar; a report with two
    // countries is in two parts, which share its length.
    private static string Bar(StatsView view, StatsRow row, int most, int room)
    {
        if (row.Parts is null)
        {
            return new string(Fills[0], Columns(row.Count, most, room));
        }

        System.Text.StringBuilder bar = new();
        int length = Columns(row.Count, most, room);
        double all = Math.Max(1, row.Parts.Values.Sum()), sum = 0;
        for (int i = 0; i < view.Parts.Count; i++)
        {
            sum += row.Parts.GetValueOrDefault(view.Parts[i]);
            bar.Append(Fill(i), Math.Max(0, (int)Math.Round(length * sum / all) - bar.Length));
        }

        return bar.ToString();
    }

    private static int Columns(int count, int most, int room) =>
        count == 0 ? 0 : Math.Max(1, (int)Math.Round(room * Math.Min(1.0, (double)count / most)));

    private static char Fill(int part) => Fills[Math.Min(part, Fills.Length - 1)];
}
