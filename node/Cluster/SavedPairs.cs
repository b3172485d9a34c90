using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <summary>The neighbours of a report that are kept.</summary>
/// <param name="Overflowed">Whether others were pushed out.</param>
/// <param name="Best">Reports, as places in the list, with probabilities in units of
/// 1/<see cref="AverageLinkage.One"/>.</param>
internal readonly record struct SavedNeighbours(
    bool Overflowed, IReadOnlyList<(int Place, int Probability)> Best);

/// <summary>The pairs that were compared, as bytes, so that a start does not compare them again
/// (<c>specs/same-event.md</c>, "Kept between starts"). What is damaged, or was made with another graph or
/// pair model, is no use, and all is compared again.
/// <code>
/// pairs     = "impairs1" key(32) count(u32) id(32)* neighbours* sha256(32)         little-endian
/// neighbours = overflowed(u8) n(u16) (place(u32) probability(u16))*
/// </code></summary>
internal sealed class SavedPairs
{
    private const int KeyAt = 8, CountAt = KeyAt + Digest.ByteLength, IdsAt = CountAt + sizeof(uint);
    private const int PairLength = sizeof(uint) + sizeof(ushort);
    private readonly Dictionary<Digest, int> _places = [];

    /// <summary>Pairs of some reports.</summary>
    public SavedPairs(IReadOnlyList<Digest> ids, IReadOnlyList<SavedNeighbours> neighbours)
    {
        (Ids, Neighbours) = (ids, neighbours);
        foreach (Digest id in ids)
        {
            _places.TryAdd(id, _places.Count);
        }
    }

    /// <summary>The reports.</summary>
    public IReadOnlyList<Digest> Ids { get; }

    /// <summary>For each report its neighbours.</summary>
    public IReadOnlyList<SavedNeighbours> Neighbours { get; }

    private static ReadOnlySpan<byte> Magic => "impairs1"u8;

    /// <summary>Whether the pairs of a report are known.</summary>
    public bool Contains(Digest id) => _places.ContainsKey(id);

    /// <summary>The pairs as bytes.</summary>
    /// <param name="key">What they depend on besides the reports.</param>
    public byte[] Write(Digest key)
    {
        using var stream = new MemoryStream();
        using var to = new BinaryWriter(stream);
        to.Write(Magic);
        to.Write(key.ToArray());
        to.Write(Ids.Count);
        foreach (Digest id in Ids)
        {
            to.Write(id.ToArray());
        }

        foreach (SavedNeighbours neighbours in Neighbours)
        {
            to.Write(neighbours.Overflowed);
            to.Write((ushort)neighbours.Best.Count);
            foreach ((int place, int probability) in neighbours.Best)
            {
                to.Write(place);
                to.Write((ushort)probability);
            }
        }

        to.Write(Digest.Sha256(stream.GetBuffer().AsSpan(0, (int)stream.Length)).ToArray());
        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote with the same key; false for anything else.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, Digest key, [NotNullWhen(true)] out SavedPairs? pairs)
    {
        pairs = null;
        if (bytes.Length < IdsAt + Digest.ByteLength || !bytes.StartsWith(Magic)
            || new Digest(bytes[KeyAt..CountAt]) != key
            || Digest.Sha256(bytes[..^Digest.ByteLength]) != new Digest(bytes[^Digest.ByteLength..]))
        {
            return false;
        }

        // Sound and of this version, but it is a file: it is read as if it were not.
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[CountAt..]);
        ReadOnlySpan<byte> rest = bytes[IdsAt..^Digest.ByteLength];
        if (count > rest.Length / Digest.ByteLength)
        {
            return false;
        }

        var ids = new Digest[count];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = new Digest(rest[..Digest.ByteLength]);
            rest = rest[Digest.ByteLength..];
        }

        var neighbours = new SavedNeighbours[count];
        for (int i = 0; i < neighbours.Length; i++)
        {
            if (!TryReadNeighbours(ref rest, ids.Length, out neighbours[i]))
            {
                return false;
            }
        }

        pairs = rest.IsEmpty && ids.Distinct().Count() == ids.Length ? new SavedPairs(ids, neighbours) : null;
        return pairs is not null;
    }

    private static bool TryReadNeighbours(
        ref ReadOnlySpan<byte> rest, int count, out SavedNeighbours neighbours)
    {
        neighbours = default;
        const int HeadLength = sizeof(byte) + sizeof(ushort);
        if (rest.Length < HeadLength || rest[0] > 1)
        {
            return false;
        }

        bool overflowed = rest[0] == 1;
        int n = BinaryPrimitives.ReadUInt16LittleEndian(rest[1..]);
        rest = rest[HeadLength..];
        if (n > Limits.Cluster.NeighboursPerReport || rest.Length < n * PairLength)
        {
            return false;
        }

        var best = new (int Place, int Probability)[n];
        for (int i = 0; i < n; i++)
        {
            uint place = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            int probability = BinaryPrimitives.ReadUInt16LittleEndian(rest[sizeof(uint)..]);
            rest = rest[PairLength..];
            if (place >= count || probability > AverageLinkage.One)
            {
                return false;
            }

            best[i] = ((int)place, probability);
        }

        neighbours = new SavedNeighbours(overflowed, best);
        return true;
    }
}
