using System.Globalization;
using System.Text;

namespace IncidentMesh.Protocol.Api;

/// <summary>Text from others is hostile: it may hold escapes that drive a terminal, or characters that hide
/// or reorder
/// what is read. This makes each of them visible. <c>specs/security.md</c>, "Text from others".</summary>
public static class SafeText
{
    /// <summary>The text with control characters as pictures (U+2400), bidi controls, invisible characters
    /// and other
    /// format characters as <c>&lt;U+202E&gt;</c>. Line feeds stay where <paramref name="lines"/> allows
    /// them.</summary>
    public static string Show(string text, bool lines = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder? shown = null;
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            string? picture = Picture(rune, lines, NeedsJoiner(text, at));
            if (picture is not null)
            {
                shown ??= new StringBuilder(text, 0, at, text.Length + 16);
                shown.Append(picture);
            }
            else
            {
                shown?.Append(rune.ToString());
            }

            at += rune.Utf16SequenceLength;
        }

        return shown?.ToString() ?? text;
    }

    private static string? Picture(Rune rune, bool lines, bool joinerAllowed)
    {
        int value = rune.Value;
        return value switch
        {
            '\n' when lines => null,
            < 0x20 => char.ToString((char)(0x2400 + value)),
            0x7f => "\u2421",
            >= 0x80 and <= 0x9f => $"<U+{value:X4}>",
            0x200c or 0x200d when joinerAllowed => null,
            0x2028 or 0x2029 or 0xfeff or 0x00ad or 0x034f or 0x115f or 0x1160 or 0x3164 or 0xffa0 or 0xfffd
                => value == 0xfffd ? null : $"<U+{value:X4}>",
            >= 0xe0000 and <= 0xe0fff => $"<U+{value:X}>",
            _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                ? $"<U+{value:X4}>" : null,
        };
    }

    // Joiners carry meaning between letters of Arabic and Indic scripts and within emoji; elsewhere they
    // hide.
    private static bool NeedsJoiner(string text, int at)
    {
        if (at == 0 || text[at] is not ('\u200c' or '\u200d'))
        {
            return false;
        }

        char before = text[at - 1];
        bool script = before is >= '\u0600' and <= '\u08ff'
            or >= '\u0900' and <= '\u0dff'
            or >= '\u1780' and <= '\u17ff';
        bool emoji = char.IsLowSurrogate(before) || before is '\ufe0f' or >= '\u2600' and <= '\u27bf';
        return script || (emoji && text[at] == '\u200d');
    }
}
