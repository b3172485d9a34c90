using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;

namespace IncidentMesh.Bench;

/// <summary>A process that a benchmark starts, spoken to in lines of JSON: commands in, events out.</summary>
internal sealed class BenchChild : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();

    private BenchChild(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.ErrorDataReceived += (_, e) => Console.Error.WriteLine(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Seconds of processor that it used.</summary>
    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Starts this program again with other arguments.</summary>
    public static BenchChild StartSelf(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        bool hosted = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] self = hosted ? [typeof(BenchChild).Assembly.Location] : [];
        return Start(program, null, [.. self, .. arguments]);
    }

    /// <summary>Starts a program.</summary>
    public static BenchChild Start(string program, string? folder, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new BenchChild(Process.Start(start)!);
    }

    /// <summary>Gives a command: words, parted by spaces.</summary>
    public void Say(FormattableString command)
    {
        _process.StandardInput.WriteLine(command.ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for an event; others before it are passed over.</summary>
    public async Task<JsonElement> EventAsync(string name)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            JsonElement next = await _events.Reader.ReadAsync(patience.Token);
            if (next.GetProperty("event").GetString() == name)
            {
                return next;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            _events.Writer.TryComplete();
        }
        else if (line.StartsWith('{'))
        {
            _events.Writer.TryWrite(JsonDocument.Parse(line).RootElement);
        }
    }
}
