using System.Runtime.InteropServices;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Store;

/// <summary>A table in memory of all records that the node holds (<c>specs/storage.md</c>, section 6): by
/// id below a microsecond, lists by time and filter, counts by value. A snapshot in <c>index/</c> makes the
/// start fast; it can be deleted at any time, as everything comes from the log. Safe from any thread: one
/// writer, many readers.</summary>
public sealed class Columns : IDisposable
{
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly ColumnArrays _arrays;
    private readonly TimeOrder _order;
    private readonly RowStates _states;
    private readonly List<long> _identityFrames, _localFrames;

    /// <summary>Empty columns.</summary>
    public Columns() : this(new ColumnArrays(), [], []) { }

    internal Columns(ColumnArrays arrays, List<long> identityFrames, List<long> localFrames)
    {
        (_arrays, _identityFrames, _localFrames) = (arrays, identityFrames, localFrames);
        _order = new TimeOrder(arrays);
        _states = new RowStates(arrays);
        _states.Restore();
    }

    /// <summary>Rows, dropped ones included.</summary>
    public int Count => _arrays.Count;

    /// <summary>Where the identity events stand in the log, in the order of writing.</summary>
    public IReadOnlyList<LogPosition> IdentityFrames => Positions(_identityFrames);

    /// <summary>Where the local decisions stand in the log, in the order of writing.</summary>
    public IReadOnlyList<LogPosition> LocalFrames => Positions(_localFrames);

