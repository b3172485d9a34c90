using System.CommandLine;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>export [QUERY]</c>.</summary>
internal static class ExportCommand
{
    public static Command Build()
    {
        Argument<string[]> query = new("query")
        {
            Description = T("what to export (MQL), none for all; of a case file also an id"),
        };
        Option<string> format = new("--format")
        {
            Description = string.Join(", ", ExportFormat.All.Select(f => f.Name)),
            HelpName = "FORMAT",
            DefaultValueFactory = _ => ExportFormat.Lines,
        };
        Option<string?> output =
            Cli.Text("--out", "FILE",
                T("write to a file, replaced when all is written; - is standard output"));
        Option<string?> loss = Cli.Text("--loss", "FILE", T("write what became of each field, as JSON"));
        Command command = new(
            "export", T("export reports: as JSON lines that import and verify read, or for other systems"))
        {
            query, format, output, loss,
        };
        return command.Does(
            async (session, parse, stop) =>
            {
                await using INodeApi node = await session.ConnectAsync(stop);
                string asked = string.Join(' ', parse.GetValue(query) ?? []);
                string name = parse.GetValue(format)!;
                if (parse.GetValue(loss) is not null && name is ("jsonl" or "bundle"))
                {
                    throw ApiException.Usage(T($"{name} loses nothing"), T("--loss is of the other formats"));
                }

                Export export = new(session, node.ExportAsync(asked, name, stop), stop);
                await export.WriteAsync(parse.GetValue(output));
                if (export.Retracted > 0)
                {
                    long left = export.Retracted;
                    session.Err.WriteLine(Plural(left,
                        $"{left:N0} retracted report left out: {name} cannot say that it is one",
                        $"{left:N0} retracted reports left out: {name} cannot say what they are"));
                }

                if (export.Superseded > 0)
                {
                    long left = export.Superseded;
                    session.Err.WriteLine(Plural(left,
                        $"{left:N0} superseded version left out: {name} has the current one alone",
                        $"{left:N0} superseded versions left out: {name} has the current ones alone"));
                }

                if (export.Loss is { } lost)
                {
                    LossTable.Print(session, lost);
                    if (parse.GetValue(loss) is { } lossFile)
                    {
                        await LossTable.WriteFileAsync(lossFile, [lost]);
                    }
                }

                return export.LeftOut > 0 ? ExitCode.Partly : ExitCode.Done;
            },
            "incidentmesh export country:DE since:2026-01 --out=germany.jsonl",
            "incidentmesh export severity>=serious --format=stix --out=serious.stix.json",
            "incidentmesh export 7q3kx2m4 --format=html --out=case.html");
    }

    /// <summary>One run of the command.</summary>
    private sealed class Export(Session session, IAsyncEnumerable<ExportView> pieces, CancellationToken stop)
    {
        private long _written;

        public long LeftOut { get; private set; }

        public long Retracted { get; private set; }

        public long Superseded { get; private set; }

        public LossView? Loss { get; private set; }

        public async Task WriteAsync(string? file)
        {
            if (file is null or "-")
            {
                await CopyAsync(session.Out);
                await session.Out.FlushAsync(stop);
                session.Terminal.ProgressDone();
                return;
            }

            try
            {
                await Files.WriteAsync(file, CopyAsync);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                session.Terminal.ProgressDone();
                session.Err.WriteLine(T($"stopped: nothing was written to {file}"));
                throw;
            }

            session.Terminal.ProgressDone();
            session.Err.WriteLine(Plural(_written,
                $"{_written:N0} report written to {file}", $"{_written:N0} reports written to {file}"));
        }

        private async Task CopyAsync(TextWriter to)
        {
            bool whole = false;
            await foreach (ExportView piece in pieces)
            {
                whole = piece.Done;
                await to.WriteAsync(piece.Text.AsMemory(), stop);
                _written = piece.Written;
                Retracted = piece.Retracted;
                Superseded = piece.Superseded;
                Loss = piece.Loss;
                if (piece.LeftOut is { } id)
                {
                    LeftOut++;
                    session.Err.WriteLine("error: " + T($"{id} left out: it has no report to read"));
                }
                else if (!session.Quiet && !piece.Done)
                {
                    session.Terminal.Progress(T("exporting"), piece.Written, piece.Total);
                }
            }

            if (!whole)
            {
                throw ApiException.NeedsNode(T("the export breaks off"));
            }
        }
    }
}
