using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>A page of lines that scroll.</summary>
internal abstract class TextPage(Desk desk) : Page(desk)
{
    private readonly TextScroll scroll = new();
    private int drawnWidth;
    private IReadOnlyList<IReadOnlyList<Span>>? lines;

    public override IReadOnlyList<Verb> Hints { get; } = [Verb.Back, Verb.Down, Verb.CopyId, Verb.Search];

    /// <summary>The lines for a width.</summary>
    protected abstract IReadOnlyList<IReadOnlyList<Span>> Lines(int width);

    protected override void Refused(NodeFailure failure)
    {
        base.Refused(failure);
        Renew();
    }

    /// <summary>The lines are no longer what they were.</summary>
    protected void Renew() => lines = null;

    public override void Draw(Area area, bool focused)
    {
        if (lines is null || drawnWidth != area.Width)
        {
            (lines, drawnWidth) = (Lines(area.Width), area.Width);
        }

        scroll.Fit(lines.Count, area.Height);
        for (int i = 0; i < area.Height && scroll.Top + i < lines.Count; i++)
        {
            area.Write(0, i, lines[scroll.Top + i]);
        }

        if (scroll.More)
        {
            area.Write(0, area.Height - 1, Columns.Pad(T("(more below: j)"), area.Width), Style.Heading);
        }
    }

    public override string? Run(Verb verb) => scroll.Move(verb) ? null : NotHere;
}