    /// <summary>Adds a record; false if its id is known.</summary>
    public bool Add(in RowFields fields)
    {
        const RowFlags given = RowFlags.Quarantined | RowFlags.Erased | RowFlags.BodyMissing
            | RowFlags.Read | RowFlags.Unread | RowFlags.Bookmarked;
        _gate.EnterWriteLock();
        try
        {
            if (_arrays.Ids.Find(fields.Id) >= 0) { return false; }
            int row = _arrays.Append(fields);
            _arrays.Flags[row] = (int)(fields.Flags & given);
            _states.Add(row);
            return true;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Remembers where an identity event or a local decision stands.</summary>
    public void AddOther(FrameKind kind, LogPosition position)
    {
        _gate.EnterWriteLock();
        try
        {
            if (kind == FrameKind.IdentityEvent) { _identityFrames.Add(position.Value); }
            else if (kind == FrameKind.Local) { _localFrames.Add(position.Value); }
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Sets and clears flags of a record; those that the columns keep themselves are left alone. A
    /// record that leaves quarantine, or is dropped, changes what stands of the records that it
    /// names.</summary>
    public bool Mark(Digest id, RowFlags set, RowFlags clear = RowFlags.None)
    {
        const RowFlags own = RowFlags.Superseded | RowFlags.Corrects | RowFlags.Retracted | RowFlags.Disputed
            | RowFlags.Followed;
        const RowFlags silencing = RowFlags.Quarantined | RowFlags.Dropped;
        _gate.EnterWriteLock();
        try
        {
            int row = _arrays.Ids.Find(id);
            if (row < 0) { return false; }
            int before = _arrays.Flags[row];
            _arrays.Flags[row] = (before | (int)(set & ~own)) & ~(int)(clear & ~own);
            if (((before ^ _arrays.Flags[row]) & (int)silencing) != 0) { _states.Recompute(row); }
            return true;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Sets flags of the record whose frame stands at a position.</summary>
    internal bool MarkAt(LogPosition position, RowFlags set)
    {
        int row = Ask(() => _arrays.Position.AsSpan(0, _arrays.Count).IndexOf(position.Value));
        return row >= 0 && Mark(this[row].Id, set);
    }

    /// <summary>The row of a record's frame is another one now: its body came, or came again.</summary>
    public bool Move(Digest id, LogPosition position, RowFlags clear)
    {
        _gate.EnterWriteLock();
        try
        {
            int row = _arrays.Ids.Find(id);
            if (row < 0) { return false; }
            _arrays.Position[row] = position.Value;
            _arrays.Flags[row] &= ~(int)clear;
            return true;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>The row of a record, if it is known and not dropped.</summary>
    public bool TryFind(Digest id, out RecordRow row)
    {
        _gate.EnterReadLock();
        try
        {
            int number = _arrays.Ids.Find(id);
            bool found = number >= 0 && (_arrays.Flags[number] & (int)RowFlags.Dropped) == 0;
            row = found ? RowAt(number) : default;
            return found;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>Where a record's frame stands; the cheapest question.</summary>
    public bool TryFindPosition(Digest id, out LogPosition position)
    {
        _gate.EnterReadLock();
        try
        {
            int number = _arrays.Ids.Find(id);
            bool found = number >= 0 && (_arrays.Flags[number] & (int)RowFlags.Dropped) == 0;
            position = found ? new LogPosition(_arrays.Position[number]) : default;
            return found;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>A row by its number.</summary>
    public RecordRow this[int row]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count);
            return Ask(() => RowAt(row));
        }
    }

    /// <summary>The <c>prev</c> and the relations of a row.</summary>
    public IReadOnlyList<RowLink> LinksOf(int row)
    {
        return Ask(() =>
        {
            int start = _arrays.LinkStart[row];
            var links = new RowLink[_arrays.LinkStart[row + 1] - start];
            for (int i = 0; i < links.Length; i++)
            {
                string how = _arrays.Relations.ValueOf(_arrays.LinkHow[start + i])!;
                links[i] = new RowLink(how, _arrays.LinkTo[start + i]);
            }
            return links;
        });
    }

    /// <summary>The records that name another one by a relation (not by <c>prev</c>), known or not.</summary>
    public IReadOnlyList<RecordRow> Naming(Digest id) => Ask(() => _states.Naming(id)
        .Where(row => (_arrays.Flags[row] & (int)RowFlags.Dropped) == 0).Select(RowAt).ToArray());

    /// <summary>All versions of a report, itself included, the current one last; none where it is not
    /// held.</summary>
    public IReadOnlyList<RecordRow> Versions(Digest id) => Ask(() => _arrays.Ids.Find(id) is >= 0 and int row
        ? _states.Versions(row).Select(RowAt).ToArray() : []);

    /// <summary>The current version of a report; the id itself where it is not held.</summary>
    public Digest CurrentOf(Digest id) => Versions(id) is [.., RecordRow current] ? current.Id : id;

    /// <summary>The records of equal content, by the hash of it without salt.</summary>
    public IReadOnlyList<RecordRow> WithContent(ulong hash)
    {
        return Ask(() =>
        {
            var found = new List<RecordRow>();
            ReadOnlySpan<ulong> all = _arrays.ContentHash.AsSpan(0, _arrays.Count);
            for (int at = 0; hash != 0 && all[at..].IndexOf(hash) is >= 0 and int next; at += next + 1)
            {
                if ((_arrays.Flags[at + next] & (int)RowFlags.Dropped) == 0) { found.Add(RowAt(at + next)); }
            }
            return found;
        });
    }

    /// <summary>The newest rows of a filter, by (created, id) downwards.</summary>
    /// <param name="filter">Which rows.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="skip">Rows that an earlier page has shown.</param>
    public IReadOnlyList<RecordRow> Latest(RowFilter filter, int limit, int skip = 0)
    {
        return AskInOrder(order =>
        {
            var matcher = new RowMatcher(_arrays, filter);
            var found = new List<RecordRow>(Math.Min(limit, 64));
            if (limit <= 0 || matcher.MatchesNothing) { return found; }
            int from = filter.Since == long.MinValue ? 0 : order.LowerBound(filter.Since);
            int to = filter.Before == long.MaxValue ? order.Rows.Length : order.LowerBound(filter.Before);
            ReadOnlySpan<int> rows = order.Rows;
            for (int at = to - 1; at >= from && found.Count < limit; at--)
            {
                if (!matcher.Matches(rows[at])) { continue; }
                if (skip > 0) { skip--; }
                else { found.Add(RowAt(rows[at])); }
            }
            return found;
        });
    }

    /// <summary>How many rows a filter finds.</summary>
    public int CountOf(RowFilter filter)
    {
        return Ask(() =>
        {
            var matcher = new RowMatcher(_arrays, filter);
            int count = 0;
            for (int row = 0; row < _arrays.Count; row++) { count += matcher.Matches(row) ? 1 : 0; }
            return count;
        });
    }

    /// <summary>How many rows of a filter have each value of a column; rows without a value count
    /// nowhere.</summary>
    public IReadOnlyDictionary<string, int> CountBy(RowColumn column, RowFilter filter) =>
        Ask(() => RowCounts.By(_arrays, column, new RowMatcher(_arrays, filter)));

    /// <summary>Calls back for each row of a filter in the order of reconciliation, (created, id) upwards.
    /// The callback must not call the columns.</summary>
    public void ForEach(RowFilter filter, Action<RecordRow> visit)
    {
        AskInOrder(order =>
        {
            var matcher = new RowMatcher(_arrays, filter);
            foreach (int row in order.Rows)
            {
                if (matcher.Matches(row)) { visit(RowAt(row)); }
            }
            return 0;
        });
    }

    /// <summary>Writes a snapshot that covers the log up to <paramref name="covered"/>: every frame before
    /// it must have been added.</summary>
    public void Save(string path, uint logKey, LogPosition covered) => Files.WriteAtomic(
        path, Ask(() => ColumnsSnapshot.Write(_arrays, _identityFrames, _localFrames, logKey, covered)));

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private RecordRow RowAt(int row)
    {
        Span<byte> key = stackalloc byte[Digest.ByteLength];
        _arrays.Keys[_arrays.Key[row]].CopyTo(key);
        return new RecordRow(
            row, _arrays.Ids[row], _arrays.Authors[_arrays.Author[row]], new PublicKey(key),
            _arrays.Types.ValueOf(_arrays.Type[row]) ?? "", _arrays.Created[row],
            new Instant(_arrays.Received[row]), new LogPosition(_arrays.Position[row]), _arrays.Seq[row],
            _arrays.ContentHash[row],
            _arrays.Severities.ValueOf(_arrays.Severity[row]), _arrays.Verdicts.ValueOf(_arrays.Verdict[row]),
            _arrays.Languages.ValueOf(_arrays.Language[row]), _arrays.CountriesOf(row),
            (RowFlags)_arrays.Flags[row]);
    }

    private T Ask<T>(Func<T> question)
    {
        _gate.EnterReadLock();
        try
        {
            return question();
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    private T AskInOrder<T>(Func<TimeOrder, T> question)
    {
        while (true)
        {
            _gate.EnterReadLock();
            try
            {
                if (!_order.Stale) { return question(_order); }
            }
            finally
            {
                _gate.ExitReadLock();
            }
            _gate.EnterWriteLock();
            try
            {
                _order.Refresh();
            }
            finally
            {
                _gate.ExitWriteLock();
            }
        }
    }

    private LogPosition[] Positions(List<long> frames) =>
        Ask(() => MemoryMarshal.Cast<long, LogPosition>(CollectionsMarshal.AsSpan(frames)).ToArray());
}
