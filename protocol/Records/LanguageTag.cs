using System.Text;

namespace IncidentMesh.Protocol.Records;

/// <summary>The form of BCP 47 language tags (RFC 5646, 2.1), without the registry: 2 to 35 bytes, subtags of
/// 1 to 8 letters and digits, the first of 2 to 8 letters (or <c>x</c>, private use).</summary>
public static class LanguageTag
{
    private const int MostBytes = 35;
    private const int MostSubtag = 8;

    /// <summary>True where <paramref name="tag"/> has the form of a language tag.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> tag)
    {
        if (tag.Length is < 2 or > MostBytes)
        {
            return false;
        }

        bool first = true;
        foreach (Range range in tag.Split((byte)'-'))
        {
            ReadOnlySpan<byte> subtag = tag[range];
            bool privateUse = first && subtag.Length == 1 && (subtag[0] | 0x20) == 'x' && tag.Length > 2;
            bool length = subtag.Length is >= 1 and <= MostSubtag
                && (!first || subtag.Length >= 2 || privateUse);
            if (!length || !IsAlphanumeric(subtag, lettersOnly: first))
            {
                return false;
            }

            first = false;
        }

        return true;
    }

    /// <summary>True where <paramref name="tag"/> has the form of a language tag.</summary>
    public static bool IsWellFormed(string? tag) =>
        tag is { Length: >= 2 and <= MostBytes } && IsWellFormed(Encoding.UTF8.GetBytes(tag));

    private static bool IsAlphanumeric(ReadOnlySpan<byte> subtag, bool lettersOnly)
    {
        foreach (byte b in subtag)
        {
            bool letter = (b | 0x20) is >= 'a' and <= 'z';
            if (!letter && (lettersOnly || b is < (byte)'0' or > (byte)'9'))
            {
                return false;
            }
        }

        return true;
    }
}
