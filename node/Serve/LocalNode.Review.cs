using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Policy;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

// What waits for the operator's decision, and the decision.
internal sealed partial class LocalNode
{
    // Bytes of the latest drops are kept, so that they can be taken back.
    private const int DropsKept = 50;
    private static readonly TimeSpan AcceptPatience = TimeSpan.FromSeconds(3);

    // Those of the log have no bytes in quarantine, and do not leave it by age.
    private sealed record HeldBack(
        IReadOnlyList<QuarantineEntry> Entries, IReadOnlySet<Digest> Stored,
        IReadOnlyDictionary<Cid, string> Why, IReadOnlyList<PendingRecord> Pending, long Bytes, Instant Now);

    public async Task<ReviewView> ReviewAsync(int limit, CancellationToken stop)
    {
        await _index.SettleAsync().WaitAsync(stop);
        HeldBack held = await HeldBackAsync();
        QuarantineEntry[] waiting =
        [
            // One that is not on disk yet cannot be shown.
            .. held.Entries.Where(e => IsWaiting(e.Id) && _views.Read(e.Id) is not null)
                .OrderByDescending(e => e.Since).ThenBy(e => e.Id),
        ];
        HashSet<string> here = [.. held.Entries.Select(e => ReportViews.Text(e.Id))];
        Dictionary<Cid, string?> called = waiting.GroupBy(e => e.Author)
            .ToDictionary(g => g.Key, g => CallsItself(g));
        string[] latest = DroppedIds();
        (IReadOnlyList<ProposedPairView> duplicates, int pairs) = Duplicates(limit);
        return new ReviewView(
            ApiSchema.Name,
            [.. waiting.Take(limit).Select(e => Waiting(e, held, called)).OfType<QuarantineItem>()],
            duplicates,
            [
                .. waiting.GroupBy(e => e.Author).OrderByDescending(g => g.Count()).ThenBy(g => g.Key)
                    .Take(limit).Select(g => new WaitingAuthor(
                        Stranger(g.Key, called[g.Key]), g.Count(), g.Sum(e => (long)e.Bytes),
                        Time(g.Min(e => e.Since)), held.Why[g.Key], Warning(g.Key, called[g.Key]))),
            ],
            [
                .. held.Pending.Take(limit).Select(p => new PendingItem(
                    p.Record.Id.ToString(), p.Record.Header.Author.ToString(), p.Missing.ToString(),
                    p.Peer.ToString()!, Math.Max(0, (p.Until - held.Now).TotalSeconds))),
            ],
            new QuarantineRoom(
                held.Entries.Count - held.Stored.Count, Limits.Policy.QuarantineRecords, held.Bytes,
                Limits.Policy.QuarantineBytes),
            waiting.Length,
            [.. latest.Where(here.Contains)])
        {
            DuplicatesTotal = pairs,
            AuthorsTotal = called.Count,
        };
    }

    public async Task<ReviewDone> ReviewAsync(ReviewRequest change, CancellationToken stop)
    {
        if (change.Action is "cannot-tell" or "ask-again")
        {
            return await JudgePairAsync(change);
        }

        bool? accepted = change.Action switch
        {
            "accept" => true,
            "drop" => false,
            "undo" => null,
            _ => throw ApiException.Usage(
                $"unknown action \"{change.Action}\"", "accept, drop, undo, cannot-tell or ask-again"),
        };
        HeldBack held = await HeldBackAsync();
        List<Digest> ids = [];
        List<ReviewFailure> failed = [];
        foreach (string given in change.Ids)
        {
            if (Target(given, held, accepted, out string? why) is not { } id)
            {
                failed.Add(new ReviewFailure(given, why!));
                continue;
            }

            await DecideAsync(new LocalEntry.ReviewRecord(ReportViews.Text(id), accepted));
            _authors.SetAccepted(id, accepted == true);
            ids.Add(id);
        }

        await ApplyReviewAsync(ids, accepted, stop);
        await ForgetOldDropsAsync();
        return new ReviewDone(ApiSchema.Name, change.Action, [.. ids.Select(ReportViews.Text)], failed);
    }

