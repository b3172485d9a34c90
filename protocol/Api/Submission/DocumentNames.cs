using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>Names that PDF and Office files carry inside: who wrote them, and with what. Nothing is cut from
/// them; the person is told.</summary>
internal static partial class DocumentNames
{
    private const int MostNames = 8;
    private const int MostName = 100;
    private const int MostPart = 1 << 20;

    /// <summary>Whether the file says that it is a PDF.</summary>
    public static bool IsPdf(ReadOnlySpan<byte> file) => file.StartsWith("%PDF-"u8);

    /// <summary>Whether the file says that it is a ZIP, as Office files are.</summary>
    public static bool IsZip(ReadOnlySpan<byte> file) => file.StartsWith("PK\u0003\u0004"u8);

    /// <summary>Names in the information dictionary of a PDF (ISO 32000-2, 14.3.3) or in its XMP; what lies
    /// in compressed streams is not seen.</summary>
    public static IReadOnlyList<string> OfPdf(ReadOnlySpan<byte> file)
    {
        string text = Encoding.Latin1.GetString(file);
        return Distinct(
        [
            .. PdfText().Matches(text).Select(m => Unescape(m.Groups[1].Value)),
            .. PdfHex().Matches(text).Select(m => FromHex(m.Groups[1].Value)),
            .. XmpName().Matches(text).Select(m => Utf8(m.Groups[1].Value)),
        ]);
    }

    /// <summary>Names in the properties of an Office file (ECMA-376, 11.1) or an OpenDocument file.</summary>
    /// <returns>None where it is another ZIP, or a damaged one.</returns>
    public static IReadOnlyList<string> OfZip(byte[] file)
    {
        try
        {
            using ZipArchive archive = new(new MemoryStream(file, writable: false));
            List<string> names = [];
            foreach (string part in (string[])["docProps/core.xml", "docProps/app.xml", "meta.xml"])
            {
                if (archive.GetEntry(part) is { } entry)
                {
                    names.AddRange(OfficeName().Matches(Start(entry)).Select(m => m.Groups[1].Value));
                }
            }

            return Distinct(names);
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static string Start(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        byte[] part = new byte[MostPart];
        int length = stream.ReadAtLeast(part, MostPart, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(part, 0, length);
    }

    private static IReadOnlyList<string> Distinct(IEnumerable<string> names) =>
    [
        .. names.Select(n => n.Trim()).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal)
            .Select(n => n.Length <= MostName ? n : n[..MostName]).Take(MostNames),
    ];

    private static string Unescape(string text)
    {
        string plain = PdfEscape().Replace(text, m => m.Groups[1].Value.Length == 3
            ? ((char)Convert.ToInt32(m.Groups[1].Value, 8)).ToString() : m.Groups[1].Value);
        return Decode(Encoding.Latin1.GetBytes(plain));
    }

    private static string FromHex(string digits)
    {
        string compact = string.Concat(digits.Where(char.IsAsciiHexDigit));
        return Decode(Convert.FromHexString(compact.Length % 2 == 0 ? compact : compact + "0"));
    }

    // Text strings are UTF-16BE or UTF-8 with a byte order mark, else PDFDocEncoding (near Latin-1).
    private static string Decode(byte[] bytes) =>
        bytes is [0xfe, 0xff, .. var wide] ? Encoding.BigEndianUnicode.GetString(wide)
        : bytes is [0xef, 0xbb, 0xbf, .. var narrow] ? Encoding.UTF8.GetString(narrow)
        : Encoding.Latin1.GetString(bytes);

    private static string Utf8(string latin) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(latin));

    [GeneratedRegex(@"/(?:Author|Creator)\s{0,4}\(((?:\\.|[^\\()]){1,200})\)")]
    private static partial Regex PdfText();

    [GeneratedRegex(@"/(?:Author|Creator)\s{0,4}<([0-9A-Fa-f\s]{2,800})>")]
    private static partial Regex PdfHex();

    [GeneratedRegex(@"\\([0-7]{3}|.)")]
    private static partial Regex PdfEscape();

    [GeneratedRegex(@"<dc:creator>\s{0,9}(?:<rdf:\w{1,9}>\s{0,9}<rdf:li[^<>]{0,40}>)?([^<>]{1,200})<")]
    private static partial Regex XmpName();

    [GeneratedRegex(
        @"<(?:dc:creator|cp:lastModifiedBy|Manager|Company|meta:initial-creator)(?:\s[^<>]{0,200})?>"
            + @"([^<>]{1,200})</")]
    private static partial Regex OfficeName();
}
