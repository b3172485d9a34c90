using System.CommandLine;
using IncidentMesh.Node.Serve;

namespace IncidentMesh.Node.Commands;

/// <summary><c>export [QUERY]</c>.</summary>
internal static class ExportCommand
{
    public static Command Build()
    {
        Argument<string[]> query = new("query") { Description = "what to export (MQL); none for all" };
        Option<string> format = new("--format")
        {
            Description = "jsonl (the others come later)",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "jsonl",
        };
        Option<string?> output =
            Cli.Text("--out", "FILE", "write to a file; it is replaced when all is written");
        Command command =
            new("export", "export reports as JSON lines that import and verify read") { query, format,
            output };
        return command.Does(
            async (session, parse, stop) =>
            {
                if (parse.GetValue(format) != "jsonl")
                {
                    throw ApiException.Later($"export --format={parse.GetValue(format)}");
                }

                await using INodeApi node = await session.ConnectAsync(stop);
                string? file = parse.GetValue(output);
                string partial = file + ".partial";
                TextWriter writer = file is null ? session.Out : new StreamWriter(partial);
                long count = 0;
                try
                {
                    await foreach (
                        string line in node.ExportAsync(string.Join(' ', parse.GetValue(query) ?? []), stop))
                    {
                        await writer.WriteAsync(line + "\n");
                        count++;
                    }
                }
                finally
                {
                    if (file is not null)
                    {
                        await writer.DisposeAsync();
                    }
                }

                if (file is not null)
                {
                    File.Move(partial, file, overwrite: true);
                    session.Err.WriteLine($"{count:N0} reports written to {file}");
                }

                return ExitCode.Done;
            },
            "incidentmesh export country:DE since:2026-01 --out=germany.jsonl",
            "incidentmesh export | gzip > all.jsonl.gz");
    }
}
