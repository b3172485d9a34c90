using System.Diagnostics;
using IncidentMesh.Node.Store;

namespace IncidentMesh.Bench;

/// <summary>Commands of the command line with a node running, as whole processes, each in turn with
/// <c>git status</c> of a fresh repository. <c>--reports=10000 --runs=30 --dir=FOLDER --program=PATH</c>: the
/// program is the one to measure, as <c>dotnet publish node</c> makes it.</summary>
internal static class ClientBench
{
    private const double MillisecondsAim = 100;
    private const int Warmups = 3;

    private static readonly string[][] Commands =
        [["--version"], ["status"], ["search", "arrest"], ["search", "severity>=serious", "--json"]];

    public static async Task<int> RunAsync(string[] args)
    {
        var output = new BenchOutput("client", args);
        string beside = Path.Combine(
            AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "incidentmesh.exe" : "incidentmesh");
        string program = output.Option("program", beside);
        using BenchHome archive = await BenchHome.OpenAsync(output, 10_000);
        string home = archive.Folder.Home;
        string repository = Directory.CreateTempSubdirectory("incidentmesh-bench-git-").FullName;
        using (Process node = await TuiBenchNode.StartAsync(home))
        {
            await TimeAsync("git", ["init", "--quiet", repository]);
            foreach (string[] command in Commands)
            {
                string name = string.Join(' ', command);
                BenchOutput.Progress(name);
                List<double> ours = [], git = [];
                for (int run = -Warmups; run < output.Option("runs", 30); run++)
                {
                    double mine = await TimeAsync(program, command, home);
                    double theirs = await TimeAsync("git", ["-C", repository, "status"]);
                    if (run >= 0)
                    {
                        ours.Add(mine);
                        git.Add(theirs);
                    }
                }

                ours.Sort();
                git.Sort();
                output.Add($"{name}: p50", ours[ours.Count / 2], "ms", MillisecondsAim, less: true);
                output.Add($"{name}: least", ours[0], "ms");
                output.Add($"{name}: most", ours[^1], "ms");
                output.Add($"{name}: git status beside it, p50", git[git.Count / 2], "ms");
            }

            node.Kill(entireProcessTree: true);
            await node.WaitForExitAsync();
        }

        Directory.Delete(repository, recursive: true);
        output.Note($"{archive.Reports:#,0} reports behind the node; from the start of a process to its end");
        return output.Finish();
    }

    private static async Task<double> TimeAsync(string program, string[] arguments, string home = "")
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["INCIDENTMESH_HOME"] = home;
        var watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        double milliseconds = watch.Elapsed.TotalMilliseconds;
        return process.ExitCode == 0 ? milliseconds
            : throw new IOException($"{program} {string.Join(' ', arguments)}: {await errors}");
    }
}
