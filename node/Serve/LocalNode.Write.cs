using System.Globalization;
using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

// What is changed.
internal sealed partial class LocalNode
{
    public async Task<PeerListView> PeersAsync(PeerRequest? change, CancellationToken stop)
    {
        PeerId? changed = change is null ? null : await ChangePeersAsync(change);
        string? removed = change?.Action == "remove" ? changed?.ToString() : null;

        IReadOnlyList<PeerSyncState> states = await _mesh.AskAsync(r => r.PeerStates());
        Instant now = _mesh.Now;
        List<PeerView> items = [];
        string[] banned;
        lock (_local)
        {
            banned = [.. _local.Banned];
        }

        // The connection to one that was just banned or removed may not have ended yet.
        string?[] parting = [.. banned, removed];
        Net.PeerInfo[] connected =
            [.. (_mesh.Host?.Peers ?? []).Where(p => !parting.Contains(p.Id.ToString()))];
        foreach (Net.PeerInfo peer in connected.OrderBy(p => p.Id))
        {
            items.Add(PeerViews.Connected(peer, states.FirstOrDefault(s => s.Peer == peer.Id), now));
        }

        foreach (Multiaddr address in _mesh.DialTargets.Where(a => connected.All(p => p.Id != a.Peer)))
        {
            items.Add(PeerViews.Offline(address, _mesh.DialFailures.GetValueOrDefault(address)));
        }

        HashSet<string> listed = [.. items.Select(i => i.PeerId), .. banned];
        items.AddRange(
            (await _history.AllAsync()).Where(r => !listed.Contains(r.Peer))
                .Select(row => PeerViews.Known(row, now)));
        items.AddRange(banned.Select(b => new PeerView { PeerId = b, State = "banned" }));
        return new PeerListView(ApiSchema.Name, items);
    }

    public async Task<TrustListView> TrustAsync(TrustRequest? change, CancellationToken stop)
    {
        if (change is not null)
        {
            await ChangeTrustAsync(change);
            await ToldAsync(stop);
        }

        await RefreshStandingsAsync(_mesh, _authors);
        var state = await _mesh.AskAsync(r => new
        {
            Vouchers = r.Identities.Authors.ToDictionary(a => a, r.Policy.VoucherOf),
            Followed = r.Policy.Followed.ToList(),
            Declined = r.Identities.Authors.ToDictionary(a => a, r.Policy.BeyondQuota),
            Counts = r.Identities.Authors.ToDictionary(a => a, a => r.DigestOf(a).Count),
            Missing = r.Identities.Authors.ToDictionary(
                a => a, a =>
                    r.Identities.KeysOf(a).Sum(k => k.Grant.Key is { } key ? r.MissingOf(key).Count : 0)),
        });
        TrustItem[] items =
        [
            .. _authors.All.OrderByDescending(a => a.Id == _keys.Author).ThenByDescending(a => a.Standing)
                .ThenBy(a => a.Id)
                .Select(a => new TrustItem(
                    _authors.View(a.Id), VouchedBy(a, state.Vouchers.GetValueOrDefault(a.Id)),
                    state.Counts.GetValueOrDefault(a.Id), state.Missing.GetValueOrDefault(a.Id), null)
                {
                    Declined = state.Declined.GetValueOrDefault(a.Id),
                }),
        ];
        return new TrustListView(ApiSchema.Name, items, [.. state.Followed.Select(f => f.ToString())]);
    }

    private static string Short(string id) => id.Substring(Cid.DagCborPrefix.Length, 8);

    private static string? Language(string? tag) => tag is null || LanguageTag.IsWellFormed(tag)
        ? tag : throw ApiException.Usage($"\"{tag}\" is not a language tag", "BCP 47, e.g. de or pt-BR");

    /// <summary>The body of a request.</summary>
    /// <exception cref="ApiException">It breaks a rule of its type (2).</exception>
    internal static IpldMap ReadBody(SubmitRequest request)
    {
        if (Schema.Of(request.Type) is not { } schema)
        {
            throw ApiException.Usage(
                $"unknown type \"{request.Type}\"", string.Join(", ", RecordTypes.Understood));
        }

        if (!BodyJson.TryRead(request.Type, request.Body, out IpldMap? body, out FieldProblem? problem))
        {
            throw ApiException.Usage(problem.ToString(), "incidentmesh submit --help");
        }

        FieldProblem[] problems = [.. schema.Check(body), .. Backwards(body)];
        return problems.Length == 0
            ? body
            : throw ApiException.Usage(string.Join("; ", problems.Take(5)), "nothing was stored");
    }

    // No rule of records, whose authors are of many opinions: a slip of whoever writes one here. Where one of
    // the two has a time of day and the other none, their zones may differ by a day.
    private static IEnumerable<FieldProblem> Backwards(IpldMap body)
    {
        IpldMap? occurred = (body.Get<IpldMap>("content") ?? body).Get<IpldMap>("occurred");
        return occurred?.Get<IpldText>("start")?.Value is { } start
            && occurred.Get<IpldText>("end")?.Value is { } end && IsBefore(end, start)
            ? [new FieldProblem("occurred.end", $"{end} is before occurred.start")] : [];
    }

