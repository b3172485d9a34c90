using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace IncidentMesh.Tui.Data;

/// <summary>Server-sent events (WHATWG HTML, 9.2.6): bytes in, the data of each event out. Ids stand inside
/// our JSON, so only <c>data</c> lines matter; comments keep the connection alive.</summary>
internal sealed class EventStreamReader
{
    private const int LineBytesMax = 1024 * 1024;

    private readonly List<byte> line = [];
    private readonly StringBuilder data = new();
    private readonly Queue<string> ready = new();

    /// <summary>Takes the next bytes of the stream.</summary>
    /// <exception cref="NodeFailure">A line is longer than 1 MiB.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            if (b == '\n')
            {
                EndLine();
            }
            else if (b != '\r')
            {
                line.Add(b);
                if (line.Count > LineBytesMax)
                {
                    throw NodeFailure.NotUnderstood("an event is too long");
                }
            }
        }
    }

    /// <summary>The data of the next event that is complete.</summary>
    public bool TryTake([NotNullWhen(true)] out string? taken) => ready.TryDequeue(out taken);

    private void EndLine()
    {
        string text = Encoding.UTF8.GetString([.. line]);
        line.Clear();
        if (text.Length == 0)
        {
            if (data.Length > 0)
            {
                ready.Enqueue(data.ToString());
                data.Clear();
            }
        }
        else if (text.StartsWith("data:", StringComparison.Ordinal))
        {
            data.Append(data.Length > 0 ? "\n" : "").Append(text.AsSpan(5).TrimStart(' '));
        }
    }
}
