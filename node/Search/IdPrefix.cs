using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Search;

/// <summary>The beginning of a record's id as people type it: the text CID, or what follows <c>bafyrei</c> in
/// it, in lower case base32 (RFC 4648 without padding).</summary>
internal readonly struct IdPrefix
{
    /// <summary>Bits of the CID before <c>bafyrei</c> ends, and of its digest's place: 6 characters are 30
    /// bits, the digest begins at bit 32.</summary>
    private const int SkippedBits = 30;
    private const int DigestBit = 32;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private readonly byte[] bits;
    private readonly int length;

    private IdPrefix(byte[] bits, int length) => (this.bits, this.length) = (bits, length);

    /// <summary>Reads a prefix; false when no id begins so.</summary>
    public static bool TryParse(string text, out IdPrefix prefix)
    {
        prefix = default;
        string rest = text.StartsWith(Cid.DagCborPrefix, StringComparison.Ordinal)
            ? text[Cid.DagCborPrefix.Length..] : text;
        if (rest.Length > Cid.TextLength - Cid.DagCborPrefix.Length)
        {
            return false;
        }

        var bits = new byte[Digest.ByteLength + 1];
        for (int i = 0; i < rest.Length; i++)
        {
            int value = Alphabet.IndexOf(rest[i], StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            for (int b = 0; b < 5; b++)
            {
                int place = SkippedBits + (i * 5) + b - DigestBit;
                bool set = (value & (16 >> b)) != 0;
                if (place < 0 && set)
                {
                    return false;
                }

                if (place >= 0 && set)
                {
                    bits[place >> 3] |= (byte)(128 >> (place & 7));
                }
            }
        }

        int length = SkippedBits + (rest.Length * 5) - DigestBit;
        prefix = new IdPrefix(bits, Math.Clamp(length, 0, Digest.ByteLength * 8));
        return true;
    }

    /// <summary>Whether an id begins so.</summary>
    public bool Matches(Digest digest)
    {
        Span<byte> bytes = stackalloc byte[Digest.ByteLength];
        digest.CopyTo(bytes);
        int whole = length >> 3;
        int rest = length & 7;
        return bytes[..whole].SequenceEqual(bits.AsSpan(0, whole))
            && (rest == 0 || ((bytes[whole] ^ bits[whole]) >> (8 - rest)) == 0);
    }
}
