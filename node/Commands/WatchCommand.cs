using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>watch [QUERY]</c>: records as they come, across cuts and restarts of the node.</summary>
internal static class WatchCommand
{
    // The cursor of a node without records.
    private const long BeforeTheFirst = -1;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    public static Command Build()
    {
        Argument<string[]> query =
            new("query") { Description = T("words, phrases and field:value (MQL); none for every record") };
        Option<string?> since = Cli.Text(
            "--since", "TIME|CURSOR",
                T("begin there: a time as in queries, or the cursor that watch printed"));
        Option<string?> exec = Cli.Text(
            "--exec", "CMD", T("run a shell command for each, with its JSON on standard input"));
        Option<bool> bell = Cli.Flag("--bell", T("ring the terminal's bell for each"));
        Option<int> count = new("--count") { Description = T("end after so many (0: never)") };
        Command command = new("watch", T("print records as they come, until ctrl-c"))
        {
            query, since, exec, bell, count,
        };
        return command.Does(
            async (session, parse, stop) =>
            {
                if (parse.GetValue(count) < 0)
                {
                    throw ApiException.Usage(T("--count is a number from 0"));
                }

                Watch watch = new(session, parse.GetValue(exec), parse.GetValue(bell), parse.GetValue(count));
                string text = string.Join(' ', parse.GetValue(query) ?? []);
                try
                {
                    await watch.RunAsync(Begin(parse.GetValue(since), text), stop);
                    return ExitCode.Done;
                }
                catch (OperationCanceledException) when (watch.Last is { } last && !session.Quiet)
                {
                    session.Err.WriteLine("hint: " + T($"--since=c:{last} goes on from here"));
                    throw;
                }
            },
            "incidentmesh watch 'country:DE severity>=serious'",
            "incidentmesh watch saved:morning --since=yesterday --bell",
            "incidentmesh watch type:incident --exec='jq -r .title >> titles.txt'");
    }

    private static EventRequest Begin(string? since, string query)
    {
        EventRequest request = new(Query: query.Length > 0 ? query : null);
        if (since is null)
        {
            return request;
        }

        if (since.StartsWith("c:", StringComparison.Ordinal)
            && long.TryParse(since[2..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                out long after) && after >= BeforeTheFirst)
        {
            return request with { After = after };
        }

        Protocol.Instant now = new(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        return QueryTime.TryResolve(since, now, forwards: false, out QueryPeriod time)
            ? request with { Since = DateTimeOffset.FromUnixTimeMilliseconds(time.From.Milliseconds) }
            : throw ApiException.Usage(
                T($"\"{since}\" is neither a time nor a cursor"),
                    T("2026-11-25, 7d, yesterday, or c:NUMBER"));
    }

    private sealed class Watch(Session session, string? exec, bool bell, int count)
    {
        private int _seen;

        /// <summary>The last event, or null.</summary>
        public long? Last { get; private set; }

        public async Task RunAsync(EventRequest request, CancellationToken stop)
        {
            bool lost = false;
            await using INodeApi first = await session.ConnectAsync(stop, mustRun: true);
            INodeApi? node = first;
            while (true)
            {
                try
                {
                    node ??= await session.ConnectAsync(stop, mustRun: true);
                    await foreach (EventView view in node.EventsAsync(request, stop))
                    {
                        if (lost)
                        {
                            session.Err.WriteLine(T("the node is back"));
                            lost = false;
                        }

                        request = request with { After = view.Id, Since = null };
                        Last = view.Id;
                        if (view.Item is { } item && await TellAsync(view, item, stop))
                        {
                            return;
                        }
                    }
                }
                catch (ApiException e) when (e.Error.Exit != ExitCode.NeedsNode)
                {
                    throw;
                }
                catch (Exception e) when (e is ApiException or IOException)
                {
                    if (!lost)
                    {
                        session.Err.WriteLine(T("node lost, waiting for it"));
                    }
                }

                lost = true;
                node = null;
                await Task.Delay(Retry, stop);
            }
        }

        // True when enough were seen.
        private async Task<bool> TellAsync(EventView view, ReportItem item, CancellationToken stop)
        {
            if (session.Json || session.JsonLines)
            {
                session.Print(view, ApiJson.Default.EventView);
            }
            else
            {
                string[] row = ReportRows.Of(item);
                string cursor = session.Verbose
                    ? $"  c:{view.Id.ToString(CultureInfo.InvariantCulture)}" : "";
                session.Out.WriteLine(session.Quiet ? item.Id
                    : SafeText.Show(string.Join("  ", row.Where(cell => cell.Length > 0))) + cursor);
            }

            session.Out.Flush();
            if (bell)
            {
                session.Err.Write('\a');
            }

            if (exec is not null)
            {
                await ExecuteAsync(exec, item, stop);
            }

            return ++_seen == count;
        }

        // What strangers wrote goes into variables and standard input, never into the command line.
        private async Task ExecuteAsync(string line, ReportItem item, CancellationToken stop)
        {
            bool windows = OperatingSystem.IsWindows();
            ProcessStartInfo start = new(windows ? "cmd.exe" : "/bin/sh") { RedirectStandardInput = true };
            start.ArgumentList.Add(windows ? "/c" : "-c");
            start.ArgumentList.Add(line);
            start.Environment["INCIDENTMESH_ID"] = item.Id;
            start.Environment["INCIDENTMESH_TITLE"] = SafeText.Show(item.Title);
            using Process process = Process.Start(start)!;
            try
            {
                await process.StandardInput.WriteLineAsync(
                    JsonSerializer.Serialize(item, ApiJson.Default.ReportItem));
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // A command that does not read its input may be gone already.
                session.Err.Flush();
            }

            await process.WaitForExitAsync(stop);
            if (process.ExitCode != 0)
            {
                session.Err.WriteLine("warning: " + T($"the command ended with {process.ExitCode}"));
            }
        }
    }
}
