using System.Globalization;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;

namespace IncidentMesh.Tui.Views;

/// <summary>The peers, whether each has the same records as this node, and the node's own state.</summary>
internal sealed class PeersPage(Desk desk) : Page(desk)
{
    private const int LabelWidth = 11;

    private readonly ListCursor cursor = new();
    private readonly LatestOnly asking = new();
    private IReadOnlyList<PeerView>? peers;
    private Span? trouble;

    public override string Crumb => "Peers and sync";

    public override bool IsRoot => true;

    public override Span? State => trouble;

    public override IReadOnlyList<Verb> Hints { get; } =
        [Verb.Sync, Verb.New, Verb.Drop, Verb.Deny, Verb.CopyId, Verb.Back];

    public override void Refresh() => Change(null);

    private void Change(PeerRequest? change, Action? then = null) => asking.Submit(done => Desk.Courier.Ask(
        (node, stop) => node.PeersAsync(change, stop),
        answer =>
        {
            then?.Invoke();
            string? selected = Selected?.PeerId;
            peers = answer.Items;
            trouble = null;
            cursor.Fit(peers.Count, cursor.Rows);
            cursor.Select(Math.Max(0, peers.ToList().FindIndex(p => p.PeerId == selected)));
            done();
        },
        failure =>
        {
            done();
            if (failure.IsLost)
            {
                Desk.Failed(failure);
            }
            else
            {
                trouble = Trouble(failure);
            }
        }));

    public override void Pulse() => Refresh();

    public override void Happened(EventView e)
    {
        if (e.Kind is "peer" or "status" && Desk.Top == this)
        {
            Refresh();
        }
    }

    public override void Draw(Area area, bool focused)
    {
        if (peers is null)
        {
            area.Write(2, 1, trouble is null ? "asking the node" : "", Style.Plain);
            return;
        }

        IReadOnlyList<IReadOnlyList<Span>> below = Below(area.Width);
        int rows = Math.Clamp(area.Height - 1 - below.Count, Math.Min(3, peers.Count), peers.Count);
        cursor.Fit(peers.Count, rows);
        Head(area);
        for (int i = 0; i < rows; i++)
        {
            Peer(area, i + 1, peers[cursor.Top + i]);
            if (cursor.Top + i == cursor.Selected)
            {
                area.Write(0, i + 1, ">", Style.Strong);
                if (focused)
                {
                    area.Select(i + 1, Style.Selected);
                }
            }
        }

        int from = Math.Max(1, rows) + 1;
        if (peers.Count == 0)
        {
            area.Field(2, 1, area.Width - 2, "No peers. incidentmesh peers add ADDR joins another node",
                Style.Strong);
        }

        for (int i = 0; i < below.Count && from + i < area.Height; i++)
        {
            area.Write(0, from + i, below[i]);
        }
    }

    public override string? Run(Verb verb)
    {
        if (cursor.Move(verb))
        {
            return null;
        }

        switch (verb)
        {
            case Verb.Open:
                return "all that is known of the peer stands below the list";
            case Verb.Pane:
                return "one pane only here";
            case Verb.Sync:
                return "a node syncs by itself every few seconds; asking for it comes later";
            case Verb.New:
                Desk.Ask(new Dialog("Add a peer", [new("address, /ip4/…/p2p/…", [])], answers => Set(
                    new PeerRequest("add", answers[0]), "the peer was added",
                    new PeerRequest("remove", answers[0]))));
                return null;
            case Verb.Drop or Verb.Deny or Verb.CopyId when Selected is null:
                return "no peer is selected";
            case Verb.Drop or Verb.Deny:
                string peer = Selected.PeerId;
                Set(
                    new PeerRequest(verb == Verb.Drop ? "remove" : "ban", peer),
                    verb == Verb.Drop ? "the peer was dropped" : "the peer was banned",
                    new PeerRequest("add", Selected.Address ?? peer));
                return null;
            case Verb.CopyId:
                Desk.Copy(Selected.Address ?? Selected.PeerId, "the peer's address");
                return null;
            default:
                return NotHere;
        }
    }

    private void Set(PeerRequest change, string done, PeerRequest back) => Change(change, () =>
    {
        Desk.Undoable(done, () => Change(back));
        Desk.Say($"{done}   {KeyMap.Of(Verb.Undo).Key} undo");
    });

    public override void Click(int row, bool twice) => cursor.Select(cursor.Top + Math.Max(0, row - 1));

    private PeerView? Selected =>
        peers is not null && cursor.Selected < peers.Count ? peers[cursor.Selected] : null;

