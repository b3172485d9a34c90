using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Policy;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

// Why a record stands here as it does, the keys, and sync on demand.
internal sealed partial class LocalNode
{
    private static readonly TimeSpan SyncPatience = TimeSpan.FromSeconds(60);
    private const int LeastOfPeer = 4;
    private static readonly TimeSpan SyncPause = TimeSpan.FromMilliseconds(50);

    public async Task<ExplainView> ExplainAsync(
        string id, string? reader, string? peer, CancellationToken stop)
    {
        ReportViews.Stored stored = await FindAsync(id);
        Cid author = stored.Record.Header.Author;
        Digest digest = stored.Record.Id.Digest;
        int bytes = stored.Frame.Head.Length + stored.Record.Header.Size;
        (string why, PolicyDecision decision, bool counts) = await _mesh.AskAsync(r => (
            r.Policy.Explain(author),
            r.Policy.Judge(author, digest, stored.Record.Header.Created, bytes),
            r.Policy.Admits(author, digest)));
        ReportItem item = _views.Item(stored);
        return new ExplainView(
            ApiSchema.Name, item.Id, item.Title, item.Tlp,
            "everyone: it is signed, not encrypted, and copies cannot be called back",
            counts ? "relayed, served and reconciled in the open"
                : "this node only: not relayed, served or reconciled",
            item.Author, why, decision.Disposition.ToString().ToLowerInvariant(), decision.Reason,
            Decisions(stored), ReaderOf(reader), peer is null ? null : await ReaderOfAsync(peer, counts));
    }

    public async Task<KeyListView> KeysAsync(CancellationToken stop)
    {
        IReadOnlyList<(KeyGrant Grant, Cid AddedBy)> signing =
            await _mesh.AskAsync(r => r.Identities.KeysOf(_keys.Author));
        bool Here(string kind) => File.Exists(Path.Combine(_folder.Keys, kind + ".key"));
        string Place(string kind, string use) =>
            Here(kind) ? $"{use}; move it off this machine" : $"{use}; not on this machine";
        bool sealedDevice = KeyFile.NeedsPassphrase(
            await File.ReadAllTextAsync(Path.Combine(_folder.Keys, "device.key"), stop));
        return new KeyListView(ApiSchema.Name, _keys.Author.ToString(),
        [
            new KeyItem("root", null, Place("root", "changes the identity"), Here("root"), true),
            new KeyItem("next", null, Place("next", "takes the root key's place"), Here("next"), true),
            .. signing.Select(k => new KeyItem(
                "device", k.Grant.Key?.ToString(), $"signs, added by {k.AddedBy.Short}",
                k.Grant.Key == _keys.Device.Public, k.Grant.Key == _keys.Device.Public && sealedDevice)),
            new KeyItem("host", PeerId.Of(_keys.Host.Public).ToString(), "what peers know", true, false),
            .. _drafts.HasKey
                ? [new KeyItem("draft", null, "opens drafts", true, true)] : Array.Empty<KeyItem>(),
        ]);
    }

    public async Task<PeerListView> SyncAsync(SyncRequest request, CancellationToken stop)
    {
        PeerId? one = request.Peer is null ? null : await PeerOfAsync(request.Peer);
        Instant start = _mesh.Now;
        PeerId[] asked = await _mesh.AskAsync(r =>
        {
            PeerId[] peers = [.. r.PeerStates().Where(p => p.Syncs && (one is null || p.Peer == one))
                .Select(p => p.Peer)];
            foreach (PeerId peer in peers)
            {
                r.SyncNow(peer, request.Full, _mesh.Now);
            }

            return peers;
        });
        if (asked.Length == 0)
        {
            throw new ApiException(
                "no-peer", one is null ? "no peer is connected" : "the peer is not connected",
                "incidentmesh peers add ADDRESS", ExitCode.NeedsNode);
        }

        // Until each has come to an end since, or the patience has.
        while (_mesh.Now - start < SyncPatience && await _mesh.AskAsync(r => r.PeerStates().Any(p =>
            asked.Contains(p.Peer) && (p.Running || p.LastSynced is not { } at || at < start))))
        {
            await Task.Delay(SyncPause, stop);
        }

        return await PeersAsync(null, stop);
    }

    // An address, an id, or the end of the id of a peer that is known here, as the list of peers prints it.
    private async Task<PeerId> PeerOfAsync(string text)
    {
        PeerId? named = Multiaddr.TryParse(text, out Multiaddr? address, out _) ? address.Peer
            : PeerId.TryParse(text, out PeerId id) ? id : null;
        string[] known = named is not null || text.Length < LeastOfPeer ? [] :
        [
            .. (await PeersAsync(null, CancellationToken.None)).Items.Select(p => p.PeerId).Distinct()
                .Where(p => p.EndsWith(text, StringComparison.Ordinal)),
        ];
        return named ?? (known is [string one] && PeerId.TryParse(one, out PeerId found) ? found
            : throw ApiException.Usage(
                known.Length > 1 ? $"\"{text}\" is ambiguous" : $"\"{text}\" does not name a peer",
                "incidentmesh peers"));
    }

