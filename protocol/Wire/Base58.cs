namespace IncidentMesh.Protocol.Wire;

/// <summary>Base58 with Bitcoin's alphabet: multibase <c>z</c>, and the text form of peer ids (libp2p/specs,
/// peer-ids).
/// Quadratic, so input is bounded: only short identifiers are written this way.</summary>
public static class Base58
{
    /// <summary>Longest text that <see cref="Decode"/> reads.</summary>
    public const int MaxCharacters = 128;

    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>Text of <paramref name="bytes"/>.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        int zeros = 0;
        while (zeros < bytes.Length && bytes[zeros] == 0)
        {
            zeros++;
        }

        Span<byte> digits = new byte[bytes.Length * 138 / 100 + 1];
        int length = 0;
        foreach (byte b in bytes[zeros..])
        {
            int carry = b;
            for (int i = 0; i < length || carry != 0; i++)
            {
                carry += i < length ? digits[i] << 8 : 0;
                digits[i] = (byte)(carry % 58);
                carry /= 58;
                length = Math.Max(length, i + 1);
            }
        }

        char[] text = new char[zeros + length];
        Array.Fill(text, '1', 0, zeros);
        for (int i = 0; i < length; i++)
        {
            text[zeros + i] = Alphabet[digits[length - 1 - i]];
        }

        return new string(text);
    }

    /// <summary>Bytes of <paramref name="text"/>, or null where a character is not of the alphabet or it is
    /// too long.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxCharacters)
        {
            return null;
        }

        int zeros = 0;
        while (zeros < text.Length && text[zeros] == '1')
        {
            zeros++;
        }

        Span<byte> reversed = new byte[text.Length];
        int length = 0;
        foreach (char c in text[zeros..])
        {
            int carry = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (carry < 0)
            {
                return null;
            }

            for (int i = 0; i < length || carry != 0; i++)
            {
                carry += i < length ? reversed[i] * 58 : 0;
                reversed[i] = (byte)carry;
                carry >>= 8;
                length = Math.Max(length, i + 1);
            }
        }

        byte[] bytes = new byte[zeros + length];
        for (int i = 0; i < length; i++)
        {
            bytes[zeros + i] = reversed[length - 1 - i];
        }

        return bytes;
    }
}