    private static void Head(Area area)
    {
        area.Write(2, 0, "PEER", Style.Heading);
        area.Write(13, 0, "STATE", Style.Heading);
        area.Write(26, 0, "WAY", Style.Heading);
        area.Write(31, 0, "LAST SYNC", Style.Heading);
        area.Write(55, 0, "AGO", Style.Heading);
        area.Write(62, 0, "LAG", Style.Heading);
        area.Write(70, 0, "SOFTWARE", Style.Heading);
    }

    private void Peer(Area area, int row, PeerView peer)
    {
        (string mark, Style style) = peer.State switch
        {
            "equal" => ("=", (Style)Ink.Good),
            "syncing" => ("~", Style.Plain),
            "behind" => ("!", Ink.Warn),
            "refused" or "banned" => ("x", Ink.Bad),
            "offline" => ("-", Style.Plain),
            _ => (" ", Style.Plain),
        };
        bool ever = peer.SyncedSecondsAgo is not null;
        area.Field(2, row, 10, Words.Peer(peer.PeerId, Desk.Ellipsis), Style.Plain);
        area.Field(13, row, 12, $"{mark} {SafeText.Show(peer.State)}", style);
        area.Field(26, row, 4, peer.Direction is null ? "-" : SafeText.Show(peer.Direction), Style.Plain);
        area.Field(31, row, 23, ever
            ? $"{Words.Count(peer.Received, "record")} {Bytes(peer.ReconciliationBytes)}" : "-",
            Style.Plain);
        area.Field(55, row, 6, peer.SyncedSecondsAgo is { } seconds ? Words.Ago(seconds) : "-", Style.Plain);
        area.Field(62, row, 7, peer.LagMilliseconds is { } lag
            ? string.Create(CultureInfo.InvariantCulture, $"{lag:0}ms") : "-", Style.Plain);
        area.Field(70, row, area.Width - 70, peer.Agent is null ? "unknown"
            : SafeText.Show(peer.Agent), Style.Plain);
    }

    private static string Bytes(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000.0:0.0} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000.0:0.0} MB"),
    };

    private IReadOnlyList<IReadOnlyList<Span>> Below(int width)
    {
        var lines = new LineBuilder(width);
        lines.Text("", Style.Plain);
        if (Selected is { } peer)
        {
            Fact(lines, "Peer", SafeText.Show(peer.Address ?? peer.PeerId));
            if (peer.SyncedSecondsAgo is not null)
            {
                Fact(lines, "Last sync", $"{Words.Count(peer.Received, "record")} came in "
                    + $"{Words.Count(peer.Rounds, "round")}; {Bytes(peer.ReconciliationBytes)} to find them");
            }

            if (peer.Note is { Length: > 0 } note)
            {
                lines.Item("  ! Note", Ink.Warn, SafeText.Show(note), LabelWidth + 2);
            }

            lines.Blank();
        }

        if (Desk.Node.Status is not { } status)
        {
            return lines.Lines;
        }

        int into = peers!.Count(p => p.Direction == "in");
        int outOf = peers!.Count(p => p.Direction == "out");
        string address = status.Addresses is [var first, ..] ? first : status.PeerId;
        Fact(lines, "You", $"{SafeText.Show(address)}   in {into}  out {outOf}");
        Fact(lines, "Records",
            $"{Words.Number(status.Records)} in all, {Words.Number(status.Pending)} wait for a key, "
            + $"{Words.Number(status.Quarantine)} in quarantine");
        Fact(lines, "Digest", $"{Head(status.RecordDigest)} records   {Head(status.ClusterDigest)} "
            + Words.Count(status.Clusters, "cluster"));
        Fact(lines, "Model", Model(status));
        foreach (string warning in status.Warnings)
        {
            lines.Item("  ! Warning", Ink.Warn, SafeText.Show(warning), LabelWidth + 2);
        }

        return lines.Lines;
    }

    private static string Model(StatusView status)
    {
        string device = status.Graph is null ? "none"
            : $"graph {Head(status.Graph)[..6]} on {status.Device ?? "cpu"}";
        string waiting = status.EmbedBacklog > 0 ? $", {Words.Number(status.EmbedBacklog)} to embed" : "";
        return SafeText.Show(device + waiting + (status.ModelNote is null ? "" : "; " + status.ModelNote));
    }

    private static string Head(string hex) => SafeText.Show(hex.Length > 8 ? hex[..8] : hex.PadRight(8));

    private static void Fact(LineBuilder lines, string label, string text) =>
        lines.Item("  " + label, Style.Heading, text, LabelWidth + 2);
}
