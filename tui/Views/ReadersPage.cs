using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;

namespace IncidentMesh.Tui.Views;

/// <summary>Who can read a report, in words of its TLP label.</summary>
internal sealed class ReadersPage(Desk desk, ReportItem item) : TextPage(desk)
{
    public override string Crumb => $"{SafeText.Show(item.Short)} > Who reads it";

    public override ReportItem? Subject => item;

    protected override IReadOnlyList<IReadOnlyList<Span>> Lines(int width)
    {
        var lines = new LineBuilder(Math.Min(width, 100));
        lines.Text(ReportRows.Title(item), Style.Strong);
        lines.Heading($"TLP:{SafeText.Show(item.Tlp)}");
        lines.Text(
            item.Tlp switch
            {
                "CLEAR" => "Everyone, for ever, in copies that nobody can call back.",
                "GREEN" => "The community.",
                "AMBER" => "The readers' organisation and its clients.",
                "AMBER+STRICT" => "The readers' organisation.",
                "RED" => "Only the people named.",
                _ => "A label that this program does not know.",
            },
            Style.Plain);
        lines.Heading("HOW IT IS KEPT");
        lines.Item(item.Verified.Signature ? "=" : "!", item.Verified.Signature ? Ink.Good : Ink.Bad,
            $"signed by {Words.Name(item.Author)}, who is named to all readers", 2);
        lines.Item("!", Ink.Warn, "not encrypted: sealing, and proof of who read it, come later", 2);
        lines.Item("=", Style.Plain, item.State == "quarantined"
            ? "this node only: not relayed, served or synced until accepted"
            : $"given to every peer; {Words.Count(Desk.Node.Status?.Peers ?? 0, "peer")} connected now", 2);
        lines.Blank();
        lines.Text("It can be loosened later, never tightened.", Style.Plain);
        return lines.Lines;
    }
}
