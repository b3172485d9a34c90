using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>Cuts from JPEG and PNG what shows no picture: Exif (CIPA DC-008), XMP (ISO 16684-1), IPTC,
/// comments, thumbnails, what follows the end. What is kept is named here, so that metadata that nobody
/// thought of goes too; of Exif how the picture is turned. Pixels are copied byte for byte.</summary>
internal static class ImageCut
{
    private const byte StartOfScan = 0xda;
    private const byte EndOfImage = 0xd9;

    // Chunks that change how a picture looks (PNG, third edition; APNG).
    private static readonly string[] KeptChunks =
    [
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV",
        "cLLI", "bKGD", "hIST", "pHYs", "sPLT", "acTL", "fcTL", "fdAT",
    ];

    private static ReadOnlySpan<byte> PngSignature => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Whether the file says that it is a JPEG.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]);

    /// <summary>Whether the file says that it is a PNG.</summary>
    public static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith(PngSignature);

    /// <summary>Cuts a JPEG (ITU-T T.81, annex B).</summary>
    /// <param name="file">The file.</param>
    /// <param name="cut">The copy.</param>
    /// <param name="removed">What went, each once.</param>
    /// <returns>False where the file is no whole JPEG.</returns>
    public static bool TryCutJpeg(
        ReadOnlySpan<byte> file, [NotNullWhen(true)] out byte[]? cut, out IReadOnlyList<string> removed)
    {
        SortedSet<string> gone = new(StringComparer.Ordinal);
        (cut, removed) = (null, []);
        List<byte> kept = new(file.Length);
        kept.AddRange(file[..2]);
        int at = 2;
        while (at + 4 <= file.Length && file[at] == 0xff)
        {
            byte marker = file[at + 1];
            if (marker == 0xff)
            {
                at++;
                continue;
            }

            if (marker == EndOfImage)
            {
                break;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            int end = at + 2 + length;
            if (length < 2 || end > file.Length)
            {
                return false;
            }

            if (Foreign(marker, file[(at + 4)..end]) is { } what)
            {
                byte[] turned = Turned(marker, file[(at + 4)..end]);
                kept.AddRange(turned);
                if (!file[at..end].SequenceEqual(turned))
                {
                    gone.Add(what);
                }
            }
            else
            {
                end = marker == StartOfScan ? EndOfScan(file, end) : end;
                kept.AddRange(file[at..end]);
            }

            at = end;
        }

        if (at + 2 > file.Length || file[at] != 0xff || file[at + 1] != EndOfImage)
        {
            return false;
        }

        kept.AddRange(file.Slice(at, 2));
        if (at + 2 < file.Length)
        {
            gone.Add("data after the picture");
        }

        (cut, removed) = ([.. kept], [.. gone]);
        return true;
    }

    /// <summary>Cuts a PNG (W3C PNG, third edition, 5).</summary>
    /// <inheritdoc cref="TryCutJpeg"/>
    public static bool TryCutPng(
        ReadOnlySpan<byte> file, [NotNullWhen(true)] out byte[]? cut, out IReadOnlyList<string> removed)
    {
        SortedSet<string> gone = new(StringComparer.Ordinal);
        (cut, removed) = (null, []);
        List<byte> kept = new(file.Length);
        kept.AddRange(file[..PngSignature.Length]);
        int at = PngSignature.Length;
        string name = "";
        while (name != "IEND" && at + 12 <= file.Length)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12)
            {
                return false;
            }

            name = Encoding.Latin1.GetString(file.Slice(at + 4, 4));
            int end = at + 12 + (int)length;
            if (KeptChunks.Contains(name))
            {
                kept.AddRange(file[at..end]);
            }
            else if (Turned(name, file[(at + 8)..(end - 4)]) is var turned
                && file[at..end].SequenceEqual(turned))
            {
                kept.AddRange(turned);
            }
            else
            {
                kept.AddRange(turned);
                gone.Add(name switch
                {
                    "eXIf" => "Exif",
                    "iTXt" when file[(at + 8)..end].StartsWith("XML:com.adobe.xmp"u8) => "XMP",
                    "tEXt" or "zTXt" or "iTXt" => "text",
                    "tIME" => "time",
                    _ => "other metadata",
                });
            }

            at = end;
        }

        if (name != "IEND")
        {
            return false;
        }

        if (at < file.Length)
        {
            gone.Add("data after the picture");
        }

        (cut, removed) = ([.. kept], [.. gone]);
        return true;
    }

    // The segment, or chunk, that says how the picture is turned and nothing else; empty without one.
    private static byte[] Turned(byte marker, ReadOnlySpan<byte> segment)
    {
        byte[] tiff = marker == 0xe1 && segment.StartsWith(Orientation.Prefix)
            ? Orientation.Alone(segment[Orientation.Prefix.Length..]) : [];
        return tiff.Length == 0 ? []
            :
            [
                0xff, marker, 0, (byte)(2 + Orientation.Prefix.Length + tiff.Length), .. Orientation.Prefix,
                .. tiff,
            ];
    }

    private static byte[] Turned(string chunk, ReadOnlySpan<byte> content)
    {
        byte[] tiff = chunk == "eXIf" ? Orientation.Alone(content) : [];
        if (tiff.Length == 0)
        {
            return [];
        }

        byte[] named = [.. "eXIf"u8, .. tiff];
        byte[] check = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc(named));
        return [0, 0, 0, (byte)tiff.Length, .. named, .. check];
    }

    // PNG, third edition, annex D.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xedb88320;
            }
        }

        return ~crc;
    }

    // APP0 is the header of JFIF, APP2 the colour profile, APP14 says how Adobe stored the colours.
    private static string? Foreign(byte marker, ReadOnlySpan<byte> segment) => marker switch
    {
        0xe0 when segment.StartsWith("JFIF\0"u8) => null,
        0xe2 when segment.StartsWith("ICC_PROFILE\0"u8) => null,
        0xee when segment.StartsWith("Adobe"u8) => null,
        0xe1 when segment.StartsWith("Exif\0"u8) => "Exif",
        0xe1 when segment.StartsWith("http://ns.adobe.com/"u8) => "XMP",
        0xed => "IPTC",
        0xfe => "comment",
        >= 0xe0 and <= 0xef => "other metadata",
        _ => null,
    };

    // Within coded data 0xff stands before 0 and before restart markers only.
    private static int EndOfScan(ReadOnlySpan<byte> file, int at)
    {
        while (at + 1 < file.Length
            && !(file[at] == 0xff && file[at + 1] is not (0 or (>= 0xd0 and <= 0xd7) or 0xff)))
        {
            at++;
        }

        return at;
    }
}
