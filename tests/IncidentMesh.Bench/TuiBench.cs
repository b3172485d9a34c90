using System.Diagnostics;
using IncidentMesh.Node.Store;

namespace IncidentMesh.Bench;

/// <summary>The terminal UI in a terminal of 80x24, with the node as it runs and 100,000 reports behind its
/// API: time to the first frame and to the first rows, from a key to the screen, processor time while nobody
/// does anything, memory. Beside it the bare sample of Terminal.Gui with as many rows, where it lies beside
/// the project. <c>--reports=100000 --keys=200 --rounds=5 --dir=FOLDER --tui=PROGRAM.dll</c>; Linux, and
/// <c>script</c> of util-linux.</summary>
internal static class TuiBench
{
    private const double FirstFrameAim = 0.5, KeyMedianAim = 20, KeySlowAim = 60;
    private const double IdleAim = 1, MemoryAim = 150;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var output = new BenchOutput("tui", args);
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script"))
        {
            await Console.Error.WriteLineAsync("error: needs Linux and /usr/bin/script");
            return 2;
        }

        using BenchHome archive = await BenchHome.OpenAsync(output, 100_000);
        string home = archive.Folder.Home;
        using (Process node = await TuiBenchNode.StartAsync(home))
        {
            string tui = output.Option("tui", Path.Combine(AppContext.BaseDirectory, "incidentmesh-tui.dll"));
            string command = $"'{tui}' --node='{Path.Combine(home, "api.sock")}'";
            await MeasureAsync(output, "", command, "IncidentMesh", "Report ", args);
            node.Kill(entireProcessTree: true);
            await node.WaitForExitAsync();
        }

        if (TuiBenchSample.Build() is { } sample)
        {
            string command = $"'{sample}' {archive.Reports} --quiet";
            await MeasureAsync(output, "sample: ", command, "severity", "severity", args);
        }
        else
        {
            output.Note("the sample of Terminal.Gui was left out: ../shared/samples/tui-sample is not there");
        }

        return output.Finish();
    }

    private static async Task MeasureAsync(
        BenchOutput output, string who, string command, string frame, string rows, string[] args)
    {
        var options = new BenchOutput("tui", args);
        List<double> frames = [], filled = [];
        for (int round = 0; round < options.Option("rounds", 5); round++)
        {
            using var started = new TuiBenchTerminal("dotnet " + command);
            frames.Add(await started.UntilAsync(frame));
            filled.Add(await started.UntilAsync(rows));
        }

        using var terminal = new TuiBenchTerminal("dotnet " + command);
        await terminal.UntilAsync(rows);
        await Task.Delay(Settle);
        List<double> keys = [];
        int count = options.Option("keys", 200);
        for (int i = 0; i < count; i++)
        {
            keys.Add(await terminal.KeyAsync(i < count / 2 ? "j" : "k"));
        }

        double before = terminal.CpuSeconds();
        await Task.Delay(Idle);
        double justAfter = terminal.CpuSeconds() - before;
        before = terminal.CpuSeconds();
        await Task.Delay(Idle);
        double idle = terminal.CpuSeconds() - before;
        bool aims = who.Length == 0;
        output.Add(who + "first frame", Middle(frames), "s", aims ? FirstFrameAim : null, less: true);
        output.Add(who + "first rows", Middle(filled), "s");
        output.Add(who + "key to screen, p50", At(keys, 0.5), "ms", aims ? KeyMedianAim : null, less: true);
        output.Add(who + "key to screen, p99", At(keys, 0.99), "ms", aims ? KeySlowAim : null, less: true);
        output.Add(who + "processor, 10 s after a key", justAfter * 100 / Idle.TotalSeconds, "%");
        double percent = idle * 100 / Idle.TotalSeconds;
        output.Add(who + "processor, idle", percent, "%", aims ? IdleAim : null, less: true);
        output.Add(who + "memory", terminal.Megabytes(), "MB", aims ? MemoryAim : null, less: true);
    }

    private static double Middle(List<double> values) => At(values, 0.5);

    private static double At(List<double> values, double part)
    {
        values.Sort();
        return values[Math.Min(values.Count - 1, (int)(values.Count * part))];
    }
}
