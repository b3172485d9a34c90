using System.Text;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>What is printed for people: rows, colour where it is wanted, questions, progress.</summary>
/// <param name="plain">No columns and no bars.</param>
/// <param name="colour">Emit SGR codes.</param>
internal sealed class Terminal(bool plain, bool colour)
{
    private const int BarWidth = 20;
    private DateTimeOffset _lastLine = DateTimeOffset.UtcNow;
    private bool _barShown;

    /// <summary>No columns and no bars.</summary>
    public bool IsPlain => plain;

    /// <summary>Questions are asked only where a person reads and types.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>Columns of the terminal, or 100 where there is none.</summary>
    public static int Width => Console.IsOutputRedirected ? 100 : Math.Max(40, SafeWidth());

    /// <summary>Ends what is asked: ctrl-c of the command that runs.</summary>
    public static CancellationToken Stop { get; set; }

    /// <summary>One line of an answer.</summary>
    /// <exception cref="OperationCanceledException"><see cref="Stop"/>.</exception>
    public static string? Ask(string question)
    {
        Console.Error.Write(question);
        return Typed(Console.In.ReadLine);
    }

    /// <summary>One line that is not shown while it is typed.</summary>
    public static string AskHidden(string question)
    {
        Console.Error.Write(question);
        StringBuilder typed = new();
        while (true)
        {
            ConsoleKeyInfo key = Typed(() => Console.ReadKey(intercept: true));
            if (key.Key == ConsoleKey.Enter)
            {
                Console.Error.WriteLine();
                return typed.ToString();
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }
    }

    public string Bold(string text) => colour ? $"\u001b[1m{text}\u001b[0m" : text;

    public string Dim(string text) => colour ? $"\u001b[2m{text}\u001b[0m" : text;

    public string Red(string text) => colour ? $"\u001b[31m{text}\u001b[0m" : text;

    /// <summary>Rows in columns; the last column takes what is left. Every cell is foreign text.</summary>
    public void Table(
        TextWriter target, IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        string[][] cells = [.. rows.Select(r => r.Select(c => SafeText.Show(c)).ToArray())];
        if (plain)
        {
            foreach (string[] row in cells)
            {
                target.WriteLine(string.Join("; ", row.Select((cell, i) => $"{heads[i]}: {cell}")));
            }

            return;
        }

        int last = heads.Count - 1;
        int[] widths = [.. heads.Select((head, i) =>
            Math.Max(TextWidth.Of(head), cells.Select(r => TextWidth.Of(r[i])).DefaultIfEmpty().Max()))];
        widths[last] = Math.Max(16, Width - widths[..last].Sum(w => w + 2));
        target.WriteLine(Dim(Row(heads, widths)));
        foreach (string[] row in cells)
        {
            target.WriteLine(Row(row, widths));
        }
    }

    /// <summary>Shows how far a job is: a bar on a terminal, else a line every 10 seconds.</summary>
    public void Progress(string what, long done, long total)
    {
        double share = total <= 0 ? 0 : Math.Clamp((double)done / total, 0, 1);
        if (Console.IsErrorRedirected || plain)
        {
            DateTimeOffset now = DateTimeOffset.UtcNow;
            if (now - _lastLine >= TimeSpan.FromSeconds(10))
            {
                _lastLine = now;
                Console.Error.WriteLine(total > 0
                    ? T($"{what}: {done:N0} of {total:N0}") : $"{what} {done:N0}");
            }

            return;
        }

        int filled = (int)(share * BarWidth);
        string bar = total > 0 ? new string('#', filled).PadRight(BarWidth, '.') + $" {share:P0}" : "";
        Console.Error.Write($"\r{what} {done:N0}  {bar}\u001b[K");
        _barShown = true;
    }

    /// <summary>Takes the bar away.</summary>
    public void ProgressDone()
    {
        if (_barShown)
        {
            Console.Error.Write("\r\u001b[K");
            _barShown = false;
        }
    }

    // What reads the terminal cannot be stopped: it is left behind.
    private static T Typed<T>(Func<T> read)
    {
        try
        {
            return Task.Run(read).WaitAsync(Stop).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine();
            throw;
        }
    }

    private static string Row(IReadOnlyList<string> cells, int[] widths) =>
        string.Join("  ", cells.Select((cell, i) =>
        i == widths.Length - 1 ? TextWidth.Cut(cell, widths[i]) : TextWidth.Pad(cell, widths[i]))).TrimEnd();

    private static int SafeWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 100;
        }
    }
}
