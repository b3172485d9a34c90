using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>Who can read a report, in words of its TLP label.</summary>
internal sealed class ReadersPage(Desk desk, ReportItem item) : TextPage(desk)
{
    public override string Crumb => Under(item, T("Who reads it"));

    public override ReportItem? Subject => item;

    protected override IReadOnlyList<IReadOnlyList<Span>> Lines(int width)
    {
        var lines = new LineBuilder(Math.Min(width, 100));
        lines.Text(ReportRows.Title(item), Style.Strong);
        lines.Heading($"TLP:{SafeText.Show(item.Tlp)}");
        lines.Text(
            item.Tlp switch
            {
                "CLEAR" => T("Everyone, for ever, in copies that nobody can call back."),
                "GREEN" => T("The community."),
                "AMBER" => T("The readers' organisation and its clients."),
                "AMBER+STRICT" => T("The readers' organisation."),
                "RED" => T("Only the people named."),
                _ => T("A label that this program does not know."),
            },
            Style.Plain);
        lines.Heading(T("HOW IT IS KEPT"));
        lines.Item(item.Verified.Signature ? "=" : "!", item.Verified.Signature ? Ink.Good : Ink.Bad,
            T($"signed by {Words.Name(item.Author)}, who is named to all readers"), 2);
        lines.Item("!", Ink.Warn, T("not encrypted: sealing, and proof of who read it, come later"), 2);
        int peers = Desk.Node.Status?.Peers ?? 0;
        lines.Item("=", Style.Plain, item.State == "quarantined"
            ? T("this node only: not relayed, served or synced until accepted")
            : Plural(peers, $"given to every peer; {peers:N0} peer connected now",
                $"given to every peer; {peers:N0} peers connected now"), 2);
        lines.Blank();
        lines.Text(T("It can be loosened later, never tightened."), Style.Plain);
        return lines.Lines;
    }
}