    // What is let in moves into the log and the indexes; who asks next shall find it.
    private async Task ApplyReviewAsync(List<Digest> ids, bool? accepted, CancellationToken stop)
    {
        HashSet<Digest> open = accepted == true ? [.. ids] : [];
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Note(Record record)
        {
            lock (open)
            {
                if (open.Remove(record.Id.Digest) && open.Count == 0)
                {
                    all.SetResult();
                }
            }
        }

        bool waits = open.Count > 0;
        _index.Indexed += Note;
        try
        {
            await _mesh.AskAsync(r =>
            {
                r.ChangePolicy(p => ids.ForEach(id => p.Review(id, accepted)), _mesh.Now);
                return true;
            });
            if (waits)
            {
                await Task.WhenAny(all.Task, Task.Delay(AcceptPatience, stop));
            }
        }
        finally
        {
            _index.Indexed -= Note;
        }

        await ToldAsync(stop);
    }

    // What a change of the policy brings about is told after the question that made it, and before the next:
    // who asks after it shall find it.
    private async Task ToldAsync(CancellationToken stop)
    {
        _ = await _mesh.AskAsync(r => r.RecordCount);
        await Task.WhenAny(_index.SettleAsync(), Task.Delay(AcceptPatience, stop));
    }

    private async Task<ReviewDone> JudgePairAsync(ReviewRequest change)
    {
        if (change.Ids.Count != 2)
        {
            throw ApiException.Usage($"{change.Action} takes the two reports of a pair");
        }

        string[] ids = [.. change.Ids.Select(id => Find(id).Record.Id.ToString())];
        string answer = change.Action == "cannot-tell" ? change.Action : "";
        await DecideAsync(new LocalEntry.JudgePair(ids[0], ids[1], answer));
        return new ReviewDone(ApiSchema.Name, change.Action, ids, []);
    }

    private Task<HeldBack> HeldBackAsync() => _mesh.AskAsync(r =>
    {
        QuarantineEntry[] stored = [.. r.Unadmitted.Select(u => EntryOf(u.Author, u.Id))];
        QuarantineEntry[] all = [.. r.Quarantine.Entries, .. stored];
        return new HeldBack(
            all,
            stored.Select(e => e.Id).ToHashSet(),
            all.Select(e => e.Author).Distinct().ToDictionary(a => a, r.Policy.Explain),
            r.Pending,
            r.Quarantine.Bytes,
            _mesh.Now);
    });

    private QuarantineEntry EntryOf(Cid author, Digest id) => _mesh.Columns.TryFind(id, out RecordRow row)
        ? new QuarantineEntry(id, author, row.Created, 0, "", row.Received)
        : new QuarantineEntry(id, author, 0, 0, "", default);

    // A record in quarantine; or, to take a decision back, one that was decided on.
    private Digest? Target(string given, HeldBack held, bool? accepted, out string? why)
    {
        Digest[] decided;
        lock (_local)
        {
            decided = [.. Digests(_local.Reviews.Keys)];
        }

        IEnumerable<Digest> among = held.Entries.Select(e => e.Id).Concat(decided);
        Digest[] found = [.. among.Where(d => Names(given, d)).Distinct().Take(Ambiguous)];
        why = found switch
        {
            [] => "nothing of this id waits in quarantine",
            [_, _] => "the id is ambiguous: give more characters",
            [{ } one] when accepted is null && !decided.Contains(one) => "nothing was decided on it",
            [{ } one] when accepted == false && held.Entries.All(e => e.Id != one) =>
                "it is no longer in quarantine; undo takes an accept back",
            _ => null,
        };
        return why is null ? found[0] : null;
    }

    private static bool Names(string given, Digest id)
    {
        string text = ReportViews.Text(id);
        return text == given || (given.Length >= 4
            && (text.StartsWith(given, StringComparison.Ordinal)
                || text.AsSpan(Cid.DagCborPrefix.Length).StartsWith(given, StringComparison.Ordinal)));
    }

    private async Task ForgetOldDropsAsync()
    {
        Digest[] old = [.. Digests(DroppedIds().Skip(DropsKept))];
        await _mesh.AskAsync(r =>
        {
            r.ForgetQuarantined(old);
            return true;
        });
    }

