using System.Globalization;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>The peers, whether each has the same records as this node, and the node's own state.</summary>
internal sealed class PeersPage(Desk desk) : Page(desk)
{
    private const int LabelWidth = 11;

    private readonly ListCursor cursor = new();
    private readonly LatestOnly asking = new();
    private IReadOnlyList<PeerView>? peers;

    public override string Crumb => T("Peers and sync");

    public override bool IsRoot => true;

    public override IReadOnlyList<Verb> Hints { get; } =
        [Verb.Sync, Verb.New, Verb.Drop, Verb.Deny, Verb.CopyId, Verb.Back];

    public override string HintOf(Verb verb) => verb switch
    {
        Verb.New => T("add"),
        Verb.Deny => T("ban"),
        _ => base.HintOf(verb),
    };

    public override (ListCursor Cursor, int Count)? List => (cursor, peers?.Count ?? 0);

    public override string Row(int at)
    {
        PeerView peer = peers![at];
        string[] parts =
        [
            Words.Peer(peer.PeerId, Desk.Ellipsis), SafeText.Show(peer.State),
            peer.SyncedSecondsAgo is { } ago
                ? T($"synced {Words.Ago(ago)} ago") + ", " + T($"{Records(peer.Received)} came in")
                : T("never synced"),
            peer.LagMilliseconds is { } lag ? T($"lag {(int)lag} ms") : "",
            peer.Agent is null ? "" : SafeText.Show(peer.Agent),
            peer.Note is { Length: > 0 } note ? T($"note: {SafeText.Show(note)}") : "",
        ];
        return string.Join(", ", parts.Where(p => p.Length > 0));
    }

    public override IReadOnlyList<string> Lines() => peers is null or { Count: 0 } ? base.Lines()
        : LineBuilder.Texts(Below(Desk.WideColumns));

    public override void Refresh() => Change(null);

    private void Change(PeerRequest? change, Action? then = null) => Ask(
        (node, stop) => node.PeersAsync(change, stop),
        answer =>
        {
            then?.Invoke();
            Take(answer.Items);
        },
        asking,
        change is null ? null : Desk.Failed);

