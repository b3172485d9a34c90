namespace IncidentMesh.Node.Store;

/// <summary>What a replay of all <see cref="LocalEntry"/> frames comes to. Pure: the same entries in the
/// same order give the same state. One owner.</summary>
public sealed class LocalState
{
    private readonly HashSet<string> _trusted = [], _denied = [], _followed = [], _banned = [];
    private readonly Dictionary<string, string> _names = [], _notes = [];
    private readonly OrderedDictionary<string, bool> _reviews = [];
    private readonly Dictionary<(string, string), string> _pairs = [];
    private readonly HashSet<string> _read = [], _unread = [], _bookmarked = [];
    private readonly Dictionary<string, LocalEntry.SaveSearch> _searches = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _peers = [];

    /// <summary>Authors whose records are taken without limits.</summary>
    public IReadOnlySet<string> Trusted => _trusted;

    /// <summary>Authors whose records are refused.</summary>
    public IReadOnlySet<string> Denied => _denied;

    /// <summary>Authors whose trust lists count.</summary>
    public IReadOnlySet<string> Followed => _followed;

    /// <summary>The operator's names for authors.</summary>
    public IReadOnlyDictionary<string, string> Names => _names;

    /// <summary>Private notes by record.</summary>
    public IReadOnlyDictionary<string, string> Notes => _notes;

    /// <summary>Quarantined records that were let in (true) or thrown away (false), in the order of the
    /// decisions.</summary>
    public IReadOnlyDictionary<string, bool> Reviews => _reviews;

    /// <summary>Answers to proposed duplicates, the smaller id first.</summary>
    public IReadOnlyDictionary<(string, string), string> Pairs => _pairs;

    /// <summary>Records read.</summary>
    public IReadOnlySet<string> Read => _read;

    /// <summary>Records marked unread again.</summary>
    public IReadOnlySet<string> Unread => _unread;

    /// <summary>Records bookmarked.</summary>
    public IReadOnlySet<string> Bookmarked => _bookmarked;

    /// <summary>Saved queries by name.</summary>
    public IReadOnlyDictionary<string, LocalEntry.SaveSearch> Searches => _searches;

    /// <summary>Peers to dial and their addresses.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Peers => _peers;

    /// <summary>Peers not to let in.</summary>
    public IReadOnlySet<string> Banned => _banned;

    /// <summary>The state after the local frames of a log, read one by one.</summary>
    public static LocalState Replay(RecordLog log, IEnumerable<LogPosition> frames)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(frames);
        var state = new LocalState();
        foreach (LogPosition position in frames)
        {
            if (log.Read(position) is { } frame && LocalEntry.TryRead(frame, out LocalEntry? entry))
            {
                state.Apply(entry);
            }
        }
        return state;
    }

    /// <summary>Takes in the next entry.</summary>
    public void Apply(LocalEntry entry)
    {
        switch (entry)
        {
            case LocalEntry.MarkRecord mark:
                Set(_read, mark.Record, mark.Read);
                Set(_unread, mark.Record, !mark.Read);
                Set(_bookmarked, mark.Record, mark.Bookmarked);
                break;
            case LocalEntry.WriteNote note:
                SetText(_notes, note.Record, note.Text);
                break;
            case LocalEntry.ReviewRecord review:
                // Taken out first, so that the order is that of the latest decisions.
                _reviews.Remove(review.Record);
                if (review.Accepted is { } accepted) { _reviews.Add(review.Record, accepted); }
                break;
            case LocalEntry.JudgePair pair:
                bool ordered = string.CompareOrdinal(pair.Record, pair.Other) <= 0;
                SetText(_pairs, ordered ? (pair.Record, pair.Other) : (pair.Other, pair.Record), pair.Answer);
                break;
            case LocalEntry.SaveSearch search:
                _searches[search.Name] = search;
                break;
            case LocalEntry.DropSearch search:
                _searches.Remove(search.Name);
                break;
            default:
                ApplyToAuthorsAndPeers(entry);
                break;
        }
    }

    private void ApplyToAuthorsAndPeers(LocalEntry entry)
    {
        switch (entry)
        {
            case LocalEntry.TrustAuthor of:
                _trusted.Add(of.Author);
                _denied.Remove(of.Author);
                break;
            case LocalEntry.DenyAuthor of:
                _denied.Add(of.Author);
                _trusted.Remove(of.Author);
                _followed.Remove(of.Author);
                break;
            case LocalEntry.ForgetAuthor of:
                _trusted.Remove(of.Author);
                _denied.Remove(of.Author);
                break;
            case LocalEntry.NameAuthor of:
                SetText(_names, of.Author, of.Name);
                break;
            case LocalEntry.FollowList of:
                _followed.Add(of.Author);
                break;
            case LocalEntry.UnfollowList of:
                _followed.Remove(of.Author);
                break;
            case LocalEntry.RememberPeer peer:
                _peers[peer.Peer] = peer.Addresses;
                _banned.Remove(peer.Peer);
                break;
            case LocalEntry.ForgetPeer peer:
                _peers.Remove(peer.Peer);
                _banned.Remove(peer.Peer);
                break;
            case LocalEntry.BanPeer peer:
                _banned.Add(peer.Peer);
                _peers.Remove(peer.Peer);
                break;
        }
    }

    private static void Set(HashSet<string> set, string record, bool? on)
    {
        if (on == true) { set.Add(record); }
        else if (on == false) { set.Remove(record); }
    }

    private static void SetText<TKey>(Dictionary<TKey, string> texts, TKey key, string text)
        where TKey : notnull
    {
        if (text.Length == 0) { texts.Remove(key); }
        else { texts[key] = text; }
    }
}
