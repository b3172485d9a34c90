using System.Collections.Concurrent;
using IncidentMesh.Tui.Shell;

namespace IncidentMesh.Tui.Plain;

/// <summary>Reads lines and feeds them to a <see cref="PlainShell"/>, each when the answers to the one before
/// have come. At the end of the input it finishes what would be lost.</summary>
internal sealed class PlainLoop(Desk desk, PlainShell shell, ConcurrentQueue<Action> posted)
{
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string?> lines = new();

    /// <summary>Runs until <c>q</c>, or until all of the input is done.</summary>
    /// <param name="input">The lines.</param>
    /// <param name="prompt">Called before each line is waited for.</param>
    public void Run(TextReader input, Action prompt)
    {
        new Thread(() => Read(input)) { IsBackground = true }.Start();
        shell.Greet();
        long turn = -1;
        DateTimeOffset? end = null;
        while (!desk.Ended && !(end < desk.Time.GetUtcNow()))
        {
            while (posted.TryDequeue(out Action? action))
            {
                action();
                desk.Changed();
            }

            desk.Tick();
            if (desk.Courier.Waiting > 0)
            {
                Thread.Sleep(Nap);
                continue;
            }

            if (desk.Version != turn)
            {
                turn = desk.Version;
                shell.Tell();
                prompt();
            }

            if (end is not null && !desk.IsBusy)
            {
                return;
            }

            if (lines.TryDequeue(out string? line))
            {
                end = Take(line);
            }
            else
            {
                Thread.Sleep(Nap);
            }
        }
    }

    private DateTimeOffset? Take(string? line)
    {
        if (line is not null)
        {
            shell.Enter(line);
            desk.Changed();
            return null;
        }

        desk.Finish();
        return desk.Time.GetUtcNow() + Patience;
    }

    private void Read(TextReader input)
    {
        while (input.ReadLine() is { } line)
        {
            lines.Enqueue(line);
        }

        lines.Enqueue(null);
    }
}