    private static bool IsBefore(string end, string start)
    {
        static bool At(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
        bool timed = end.Contains('T', StringComparison.Ordinal);
        int both = Math.Min(end.Length, start.Length);
        return timed == start.Contains('T', StringComparison.Ordinal) && (timed
            ? At(end, out DateTimeOffset last) && At(start, out DateTimeOffset first) && last < first
            : string.CompareOrdinal(end[..both], start[..both]) < 0);
    }

    private void CheckRelations(string type, Relation[] relations)
    {
        if (relations.Length > 1 && relations.Select(r => r.To).Distinct().Count() < relations.Length)
        {
            throw ApiException.Usage("a report cannot be linked with itself", "give two reports");
        }

        foreach (Relation relation in relations.Where(r => r.How is Relation.Supersedes or Relation.Retracts))
        {
            ReportViews.Stored target = Find(relation.To.ToString());
            Cid author = target.Record.Header.Author;
            if (author != _keys.Author)
            {
                string verb = type == RecordTypes.Retraction ? "retract" : "correct";
                string name =
                    $"author {_authors.Name(author.Digest)}, you are {_authors.Name(_keys.Author.Digest)}";
                throw ApiException.NotAllowed(
                    "not-author", $"only the author can {verb} {relation.To.Short} ({name})",
                    $"incidentmesh attest {relation.To.Short} --dispute");
            }
        }
    }

    // Of a version that has a newer one only that version is taken back or corrected.
    // A correction of what was corrected already would leave two versions side by side.
    private void CheckCurrent(Relation[] relations)
    {
        Digest[] superseded =
            [.. relations.Where(r => r.How == Relation.Supersedes).Select(r => r.To.Digest)];
        if (superseded.Length > 0 && superseded.All(id => _mesh.Columns.CurrentOf(id) != id))
        {
            string current = Short(ReportViews.Text(_mesh.Columns.CurrentOf(superseded[0])));
            throw ApiException.Usage(
                $"{Short(ReportViews.Text(superseded[0]))} is no longer the current version, {current} is",
                $"incidentmesh correct {current}");
        }
    }

    // What is said of a report is said by others; what was taken back stays as it is.
    private void CheckStanding(Relation[] relations)
    {
        foreach (Relation relation in relations)
        {
            string at = relation.To.Short;
            bool judges = relation.How is Relation.Supersedes or Relation.Retracts or Relation.Attests;
            if (judges && _mesh.Columns.TryFind(relation.To.Digest, out RecordRow row)
                && row.Type == RecordTypes.Retraction)
            {
                throw ApiException.Usage(
                    $"{at} takes another record back: it is neither taken back, corrected nor attested",
                    $"incidentmesh show {at}");
            }

            if (relation.How == Relation.Attests && Find(relation.To.ToString()).Record.Header.Author
                == _keys.Author)
            {
                throw ApiException.NotAllowed(
                    "own-report", $"{at} is your own: others say what they know of it",
                    $"incidentmesh correct {at}, or retract {at}");
            }

            if (relation.How is Relation.Supersedes or Relation.Retracts && IsRetracted(relation.To.Digest))
            {
                throw ApiException.Usage($"{at} is retracted already", $"incidentmesh show {at} --history");
            }
        }
    }

    private bool IsRetracted(Digest id) =>
        _mesh.Columns.TryFind(id, out RecordRow row) && (row.Flags & RowFlags.Retracted) != 0;

    // A record of ours that says the same: submitting or importing twice adds nothing.
    private Digest? Known(string type, IpldMap content) =>
        _mesh.Columns.WithContent(ReportReader.ContentHash(content))
        .Where(r => r.Type == type && r.Author == _keys.Author.Digest).Select(r => (Digest?)r.Id)
            .FirstOrDefault();

    private async Task<IReadOnlyList<SignedRecord>> SignAsync(
        IReadOnlyList<(string Type, IpldMap Content, string? Language, Relation[] Relations, long? Created)>
            records)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        try
        {
            return await _mesh.SignAsync(_keys.Device.Public, [.. records.Select(r =>
                new Func<IReadOnlyList<Head>, SignedRecord>(heads =>
                    _builder.Sign(r.Type, r.Content, heads, r.Created ?? now, r.Language, r.Relations)))]);
        }
        catch (ArgumentException e)
        {
            throw ApiException.Usage(e.Message.Split(" (Parameter")[0], "nothing was stored");
        }
    }

    private Task<List<ReadOnlyMemory<byte>>> EventsOfAsync(Cid author) => _mesh.AskAsync(r =>
        r.Identities.EventsOf(author).Select(e => e.Envelope).ToList());

    /// <summary>The address of a peer.</summary>
    /// <exception cref="ApiException">It is none, or does not say which peer (2).</exception>
    internal static Multiaddr PeerAddress(string text) =>
        Multiaddr.TryParse(text, out Multiaddr? address, out _) && address.Peer is not null ? address
        : throw ApiException.Usage(
            $"\"{text}\" does not name a peer", "e.g. /ip4/192.0.2.7/tcp/4711/p2p/12D3KooW…");

