using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace IncidentMesh.Bench;

/// <summary>A program in a pseudo-terminal of 80x24 that <c>script</c> makes; what it writes is read here,
/// and its questions are answered as a terminal would.</summary>
internal sealed class TuiBenchTerminal : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);

    private readonly Process process;
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly StringBuilder screen = new();
    private readonly Lock gate = new();
    private long lastOutput;

    public TuiBenchTerminal(string command)
    {
        string shell = $"stty rows 24 cols 80; exec {command}";
        var start = new ProcessStartInfo("/usr/bin/script", ["-qfc", shell, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["LC_ALL"] = "C.UTF-8";
        process = Process.Start(start)!;
        new Thread(Read) { IsBackground = true }.Start();
    }

    /// <summary>Seconds from the start until <paramref name="text"/> was written.</summary>
    public async Task<double> UntilAsync(string text)
    {
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            lock (gate)
            {
                if (screen.ToString().Contains(text, StringComparison.Ordinal))
                {
                    return Stopwatch.GetElapsedTime(started, lastOutput).TotalSeconds;
                }
            }

            await Task.Delay(1);
        }

        throw new IOException($"\"{text}\" never came; the terminal has\n{screen}");
    }

    /// <summary>Milliseconds from a key to the last byte of what it draws.</summary>
    public async Task<double> KeyAsync(string key)
    {
        await Task.Delay(Pause);
        long pressed = Stopwatch.GetTimestamp();
        await process.StandardInput.WriteAsync(key);
        await process.StandardInput.FlushAsync();
        while (Interlocked.Read(ref lastOutput) < pressed && Stopwatch.GetElapsedTime(pressed) < Patience)
        {
            await Task.Delay(1);
        }

        return Stopwatch.GetElapsedTime(pressed, Interlocked.Read(ref lastOutput)).TotalMilliseconds;
    }

    /// <summary>Seconds of processor that the program used.</summary>
    public double CpuSeconds()
    {
        using Process program = Process.GetProcessById(ProgramId());
        return program.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>Megabytes resident.</summary>
    public double Megabytes()
    {
        using Process program = Process.GetProcessById(ProgramId());
        return program.WorkingSet64 / 1e6;
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    // The only child of script: the shell has become the program.
    private int ProgramId()
    {
        string children = File.ReadAllText($"/proc/{process.Id}/task/{process.Id}/children");
        return int.Parse(children.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private void Read()
    {
        char[] buffer = new char[16 * 1024];
        while (process.StandardOutput.Read(buffer, 0, buffer.Length) is > 0 and int count)
        {
            string some = new(buffer, 0, count);
            lock (gate)
            {
                screen.Append(some);
                Interlocked.Exchange(ref lastOutput, Stopwatch.GetTimestamp());
            }

            Answer(some);
        }
    }

    // Device attributes and window size (xterm control sequences).
    private void Answer(string asked)
    {
        string answer = (asked.Contains("\u001b[c", StringComparison.Ordinal) ? "\u001b[?62;22c" : "")
            + (asked.Contains("\u001b[18t", StringComparison.Ordinal) ? "\u001b[8;24;80t" : "");
        if (answer.Length > 0)
        {
            process.StandardInput.Write(answer);
            process.StandardInput.Flush();
        }
    }
}
