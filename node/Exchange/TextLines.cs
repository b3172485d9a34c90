using System.Text;
using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Exchange;

/// <summary>A line of a file.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">Without its line end; as far as it can be shown where <paramref name="Error"/> is
/// set.</param>
/// <param name="Error">Why it cannot be read, or null.</param>
internal readonly record struct TextLine(long Number, string Text, string? Error);

/// <summary>Lines of strict UTF-8 of bounded length, read as a stream; ends of LF or CRLF; a byte order mark
/// is skipped.</summary>
internal static class TextLines
{
    private const int BufferBytes = 1 << 16;
    private const int ShownBytes = 1 << 16;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static IEnumerable<TextLine> Read(string file)
    {
        using var stream = new FileStream(
            file, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
        foreach (TextLine line in Read(stream))
        {
            yield return line;
        }
    }

    public static IEnumerable<TextLine> Read(Stream stream)
    {
        byte[] buffer = new byte[BufferBytes];
        var line = new MemoryStream();
        long number = 1;
        bool over = false;
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            int start = 0;
            while (start < read)
            {
                int end = Array.IndexOf(buffer, (byte)'\n', start, read - start);
                int length = (end < 0 ? read : end) - start;
                over |= line.Length + length > Limits.Exchange.LineBytes;
                line.Write(buffer, start,
                    over ? (int)Math.Clamp(ShownBytes - line.Length, 0, length) : length);
                if (end < 0)
                {
                    break;
                }

                yield return Decode(number++, line, over);
                line.SetLength(0);
                over = false;
                start = end + 1;
            }
        }

        if (line.Length > 0)
        {
            yield return Decode(number, line, over);
        }
    }

    private static TextLine Decode(long number, MemoryStream line, bool over)
    {
        ReadOnlySpan<byte> bytes = line.GetBuffer().AsSpan(0, (int)line.Length);
        bytes = number == 1 && bytes.StartsWith("\ufeff"u8) ? bytes[3..] : bytes;
        bytes = bytes.EndsWith("\r"u8) ? bytes[..^1] : bytes;
        if (over)
        {
            return new TextLine(number, Encoding.UTF8.GetString(bytes),
                $"the line is longer than {Limits.Exchange.LineBytes} bytes");
        }

        try
        {
            // No text of a body may hold U+0000 (specs/wire.md).
            int zero = bytes.IndexOf((byte)0);
            return new TextLine(number, Strict.GetString(bytes),
                zero < 0 ? null : $"U+0000 at byte {zero + 1} of the line");
        }
        catch (DecoderFallbackException e)
        {
            return new TextLine(number, Encoding.UTF8.GetString(bytes),
                $"not UTF-8 at byte {e.Index + 1} of the line");
        }
    }
}