    private void Take(IReadOnlyList<PeerView> answer)
    {
        string? selected = Selected?.PeerId;
        peers = answer;
        cursor.Fit(peers.Count, cursor.Rows);
        cursor.Select(Math.Max(0, peers.ToList().FindIndex(p => p.PeerId == selected)));
    }

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
            Wait(area);
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
                area.Point(i + 1, focused);
            }
        }

        int from = Math.Max(1, rows) + 1;
        if (peers.Count == 0)
        {
            area.Field(2, 1, area.Width - 2, T("No peers. n adds one"), Style.Strong);
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
                return T("all that is known of the peer stands below the list");
            case Verb.Pane:
                return T("one pane only here");
            case Verb.Sync:
                new SyncJob(Desk, Take).Run();
                return null;
            case Verb.New:
                Desk.Ask(new Dialog(T("Add a peer"), [new(T("address, /ip4/…/p2p/…"), [])], answers => Set(
                    new PeerRequest("add", answers[0]), T("the peer was added"),
                    new PeerRequest("remove", answers[0]), Desk.Answered))
                    {
                        Stays = true,
                    });
                return null;
            case Verb.Drop or Verb.Deny or Verb.CopyId when Selected is null:
                return T("no peer is selected");
            case Verb.Drop or Verb.Deny:
                Leave(Selected, verb);
                return null;
            case Verb.CopyId:
                Desk.Copy(Selected.Address ?? Selected.PeerId, T("the peer's address"));
                return null;
            default:
                return NotHere;
        }
    }

    // One that connected to us cannot be called: it comes again by itself, as long as it is not banned.
    private void Leave(PeerView peer, Verb verb)
    {
        string? address = peer.Direction == "in" || peer.Address is not { } known ? null
            : known.Contains("/p2p/", StringComparison.Ordinal) ? known : $"{known}/p2p/{peer.PeerId}";
        PeerRequest again = address is null ? new("unban", peer.PeerId) : new("add", address);
        if (peer.State == "banned")
        {
            Set(new PeerRequest("unban", peer.PeerId), T("the peer is no longer banned"),
                new PeerRequest("ban", peer.PeerId));
        }
        else if (verb == Verb.Deny)
        {
            Set(new PeerRequest("ban", peer.PeerId), T("the peer was banned"), again);
        }
        else if (address is null)
        {
            Change(new PeerRequest("remove", peer.PeerId),
                () => Desk.Say(T("the peer was dropped; it may connect again by itself, X bans it")));
        }
        else
        {
            Set(new PeerRequest("remove", peer.PeerId), T("the peer was dropped"), again);
        }
    }

    private void Set(
        PeerRequest change, string done, PeerRequest back, Action? then = null) => Change(change, () =>
    {
        then?.Invoke();
        Desk.Undoable(done, () => Change(back));
        Desk.Say($"{done}   {KeyMap.Of(Verb.Undo).Key} {KeyMap.Of(Verb.Undo).Hint}");
    });

    public override void Click(int row, bool twice) => cursor.Select(cursor.Top + Math.Max(0, row - 1));

    private PeerView? Selected =>
        peers is not null && cursor.Selected < peers.Count ? peers[cursor.Selected] : null;

    private static void Head(Area area) => TableHead.Draw(
        area, 0, (2, T("PEER")), (13, T("STATE")), (26, T("WAY")), (31, T("LAST SYNC")), (55, T("AGO")),
        (62, T("LAG")), (70, T("SOFTWARE")));

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
            ? $"{Records(peer.Received)} {Bytes(peer.ReconciliationBytes)}" : "-",
            Style.Plain);
        area.Field(55, row, 6, peer.SyncedSecondsAgo is { } seconds ? Words.Ago(seconds) : "-", Style.Plain);
        area.Field(62, row, 7, peer.LagMilliseconds is { } lag
            ? string.Create(CultureInfo.InvariantCulture, $"{lag:0}ms") : "-", Style.Plain);
        area.Field(70, row, area.Width - 70, peer.Agent is null ? T("unknown")
            : SafeText.Show(peer.Agent), Style.Plain);
    }

    private static string Records(int count) =>
        Plural(count, $"{count} record", $"{Words.Number(count)} records");

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
            Fact(lines, T("Peer"), SafeText.Show(peer.Address ?? peer.PeerId));
            if (peer.SyncedSecondsAgo is not null)
            {
                string rounds = Plural(peer.Rounds, $"{peer.Rounds} round", $"{peer.Rounds} rounds");
                Fact(lines, T("Last sync"), T($"{Records(peer.Received)} came in {rounds}; ")
                    + T($"{Bytes(peer.ReconciliationBytes)} to find them"));
            }

            if (peer.Note is { Length: > 0 } note)
            {
                lines.Item("  ! " + T("Note"), Ink.Warn, SafeText.Show(note), LabelWidth + 2);
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
        Fact(lines, T("You"), SafeText.Show(address) + "   " + T($"in {into}  out {outOf}"));
        Fact(lines, T("Records"), T($"{Words.Number(status.Records)} in all, ")
            + T($"{Words.Number(status.Pending)} wait for a key, ")
            + T($"{Words.Number(status.Quarantine)} in quarantine"));
        Fact(lines, T("Digest"), T($"{Head(status.RecordDigest)} records") + "   "
            + Plural(status.Clusters, $"{Head(status.ClusterDigest)} {status.Clusters} cluster",
                $"{Head(status.ClusterDigest)} {Words.Number(status.Clusters)} clusters"));
        Fact(lines, T("Model"), Model(status));
        foreach (string warning in status.Warnings)
        {
            lines.Item("  ! " + T("Warning"), Ink.Warn, SafeText.Show(warning), LabelWidth + 2);
        }

        return lines.Lines;
    }

    private static string Model(StatusView status)
    {
        string device = status.Graph is null ? T("none")
            : T($"graph {Head(status.Graph)[..6]} on {status.Device ?? "cpu"}");
        string waiting = status.EmbedBacklog > 0
            ? ", " + T($"{Words.Number(status.EmbedBacklog)} to embed") : "";
        return SafeText.Show(device + waiting + (status.ModelNote is null ? "" : "; " + status.ModelNote));
    }

    private static string Head(string hex) => SafeText.Show(hex.Length > 8 ? hex[..8] : hex.PadRight(8));

    private static void Fact(LineBuilder lines, string label, string text) =>
        lines.Item("  " + label, Style.Heading, text, LabelWidth + 2);
}