    private async Task<PeerId> ChangePeersAsync(PeerRequest change)
    {
        Multiaddr? address = change.Action == "add" ? PeerAddress(change.Peer) : null;
        PeerId peer = address?.Peer ?? await PeerOfAsync(change.Peer);

        switch (change.Action)
        {
            case "add":
                await DecideAsync(new LocalEntry.RememberPeer(peer.ToString(), [address!.ToString()]));
                _mesh.Host?.Unban(peer);
                _mesh.Connect(address);
                break;
            case "remove" when !await IsKnownAsync(peer):
                throw ApiException.NotFound($"no peer \"{change.Peer}\"", "incidentmesh peers");
            case "remove":
                await DecideAsync(new LocalEntry.ForgetPeer(peer.ToString()));
                await _history.ForgetAsync(peer);
                _mesh.Host?.Unban(peer);
                _mesh.Disconnect(peer);
                break;
            case "ban":
                await DecideAsync(new LocalEntry.BanPeer(peer.ToString()));
                _mesh.Disconnect(peer);
                _mesh.Host?.Ban(peer, TimeSpan.FromDays(3_650));
                break;
            case "unban" when !IsBanned(peer):
                throw ApiException.NotFound(
                    $"the peer \"{change.Peer}\" is not banned", "incidentmesh peers");
            case "unban":
                await DecideAsync(new LocalEntry.ForgetPeer(peer.ToString()));
                _mesh.Host?.Unban(peer);
                break;
            default:
                throw ApiException.Usage(
                    $"unknown action \"{change.Action}\"", "add, remove, ban or unban");
        }

        return peer;
    }

    private async Task<bool> IsKnownAsync(PeerId peer) => IsBanned(peer)
        || (_mesh.Host?.Peers ?? []).Any(p => p.Id == peer) || _mesh.DialTargets.Any(a => a.Peer == peer)
        || (await _history.AllAsync()).Any(row => row.Peer == peer.ToString());

    private bool IsBanned(PeerId peer)
    {
        lock (_local)
        {
            return _local.Banned.Contains(peer.ToString());
        }
    }

    private async Task ChangeTrustAsync(TrustRequest change)
    {
        Cid[] found = [.. _authors.Find(change.Subject)];
        if (found.Length != 1)
        {
            throw ApiException.NotFound(
                found.Length == 0 ? $"no author \"{change.Subject}\"" : $"\"{change.Subject}\" is ambiguous",
                "incidentmesh trust list shows the authors; an id in full always works");
        }

        Cid author = found[0];
        string id = author.ToString();
        (LocalEntry entry, Action<Policy.TrustPolicy> apply) = change.Action switch
        {
            "add" => (new LocalEntry.TrustAuthor(id), p => p.Trust(author)),
            "remove" => (new LocalEntry.ForgetAuthor(id), p => p.Forget(author)),
            "deny" => (new LocalEntry.DenyAuthor(id), p => p.Deny(author)),
            "follow" => (new LocalEntry.FollowList(id), p => p.Follow(author)),
            "unfollow" => (new LocalEntry.UnfollowList(id), p => p.Unfollow(author)),
            "name" => (
                (LocalEntry)new LocalEntry.NameAuthor(id, change.Name ?? ""),
                (Action<Policy.TrustPolicy>)(_ => { })),
            _ => throw ApiException.Usage(
                $"unknown action \"{change.Action}\"", "add, remove, deny, name or follow"),
        };
        if (author == _keys.Author && change.Action is "remove" or "deny")
        {
            throw ApiException.NotAllowed("own", "this is your own identity", null);
        }

        if (change.Name is { Length: > 0 } name && _authors.Find("@" + name).Any(other => other != author))
        {
            throw ApiException.Usage(
                $"\"{name}\" is the name of another author", "incidentmesh trust list shows the names");
        }

        await DecideAsync(entry);
        if (change.Action == "add" && change.Name is not null)
        {
            await DecideAsync(new LocalEntry.NameAuthor(id, change.Name));
        }

        if (change.Name is not null)
        {
            _authors.SetName(author, change.Name.Length > 0 ? change.Name : null);
        }

        await _mesh.AskAsync(r =>
        {
            r.ChangePolicy(apply, _mesh.Now);
            return true;
        });
    }

    private async Task DecideAsync(LocalEntry entry)
    {
        await _mesh.AppendLocalAsync(entry);
        lock (_local)
        {
            _local.Apply(entry);
        }
    }

    private string? VouchedBy(AuthorBook.Author author, Cid? voucher) => author.Standing switch
    {
        _ when author.Id == _keys.Author => "you",
        Policy.Standing.Trusted => voucher is null ? "you" : _authors.Name(voucher.Value.Digest),
        Policy.Standing.Introduced when voucher is not null => _authors.Name(voucher.Value.Digest),
        Policy.Standing.Denied => "you",
        _ => null,
    };
}