    private string[] DroppedIds()
    {
        lock (_local)
        {
            return [.. _local.Reviews.Where(r => !r.Value).Select(r => r.Key).Reverse()];
        }
    }

    // What was dropped may still be brought back, and is kept until then.
    private bool IsWaiting(Digest id) => ReviewOf(id) != false;

    private bool? ReviewOf(Digest id)
    {
        lock (_local)
        {
            return _local.Reviews.TryGetValue(ReportViews.Text(id), out bool accepted) ? accepted : null;
        }
    }

    private QuarantineItem? Waiting(QuarantineEntry entry, HeldBack held, Dictionary<Cid, string?> called)
    {
        if (_views.Read(entry.Id) is not { } stored)
        {
            return null;
        }

        int ofKey = held.Entries.Count(e => e.Author == entry.Author);
        bool leaves = !held.Stored.Contains(entry.Id);
        TimeSpan left = entry.Since + TimeSpan.FromDays(Limits.Policy.QuarantineDays) - held.Now;
        return new QuarantineItem(
            _views.Item(stored) with { Author = Stranger(entry.Author, called[entry.Author]) },
            held.Why[entry.Author],
            Warning(entry.Author, called[entry.Author]),
            stored.Record.Header.Key.ToString(),
            ofKey == 1,
            entry.Peer.Length > 0 ? entry.Peer : null,
            stored.Frame.Head.Length + stored.Frame.Body.Length,
            leaves ? Math.Max(0, (int)Math.Ceiling(left.TotalDays)) : null);
    }

    // What an author calls herself in a profile that is held back with the rest.
    private string? CallsItself(IEnumerable<QuarantineEntry> ofAuthor) => ofAuthor
        .Select(e => _views.Read(e.Id)).OfType<ReportViews.Stored>()
        .Where(s => s.Record.Header.Type == RecordTypes.Profile && s.Map is not null)
        .OrderByDescending(s => s.Record.Header.Created)
        .Select(s => (TypedBody.Read(RecordTypes.Profile, s.Map!) as ProfileBody)?.Name)
        .FirstOrDefault(name => name is not null);

    private AuthorView Stranger(Cid author, string? called)
    {
        AuthorView view = _authors.View(author);
        return view with { CallsItself = view.CallsItself ?? called };
    }

    private string? Warning(Cid author, string? called)
    {
        AuthorBook.Author? like = called is null ? null : _authors.All.FirstOrDefault(a =>
            a.Id != author && _authors.Admits(a.Id.Digest)
            && new[] { a.Name, a.CallsItself }.OfType<string>().Any(n => NameLikeness.Alike(n, called)));
        return like is null ? null
            : $"calls itself like {_authors.Name(like.Id.Digest)}, signs with another key";
    }

    private (IReadOnlyList<ProposedPairView> Pairs, int Total) Duplicates(int limit)
    {
        HashSet<(Digest, Digest)> putOff;
        lock (_local)
        {
            putOff =
            [
                .. _local.Pairs.Keys.Select(p => Digests([p.Item1, p.Item2]).ToArray())
                    .Where(p => p.Length == 2).Select(p => (p[0], p[1])),
            ];
        }

        int total = 0;
        IReadOnlyList<Cluster.ProposedPair> proposed =
            _index.WithClusters(c => c.Proposals(limit, out total, putOff)) ?? [];
        List<ProposedPairView> pairs = [];
        foreach (Cluster.ProposedPair pair in proposed)
        {
            if (_views.Read(pair.A) is { } first && _views.Read(pair.B) is { } second)
            {
                pairs.Add(new ProposedPairView(
                    _views.Item(first), _views.Item(second), Math.Round(pair.Verdict.Probability, 3),
                    pair.Verdict.Label.Replace(' ', '-'), pair.Verdict.Reasons));
            }
        }

        return (pairs, total);
    }

    private static IEnumerable<Digest> Digests(IEnumerable<string> ids) =>
        ids.SelectMany(id => Cid.TryParse(id, out Cid cid) ? [cid.Digest] : Array.Empty<Digest>());

    private static DateTimeOffset Time(Instant at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at.Milliseconds);
}
