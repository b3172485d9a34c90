using System.CommandLine;
using System.Text.Json;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>import FILE..</c>.</summary>
internal static class ImportCommand
{
    private const int ShownReasons = 5;
    private const string InputErrors = "stdin.errors.jsonl";

    public static Command Build()
    {
        Argument<string[]> files = new("file")
        {
            Description =
                T("a file or folder: AIID, AVID, ATLAS, STIX, MISP, CSV, our JSON lines; "
                + "- is standard input"),
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> format = new("--format")
        {
            Description = T("auto, aiid, avid, atlas, csv, stix, misp or jsonl"),
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "auto",
        };
        Option<string?> errors =
            Cli.Text("--errors", "FILE", T("where rows that are left out go (FILE.errors.jsonl)"));
        Option<string?> map = Cli.Text("--map", "FILE", T("what the columns of a table mean (JSON)"));
        Option<bool> dryRun = Cli.Flag("--dry-run", T("read and check, and store nothing"));
        Option<string?> loss = Cli.Text("--loss", "FILE", T("write what became of each field, as JSON"));
        Command command = new("import", T("import reports of other systems; doing it again adds nothing"))
        {
            files, format, errors, map, dryRun, loss,
        };
        return command.Does(
            async (session, parse, stop) =>
            {
                session.RefuseSeveral(parse.GetValue(files)!.Length);
                string? errorsFile = Full(parse.GetValue(errors));
                // Before anything is written, or what is read would be lost.
                string[] written = [.. Written(parse.GetValue(files)!, errorsFile, parse.GetValue(dryRun))];
                string?[] read = [parse.GetValue(map), session.PassphraseFile, session.Folder.ConfigFile];
                RefuseOverwriting(
                    parse.GetValue(files)!, [.. read.OfType<string>()], written, parse.GetValue(loss));
                await using INodeApi node = await session.ConnectAsync(stop);
                bool bad = false;
                bool begun = false;
                List<LossView> lost = [];
                foreach (string file in parse.GetValue(files)!)
                {
                    bool piped = file == "-";
                    string? left = errorsFile ?? (piped ? Full(InputErrors) : null);
                    using Files.Staged? staged = piped ? await Files.Staged.OfInputAsync(stop) : null;
                    ImportRequest request = new(
                        staged?.Path ?? Path.GetFullPath(file), parse.GetValue(format)!, left,
                        Full(parse.GetValue(map)), parse.GetValue(dryRun), begun, piped ? file : null);
                    ImportView done = await ImportAsync(session, node, request, stop);
                    bad |= done.Bad > 0;
                    begun |= errorsFile is not null && done.ErrorsFile is not null;
                    lost.AddRange(done.Loss ?? []);
                    Report(session, done, request.DryRun, node.Running);
                }

                if (parse.GetValue(loss) is { } lossFile)
                {
                    await LossTable.WriteFileAsync(lossFile, lost);
                }

                return bad ? ExitCode.Partly : ExitCode.Done;
            },
            "incidentmesh import titles.jsonl",
            "incidentmesh import cases.csv --map=cases.map.json --dry-run");
    }

    // Where rows that are left out go.
    private static IEnumerable<string> Written(string[] files, string? errors, bool dryRun) =>
        errors is not null ? [errors] : dryRun ? []
            : files.Select(file => file == "-" ? InputErrors : ErrorsFile.Beside(file));

    private static void RefuseOverwriting(
        string[] files, string[] others, string[] errors, string? loss)
    {
        foreach (string one in errors.Append(loss).OfType<string>())
        {
            if (Directory.Exists(one))
            {
                throw ApiException.Usage(
                    T($"{one} is a folder, not a file"), T("give the name of a file in it"));
            }

            if (files.Any(file => Importer.Reads(file, null, one))
                || others.Any(other => RealPath.Of(other) == RealPath.Of(one)))
            {
                throw ApiException.Usage(
                    T($"{one} is read and would be written over"), T("give another name"));
            }
        }

        if (loss is not null && errors.Any(one => RealPath.Of(one) == RealPath.Of(loss)))
        {
            throw ApiException.Usage(
                T($"{loss} is where rows that are left out go"), T("give another name"));
        }
    }

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);

    private static async Task<ImportView> ImportAsync(
        Session session, INodeApi node, ImportRequest request, CancellationToken stop)
    {
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
                    session.Terminal.Progress(T("importing"), view.Read, 0);
                }
            }
        }
        catch (OperationCanceledException)
        {
            session.Terminal.ProgressDone();
            session.Err.WriteLine(Plural(
                last?.New ?? 0, $"stopped: {last?.New ?? 0:N0} new report is on disk",
                $"stopped: {last?.New ?? 0:N0} new reports are on disk"));
            session.Err.WriteLine("hint: " + T("the same command goes on where it stopped"));
            throw;
        }

        session.Terminal.ProgressDone();
        return last is { Done: true }
            ? last
            : throw new ApiException(
                "import-cut", T("the import was cut off"), T("the same command goes on where it stopped"),
                    ExitCode.Partly);
    }

    private static void Report(Session session, ImportView done, bool dryRun, bool running)
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
        string backlog = done.EmbedBacklog == 0 ? ""
            : ", " + (running ? T($"embedding {done.EmbedBacklog:N0} in the background")
                : T($"{done.EmbedBacklog:N0} to be embedded when a node runs"));
        string where = dryRun ? T($"nothing stored, read in {seconds} s")
            : T($"on disk in {seconds} s") + backlog;
        session.Out.WriteLine(
            T($"{done.New:N0} new, {done.Known:N0} known, {done.Bad:N0} bad") + "   " + where);
        foreach (ImportReason reason in done.Reasons.Take(ShownReasons))
        {
            string file = reason.File is null ? "" : SafeText.Show(reason.File) + " ";
            string why = SafeText.Show(Known(reason.Why));
            session.Err.WriteLine("error: " + T($"{file}line {reason.Line}: {why}"));
        }

        if (done.Reasons.Any(r => r.Why.StartsWith(LocalNode.NotTaken, StringComparison.Ordinal)))
        {
            session.Err.WriteLine(
                "hint: "
                + T("incidentmesh trust add ID takes an author's records; then the same command again"));
        }

        foreach (LossView loss in done.Loss ?? [])
        {
            LossTable.Print(session, loss);
        }

        if (done.ErrorsFile is not null)
        {
            session.Err.WriteLine("hint: " + T($"{done.ErrorsFile} has every row that was left out"));
        }
    }
}
