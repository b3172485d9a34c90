using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace IncidentMesh.Node.Commands;

/// <summary>What is printed, through <c>$PAGER</c> where it is longer than the screen
/// (<c>specs/command-line.md</c>, "Streams").</summary>
/// <param name="screen">Where it is printed otherwise.</param>
/// <param name="rows">Rows of the screen.</param>
/// <param name="command">The pager, as a shell takes it.</param>
internal sealed class Pager(TextWriter screen, int rows, string command) : TextWriter
{
    private const string Usual = "less";
    private const int NotFound = 127;

    // Those that answer with lists and pages; what asks or goes on for long is not kept back.
    private static readonly HashSet<string> Paged =
    [
        "search", "show", "cluster", "explain", "stats", "list", "trust", "peers", "review", "keys", "alert",
    ];

    private readonly StringBuilder _kept = new();
    private int _lines;
    private Process? _process;
    private bool _gone;

    /// <summary>What else is said, while a pager has the screen.</summary>
    public TextWriter Said { get; } = new StringWriter();

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>The pager of a run; null where none is wanted: no terminal, plain output, an empty
    /// <c>PAGER</c>, or a command that is not read from top to bottom.</summary>
    public static Pager? For(ParseResult parse, bool plain)
    {
        string? command = Environment.GetEnvironmentVariable("PAGER");
        bool wanted = command != "" && !plain && !Console.IsOutputRedirected && !Console.IsInputRedirected
            && !OperatingSystem.IsWindows() && Paged.Contains(parse.CommandResult.Command.Name);
        return wanted ? new Pager(Console.Out, Console.WindowHeight, command ?? Usual) : null;
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        _kept.Append(value);
        if (_process is not null)
        {
            Pass(value);
            return;
        }

        _lines += value?.Count(c => c == '\n') ?? 0;
        if (_lines >= rows)
        {
            Start();
        }
    }

    public override void Write(char[] buffer, int index, int count) =>
        Write(new string(buffer, index, count));

    public override void WriteLine(string? value) => Write(value + "\n");

    /// <summary>Prints what is kept, or waits until the reader has left the pager.</summary>
    public void Finish()
    {
        if (_process is not null)
        {
            Close(_process);
        }

        // A shell ends so where it finds no such command.
        if (_process is null || _process.ExitCode == NotFound)
        {
            screen.Write(_kept);
            screen.Flush();
        }

        _process?.Dispose();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Said.Dispose();
        }

        base.Dispose(disposing);
    }

    private static void Close(Process process)
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The reader left before the end.
        }

        process.WaitForExit();
    }

    private void Start()
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", command]) { RedirectStandardInput = true };

        // As git has it: short text stays on the screen, colours pass.
        start.Environment.TryAdd("LESS", "FRX");
        try
        {
            _process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            rows = int.MaxValue;
            return;
        }

        Pass(_kept.ToString());
    }

    // The reader may leave before the end.
    private void Pass(string? value)
    {
        try
        {
            _process!.StandardInput.Write(_gone ? null : value);
        }
        catch (IOException)
        {
            _gone = true;
        }
    }
}
