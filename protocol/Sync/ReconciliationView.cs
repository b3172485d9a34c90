using System.Security.Cryptography;

namespace IncidentMesh.Protocol.Sync;

/// <summary>What a node reconciles with one peer: its set, together with the items that this peer offered
/// and the node declined (<c>specs/sync.md</c>, section 6). Looks through to both sets, copies neither; they
/// must be disjoint.</summary>
/// <param name="set">The reconciled set.</param>
/// <param name="overlay">The declined items of the peer, or null.</param>
public sealed class ReconciliationView(ReconciliationSet set, ReconciliationSet? overlay = null)
{
    /// <summary>Bytes of a fingerprint.</summary>
    public const int FingerprintBytes = 16;

    private readonly ReconciliationSet _set = set;
    private readonly ReconciliationSet _overlay = overlay ?? new ReconciliationSet();

    /// <summary>Number of items in both.</summary>
    public int Count => _set.Count + _overlay.Count;

    /// <summary>How many items lie before <paramref name="bound"/>.</summary>
    public int LowerBound(ReconciliationItem bound) => _set.LowerBound(bound) + _overlay.LowerBound(bound);

    /// <summary>The item at a rank.</summary>
    public ReconciliationItem this[int rank]
    {
        get
        {
            if (_overlay.Count == 0)
            {
                return _set[rank];
            }

            int inSet = SplitOf(rank);
            int inOverlay = rank - inSet;
            return inOverlay == _overlay.Count || (inSet < _set.Count && _set[inSet] < _overlay[inOverlay])
                ? _set[inSet]
                : _overlay[inOverlay];
        }
    }

    /// <summary>The items from one rank up to another in order. Neither set may change meanwhile.</summary>
    public IEnumerable<ReconciliationItem> Range(int from, int to)
    {
        if (_overlay.Count == 0)
        {
            return _set.Range(from, to);
        }

        int first = SplitOf(from);
        int last = SplitOf(to);
        return Merge(_set.Range(first, last), _overlay.Range(from - first, to - last));
    }

    /// <summary>First 16 bytes of SHA-256(sum of ids mod 2^256, little-endian || varint count) over the ranks
    /// from <paramref name="from"/> up to <paramref name="to"/>. Source: negentropy v1.</summary>
    public void Fingerprint(int from, int to, Span<byte> destination)
    {
        IdSum sum = SumBefore(to);
        sum.Subtract(SumBefore(from));
        Span<byte> input = stackalloc byte[32 + NegentropyVarint.MaxLength];
        sum.WriteTo(input);
        int length = 32 + NegentropyVarint.Write(input[32..], (ulong)(to - from));
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input[..length], hash);
        hash[..FingerprintBytes].CopyTo(destination);
    }

    private IdSum SumBefore(int rank)
    {
        int inSet = SplitOf(rank);
        IdSum sum = _set.SumBefore(inSet);
        sum.Add(_overlay.SumBefore(rank - inSet));
        return sum;
    }

    /// <summary>How many of the first <paramref name="rank"/> items come from the set.</summary>
    private int SplitOf(int rank)
    {
        int low = Math.Max(0, rank - _overlay.Count);
        int high = Math.Min(rank, _set.Count);
        while (low < high)
        {
            int inSet = (low + high) >>> 1;
            if (_set[inSet] < _overlay[rank - inSet - 1])
            {
                low = inSet + 1;
            }
            else
            {
                high = inSet;
            }
        }

        return low;
    }

    private static IEnumerable<ReconciliationItem> Merge(
        IEnumerable<ReconciliationItem> left, IEnumerable<ReconciliationItem> right)
    {
        using IEnumerator<ReconciliationItem> a = left.GetEnumerator();
        using IEnumerator<ReconciliationItem> b = right.GetEnumerator();
        bool moreA = a.MoveNext();
        bool moreB = b.MoveNext();
        while (moreA || moreB)
        {
            if (!moreB || (moreA && a.Current < b.Current))
            {
                yield return a.Current;
                moreA = a.MoveNext();
            }
            else
            {
                yield return b.Current;
                moreB = b.MoveNext();
            }
        }
    }
}
