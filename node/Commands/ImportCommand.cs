using System.CommandLine;
using System.Text.Json;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Commands;

/// <summary><c>import FILE..</c>.</summary>
internal static class ImportCommand
{
    private const int ShownReasons = 5;

    public static Command Build()
    {
        Argument<string[]> files = new("file")
        {
            Description =
                "AIID titles (.jsonl) or incidents (.csv), AVID (.json), our JSON lines; - is standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> format = new("--format")
        {
            Description = "auto, aiid, avid or jsonl",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "auto",
        };
        Option<string?> errors =
            Cli.Text("--errors", "FILE", "where rows that are left out go (FILE.errors.jsonl)");
        Option<string?> map = Cli.Text("--map", "FILE", "comes later");
        Option<bool> dryRun = Cli.Flag("--dry-run", "comes later");
        Command command = new("import", "import reports of other systems; doing it again adds nothing")
        {
            files, format, errors, map, dryRun,
        };
        return command.Does(
            async (session, parse, stop) =>
            {
                if (parse.GetValue(map) is not null || parse.GetValue(dryRun))
                {
                    throw ApiException.Later("import --map and --dry-run");
                }

                await using INodeApi node = await session.ConnectAsync(stop);
                bool bad = false;
                foreach (string file in parse.GetValue(files)!)
                {
                    ImportView done = await ImportAsync(
                        session, node, file, parse.GetValue(format)!, parse.GetValue(errors), stop);
                    bad |= done.Bad > 0;
                    Report(session, done);
                }

                return bad ? ExitCode.Partly : ExitCode.Done;
            },
            "incidentmesh import titles.jsonl",
            "incidentmesh import incidents.csv --format=aiid --json");
    }

    private static async Task<ImportView> ImportAsync(
        Session session, INodeApi node, string file, string format, string? errors, CancellationToken stop)
    {
        string path = file == "-" ? await Files.StageAsync(stop) : Path.GetFullPath(file);
        ImportRequest request = new(path, format, errors is null ? null : Path.GetFullPath(errors));
        ImportView? last = null;
        try
        {
            await foreach (ImportView view in node.ImportAsync(request, stop))
            {
                last = view;
                if (session.JsonLines)
                {
                    session.Out.WriteLine(JsonSerializer.Serialize(view, ApiJson.Default.ImportView));
                }
                else if (!view.Done && !session.Quiet)
                {
                    session.Terminal.Progress("importing", view.Read, 0);
                }
            }
        }
        catch (OperationCanceledException)
        {
            session.Terminal.ProgressDone();
            session.Err.WriteLine($"stopped: {last?.New ?? 0:N0} new reports are on disk");
            session.Err.WriteLine("hint: the same command goes on where it stopped");
            throw;
        }

        session.Terminal.ProgressDone();
        return last is { Done: true }
            ? last
            : throw new ApiException(
                "import-cut", "the import was cut off", "the same command goes on where it stopped",
                    ExitCode.Partly);
    }

    private static void Report(Session session, ImportView done)
    {
        if (session.Json)
        {
            session.Print(done, ApiJson.Default.ImportView);
            return;
        }

        if (session.JsonLines)
        {
            return;
        }

        string seconds = done.Seconds.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
        string backlog = done.EmbedBacklog > 0 ? $", embedding {done.EmbedBacklog:N0} in the background" : "";
        session.Out.WriteLine(
            $"{done.New:N0} new, {done.Known:N0} known, {done.Bad:N0} bad   on disk in {seconds} s{backlog}");
        foreach (ImportReason reason in done.Reasons.Take(ShownReasons))
        {
            session.Err.WriteLine($"error: line {reason.Line}: {SafeText.Show(reason.Why)}");
        }

        if (done.Bad > 0)
        {
            session.Err.WriteLine($"hint: {done.ErrorsFile} has every row that was left out");
        }
    }
}