    private ReaderView? ReaderOf(string? reader)
    {
        if (reader is null)
        {
            return null;
        }

        IReadOnlyList<Cid> found = _authors.Find(reader);
        return found.Count == 1
            ? new ReaderView(_authors.Name(found[0].Digest), "yes", "TLP:CLEAR is for everyone")
            : throw ApiException.NotFound(
                found.Count == 0 ? $"no author \"{reader}\"" : $"\"{reader}\" is ambiguous",
                "incidentmesh trust list shows the authors");
    }

    private async Task<ReaderView> ReaderOfAsync(string text, bool counts)
    {
        PeerId peer = await PeerOfAsync(text);
        PeerSyncState? state = await _mesh.AskAsync(r => r.PeerStates().FirstOrDefault(p => p.Peer == peer));
        (string answer, string why) = (counts, state) switch
        {
            (false, _) => ("no", "this node sends it to nobody"),
            (_, null) => ("unknown", "it may ask for it when it connects"),
            (_, { LastSynced: not null }) => (
                "yes", "offered when the two last reconciled; whether it was taken is its own policy"),
            _ => ("unknown", "connected, not reconciled yet"),
        };
        return new ReaderView(peer.ToString()!, answer, why);
    }

    // Local entries of the log, and what people signed: links, attestations, later versions.
    private IReadOnlyList<DecisionView> Decisions(ReportViews.Stored stored)
    {
        string id = stored.Record.Id.ToString();
        string author = stored.Record.Header.Author.ToString();
        List<DecisionView> decisions = [];
        foreach (LogPosition position in _mesh.Columns.LocalFrames)
        {
            if (_mesh.Log.Read(position) is { } frame && LocalEntry.TryRead(frame, out LocalEntry? entry)
                && Told(entry, id, author) is { } what)
            {
                decisions.Add(new DecisionView(Time(frame.Received), "you", what, null));
            }
        }

        foreach (Cluster.ClusterLink link in
            _index.WithClusters(c => c.Claims(stored.Record.Id.Digest)) ?? [])
        {
            ClaimView claim = _views.Claim(link);
            string other = claim.From == id ? claim.To : claim.From;
            decisions.Add(new DecisionView(
                claim.Created, _authors.Name(link.Author),
                $"{claim.Kind} with {Short(other)}{Because(claim.Reason)}", claim.Id));
        }

        return [.. decisions.Concat(Signed(stored)).OrderBy(d => d.At)];
    }

    private IEnumerable<DecisionView> Signed(ReportViews.Stored stored)
    {
        IReadOnlyList<VersionView> history = _views.History(stored);
        string author = _authors.Name(stored.Record.Header.Author.Digest);
        foreach (VersionView version in history.Where(v => v.Kind != "original"))
        {
            string what = (version.Kind, version.Reason) switch
            {
                ("correction", null) => "corrected it",
                ("correction", var why) => $"corrected it: {why}",
                (_, null) => "retracted it",
                (_, var why) => $"retracted it: {why}",
            };
            yield return new DecisionView(version.Created, author, what, version.Id);
        }

        foreach (AnswerView answer in _views.Answers(history.Select(v => v.Id)))
        {
            string said = string.Join(", ", new[] { answer.Verdict, answer.Basis }.OfType<string>())
                + Because(answer.Reason);
            string who = Cid.TryParse(answer.Author.Id, out Cid id) ? _authors.Name(id.Digest)
                : answer.Author.Id;
            yield return new DecisionView(answer.Created, who, $"said of it: \"{said}\"", answer.Id);
        }
    }

    private static string Because(string? reason) => reason is null ? "" : $": {reason}";

    private static string? Told(LocalEntry entry, string id, string author) => entry switch
    {
        LocalEntry.ReviewRecord r when r.Record == id => r.Accepted switch
        {
            true => "accepted it out of quarantine",
            false => "dropped it",
            null => "took the decision on it back",
        },
        LocalEntry.JudgePair p when p.Record == id || p.Other == id =>
            $"{(p.Answer.Length > 0 ? "could not tell" : "asked again")} whether it is the same event as "
            + Short(p.Record == id ? p.Other : p.Record),
        LocalEntry.MarkRecord m when m.Record == id => string.Join(" and ", new[]
        {
            m.Read switch { true => "read it", false => "marked it unread", null => null },
            m.Bookmarked switch { true => "bookmarked it", false => "took the bookmark off", null => null },
        }.OfType<string>()),
        LocalEntry.WriteNote n when n.Record == id => n.Text.Length > 0 ? "noted something" : "cut the note",
        LocalEntry.TrustAuthor a when a.Author == author => "trusted its author",
        LocalEntry.ForgetAuthor a when a.Author == author => "took the author off your lists",
        LocalEntry.DenyAuthor a when a.Author == author => "denied its author",
        LocalEntry.FollowList a when a.Author == author => "followed the author's trust list",
        LocalEntry.UnfollowList a when a.Author == author => "no longer follow the author's trust list",
        LocalEntry.NameAuthor a when a.Author == author => $"named the author \"{a.Name}\"",
        _ => null,
    };
}
