using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Text;

namespace IncidentMesh.Tui.Views;

/// <summary>Lays text out in lines of a width.</summary>
internal sealed class LineBuilder(int width)
{
    private readonly List<IReadOnlyList<Span>> lines = [];

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<IReadOnlyList<Span>> Lines => lines;

    /// <summary>Lines without their styles.</summary>
    public static IReadOnlyList<string> Texts(IReadOnlyList<IReadOnlyList<Span>> lines) =>
        [.. lines.Select(l => string.Concat(l.Select(s => s.Text)))];

    /// <summary>An empty line, unless one stands there already.</summary>
    public void Blank()
    {
        if (lines.Count > 0 && lines[^1].Count > 0)
        {
            lines.Add([]);
        }
    }

    /// <summary>A heading after an empty line.</summary>
    public void Heading(string text)
    {
        Blank();
        lines.Add([new Span(text, Style.Heading)]);
    }

    /// <summary>Text, wrapped; <paramref name="text"/> is safe to show.</summary>
    public void Text(string text, Style style, int indent = 0)
    {
        foreach (string line in Wrap.Lines(text, width - indent))
        {
            lines.Add([new Span(new string(' ', indent) + line, style)]);
        }
    }

    /// <summary>Short pieces side by side; one that is written from right to left has a line of its own,
    /// so that it reorders nothing beside it.</summary>
    public void Parts(IReadOnlyList<string> parts)
    {
        string[] safe = [.. parts.Where(p => p.Length > 0).Select(p => SafeText.Show(p))];
        string together = string.Join("  ", safe.Where(p => !Rtl.Has(p)));
        foreach (string line in safe.Where(Rtl.Has).Prepend(together).Where(l => l.Length > 0))
        {
            Text(line, Style.Plain);
        }
    }

    /// <summary>A mark, then text that is wrapped beside it.</summary>
    public void Item(string mark, Style style, string text, int markWidth)
    {
        string pad = Columns.Pad(mark, markWidth - 1) + " ";
        foreach (string line in Wrap.Lines(text, width - markWidth))
        {
            lines.Add([new Span(pad, style), new Span(line, Style.Plain)]);
            pad = new string(' ', markWidth);
        }
    }
}
