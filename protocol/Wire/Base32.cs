namespace IncidentMesh.Protocol.Wire;

/// <summary>RFC 4648 base32, lower case, without padding: multibase <c>b</c>. Strict: unused bits must be
/// zero.</summary>
public static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Text of <paramref name="bytes"/>, without the multibase prefix.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        char[] text = new char[(bytes.Length * 8 + 4) / 5];
        int bits = 0;
        int buffer = 0;
        int at = 0;
        foreach (byte b in bytes)
        {
            buffer = (buffer << 8) | b;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[at++] = Alphabet[(buffer >> bits) & 31];
            }

            buffer &= (1 << bits) - 1;
        }

        if (bits > 0)
        {
            text[at++] = Alphabet[(buffer << (5 - bits)) & 31];
        }

        return new string(text, 0, at);
    }

    /// <summary>Bytes of <paramref name="text"/>, or null where a character or the closing bits are
    /// wrong.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[text.Length * 5 / 8];
        int bits = 0;
        int buffer = 0;
        int at = 0;
        foreach (char c in text)
        {
            int value = c is >= 'a' and <= 'z' ? c - 'a' : c is >= '2' and <= '7' ? c - '2' + 26 : -1;
            if (value < 0)
            {
                return null;
            }

            buffer = (buffer << 5) | value;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[at++] = (byte)(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }

        return bits < 5 && buffer == 0 && at == bytes.Length ? bytes : null;
    }
}
