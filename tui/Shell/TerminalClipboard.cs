using System.Text;

namespace IncidentMesh.Tui.Shell;

/// <summary>Copies through the terminal with OSC 52 (xterm control sequences, "Manipulate Selection Data"),
/// so that it works over ssh. tmux and GNU screen let it pass when it is wrapped for them.</summary>
internal static class TerminalClipboard
{
    /// <summary>Bytes of UTF-8 that terminals take: xterm reads a sequence of 100,000 bytes.</summary>
    public const int BytesMax = 74_994;

    // GNU screen drops device control strings that are longer than its buffer.
    private const int ScreenChunk = 250;

    /// <summary>The sequence that copies <paramref name="text"/>, or null when it is too long.</summary>
    /// <param name="text">What to copy.</param>
    /// <param name="environment">Reads a variable: <c>TMUX</c>, <c>STY</c>.</param>
    public static string? Copy(string text, Func<string, string?> environment)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > BytesMax)
        {
            return null;
        }

        string sequence = $"\u001b]52;c;{Convert.ToBase64String(bytes)}\u0007";
        if (environment("TMUX") is { Length: > 0 })
        {
            string doubled = sequence.Replace("\u001b", "\u001b\u001b", StringComparison.Ordinal);
            return $"\u001bPtmux;{doubled}\u001b\\";
        }

        return environment("STY") is { Length: > 0 }
            ? string.Concat(sequence.Chunk(ScreenChunk).Select(c => $"\u001bP{new string(c)}\u001b\\"))
            : sequence;
    }
}
