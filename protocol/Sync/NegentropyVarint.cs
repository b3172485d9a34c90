namespace IncidentMesh.Protocol.Sync;

/// <summary>Negentropy's varint: base-128 digits, most significant first (unlike multiformats), as few as
/// possible; the high bit is set on all but the last. Source: negentropy v1, "Varint".</summary>
/// <remarks><c>Varint := &lt;Digit+128&gt;* &lt;Digit&gt;</c></remarks>
internal static class NegentropyVarint
{
    /// <summary>Bytes of the longest varint: 64 bits.</summary>
    public const int MaxLength = 10;

    public static int Write(Span<byte> destination, ulong value)
    {
        int length = 1;
        for (ulong rest = value >> 7; rest != 0; rest >>= 7)
        {
            length++;
        }

        for (int i = length - 1; i >= 0; i--)
        {
            destination[i] = (byte)((value & 0x7f) | (i == length - 1 ? 0u : 0x80u));
            value >>= 7;
        }

        return length;
    }

    /// <summary>False when bytes are missing, a digit is superfluous, or 64 bits do not hold the
    /// value.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out ulong value, out int consumed)
    {
        value = 0;
        consumed = 0;
        foreach (byte digit in source)
        {
            if ((consumed == 0 && digit == 0x80) || value > ulong.MaxValue >> 7)
            {
                return false;
            }

            value = (value << 7) | (uint)(digit & 0x7f);
            consumed++;
            if (digit < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
