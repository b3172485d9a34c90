using System.Collections.Concurrent;
using System.Text;
using IncidentMesh.Tui.Plain;
using IncidentMesh.Tui.Shell;
using Microsoft.Extensions.Time.Testing;

namespace IncidentMesh.Tests.Tui;

/// <summary>The terminal UI line by line: what was typed and written, as a transcript. Time stands still
/// until <see cref="Wait"/>.</summary>
internal sealed class PlainScreen : IDisposable
{
    private readonly ConcurrentQueue<Action> posted = new();
    private readonly StringWriter output = new() { NewLine = "\n" };
    private readonly StringBuilder transcript = new();
    private readonly PlainShell shell;

    public PlainScreen(FakeNode? node = null, bool tour = false)
    {
        Node = node ?? new FakeNode();
        var courier = new Courier(Node, posted.Enqueue, inline: true, CancellationToken.None);
        Desk = new Desk(courier, Time) { IsPlain = true, Tour = tour };
        if (Node.Failure is null)
        {
            Desk.Told(Node.Status);
        }

        shell = new PlainShell(Desk, output);
        shell.Greet();
        Settle();
    }

    public FakeNode Node { get; }

    public FakeTimeProvider Time { get; } = new(FakeReports.Now);

    public Desk Desk { get; }

    /// <summary>All that was typed, each line after a <c>></c>, and written.</summary>
    public string Transcript => transcript.ToString();

    /// <summary>What was written since the last line that was typed.</summary>
    public string Last { get; private set; } = "";

    public void Dispose() => output.Dispose();

    public PlainScreen Enter(params string[] lines)
    {
        foreach (string line in lines)
        {
            transcript.Append("> ").Append(line).Append('\n');
            shell.Enter(line);
            Settle();
        }

        return this;
    }

    public PlainScreen Wait(double seconds)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        Settle();
        return this;
    }

    /// <summary>Something happens while nobody types.</summary>
    public PlainScreen Meanwhile(Action happens)
    {
        happens();
        Settle();
        return this;
    }

    private void Settle()
    {
        do
        {
            while (posted.TryDequeue(out Action? action))
            {
                action();
            }

            Desk.Tick();
        }
        while (!posted.IsEmpty);
        shell.Tell();
        Last = output.ToString();
        output.GetStringBuilder().Clear();
        transcript.Append(Last);
    }
}
