using System.CommandLine;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Commands;

/// <summary><c>export [QUERY]</c>.</summary>
internal static class ExportCommand
{
    private const string Lines = "jsonl";
    private const string Bundle = "bundle";
    private static readonly string All = string.Join(", ", [Lines, Bundle, .. Exporter.Formats]);

    public static Command Build()
    {
        Argument<string[]> query = new("query")
        {
            Description = "what to export (MQL), none for all; of a case file also an id",
        };
        Option<string> format = new("--format")
        {
            Description = All,
            HelpName = "FORMAT",
            DefaultValueFactory = _ => Lines,
        };
        Option<string?> output =
            Cli.Text("--out", "FILE", "write to a file; it is replaced when all is written");
        Option<string?> loss = Cli.Text("--loss", "FILE", "write what became of each field, as JSON");
        Command command = new(
            "export", "export reports: as JSON lines that import and verify read, or for other systems")
        {
            query, format, output, loss,
        };
        return command.Does(
            async (session, parse, stop) =>
            {
                await using INodeApi node = await session.ConnectAsync(stop);
                string asked = string.Join(' ', parse.GetValue(query) ?? []);
                string name = parse.GetValue(format)!;
                Export export = new(session, node, asked, stop);
                string? file = parse.GetValue(output);
                if (name is Lines or Bundle)
                {
                    if (parse.GetValue(loss) is not null)
                    {
                        throw ApiException.Usage($"{name} loses nothing", "--loss is of the other formats");
                    }

                    await export.WriteAsync(file, to => export.LinesAsync(to, answers: name == Bundle));
                    return ExitCode.Done;
                }

                if (!Exporter.TryMake(name, out Exporter? exporter))
                {
                    throw ApiException.Usage($"unknown format \"{name}\"", All);
                }

                await export.WriteAsync(file, to => export.ReportsAsync(exporter, to));
                LossView lost = exporter.Loss.View();
                LossTable.Print(session, lost);
                if (parse.GetValue(loss) is { } lossFile)
                {
                    LossTable.WriteFile(lossFile, [lost]);
                }

                return export.LeftOut > 0 ? ExitCode.Partly : ExitCode.Done;
            },
            "incidentmesh export country:DE since:2026-01 --out=germany.jsonl",
            "incidentmesh export severity>=serious --format=stix --out=serious.stix.json",
            "incidentmesh export 7q3kx2m4 --format=html --out=case.html");
    }

    /// <summary>One run of the command.</summary>
    private sealed class Export(Session session, INodeApi node, string query, CancellationToken stop)
    {
        private long _written;
        private long _total;

        public long LeftOut { get; private set; }

        public async Task WriteAsync(string? file, Func<TextWriter, Task> write)
        {
            if (file is null)
            {
                await write(session.Out);
                await session.Out.FlushAsync(stop);
                session.Terminal.ProgressDone();
                return;
            }

            await WholeFile.WriteAsync(file, write);
            session.Terminal.ProgressDone();
            string records = _written == 1 ? "record" : "records";
            session.Err.WriteLine($"{_written:N0} {records} written to {file}");
        }

        public async Task LinesAsync(TextWriter to, bool answers)
        {
            await foreach (string line in node.ExportAsync(query, answers, stop))
            {
                await to.WriteAsync(line + "\n");
                Progress();
            }
        }

        public async Task ReportsAsync(Exporter exporter, TextWriter to)
        {
            exporter.Begin(to);
            await foreach (string id in exporter.IsCaseFile ? OneAsync() : IdsAsync())
            {
                ReportView view = await node.ShowAsync(id, exporter.IsCaseFile, stop);
                if (ExportItem.Of(view) is { } item)
                {
                    exporter.Write(to, item);
                    Progress();
                }
                else
                {
                    LeftOut++;
                    session.Err.WriteLine($"error: {view.Report.Short} left out: it has no report to read");
                }
            }

            exporter.End(to);
        }

        private async IAsyncEnumerable<string> IdsAsync()
        {
            string? cursor = null;
            do
            {
                SearchView page = await node.SearchAsync(
                    new SearchRequest(query, ApiLimits.PageItems, cursor, query.Length == 0 ? "new" : null),
                    stop);
                _total = page.Total;
                foreach (ReportItem item in page.Items)
                {
                    yield return item.Id;
                }

                cursor = page.Cursor;
            }
            while (cursor is not null);
        }

        // A case file is of one report: an id, or a query that finds one.
        private async IAsyncEnumerable<string> OneAsync()
        {
            if (query.Length == 0)
            {
                throw ApiException.Usage(
                    "a case file is of one report", "incidentmesh export ID --format=html --out=case.html");
            }

            if (await IsIdAsync())
            {
                yield return query;
                yield break;
            }

            SearchView found = await node.SearchAsync(new SearchRequest(query, 2), stop);
            if (found.Items.Count != 1)
            {
                throw found.Items.Count == 0 ? ApiException.NotFound($"no report \"{query}\"")
                    : ApiException.Usage(
                        $"a case file is of one report; {found.Total:N0} were found", "give the id of one");
            }

            yield return found.Items[0].Id;
        }

        private async Task<bool> IsIdAsync()
        {
            try
            {
                await node.ShowAsync(query, false, stop);
                return true;
            }
            catch (ApiException e) when (e.Error.Exit == ExitCode.NotFound)
            {
                // Then it is a query.
                return false;
            }
        }

        private void Progress()
        {
            _written++;
            if (!session.Quiet)
            {
                session.Terminal.Progress("exporting", _written, _total);
            }
        }
    }
}
