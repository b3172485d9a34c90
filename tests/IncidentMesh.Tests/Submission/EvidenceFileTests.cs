using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using IncidentMesh.Protocol.Api.Submission;
using Xunit;

namespace IncidentMesh.Tests.Submission;

/// <summary>What a file tells of its maker is cut or told.</summary>
public sealed class EvidenceFileTests
{
    private static readonly byte[] Scan =
        [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0xd7, 5];

    private static readonly byte[] End = [0xff, 0xd9];

    [Fact]
    public void A_jpeg_loses_everything_but_its_picture()
    {
        byte[] jfif = Segment(0xe0, "JFIF\0\u0001\u0001\0\0\u0001\0\u0001\0\0");
        byte[] profile = Segment(0xe2, "ICC_PROFILE\0\u0001\u0001colours");
        byte[] tables = Segment(0xdb, new string('q', 65));
        byte[] second = Segment(0xc4, "huffman");
        byte[] clean = [0xff, 0xd8, .. jfif, .. profile, .. tables, .. Scan, .. second, .. Scan, .. End];
        byte[] photo =
        [
            0xff, 0xd8, .. jfif, .. Segment(0xe1, "Exif\0\0II*\0GPS 50.9413 6.9583"),
            .. Segment(0xe1, "http://ns.adobe.com/xap/1.0/\0<dc:creator>Lena</dc:creator>"), .. profile,
            .. Segment(0xed, "Photoshop 3.0\0by Lena"), .. Segment(0xfe, "taken by Lena"),
            .. Segment(0xe2, "MPF\0"), .. tables, .. Scan, .. second, .. Scan, .. End, .. "trailer of Lena"u8,
        ];
        EvidenceTaken taken = EvidenceFile.Take("IMG_2611.jpg", photo);
        Assert.Equal(clean, taken.Copy);
        Assert.Equal("IMG_2611.cut.jpg", (string?)taken.Entry["name"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(clean)), (string?)taken.Entry["sha256"]);
        Assert.Equal(clean.Length, (long?)taken.Entry["size"]);
        Assert.Contains(
            "cut Exif, IPTC, XMP, comment, data after the picture, other metadata; the report names the copy",
            Assert.Single(taken.Notes), StringComparison.Ordinal);

        EvidenceTaken again = EvidenceFile.Take("a.jpg", clean);
        Assert.Null(again.Copy);
        Assert.Empty(again.Notes);
    }

    [Fact]
    public void A_png_loses_everything_but_its_picture()
    {
        byte[] head =
            [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, .. Chunk("IHDR", new string('\u0001', 13))];
        byte[] picture = [.. Chunk("gAMA", "1234"), .. Chunk("IDAT", "pixels")];
        byte[] end = Chunk("IEND", "");
        byte[] file =
        [
            .. head, .. Chunk("eXIf", "MM\0*"), .. Chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0<x/>"),
            .. Chunk("tEXt", "Author\0Lena"), .. Chunk("tIME", "1234567"), .. picture,
            .. Chunk("prVt", "x"), .. end, .. "more"u8,
        ];
        EvidenceTaken taken = EvidenceFile.Take("shot.png", file);
        Assert.True(taken.Copy!.SequenceEqual((byte[])[.. head, .. picture, .. end]));
        Assert.Contains("Exif, XMP, data after the picture, other metadata, text, time", taken.Notes[0],
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void How_a_picture_is_turned_stays_and_nothing_beside_it(bool little)
    {
        byte[] tiff = little
            ? [.. "II*\0"u8, 8, 0, 0, 0, 2, 0, 0x0f, 1, 2, 0, 5, 0, 0, 0, 38, 0, 0, 0,
                0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, .. "Lena\0"u8]
            : [.. "MM\0*"u8, 0, 0, 0, 8, 0, 2, 1, 0x0f, 0, 2, 0, 0, 0, 5, 0, 0, 0, 38,
                1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, .. "Lena\0"u8];
        byte[] alone = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        byte[] photo = [0xff, 0xd8, .. Exif(tiff), .. Scan, .. End];
        EvidenceTaken jpeg = EvidenceFile.Take("a.jpg", photo);
        Assert.Equal((byte[])[0xff, 0xd8, .. Exif(alone), .. Scan, .. End], jpeg.Copy);
        Assert.Contains("cut Exif", Assert.Single(jpeg.Notes), StringComparison.Ordinal);
        Assert.Null(EvidenceFile.Take("a.jpg", jpeg.Copy!).Copy);

        byte[] head = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
        byte[] end = Chunk("IEND", "");
        EvidenceTaken png = EvidenceFile.Take(
            "a.png", [.. head, .. Chunk("eXIf", Encoding.Latin1.GetString(tiff)), .. end]);
        byte[] chunk = [0, 0, 0, 26, .. "eXIf"u8, .. alone];
        Assert.Equal((byte[])[.. head, .. chunk], png.Copy![..^(4 + end.Length)]);
        Assert.Null(EvidenceFile.Take("a.png", png.Copy).Copy);
    }

    [Fact]
    public void A_cut_off_picture_is_told_and_taken_as_it_is()
    {
        byte[] photo = [0xff, 0xd8, .. Segment(0xe1, "Exif\0\0"), .. Segment(0xdb, "q"), .. Scan, .. End];
        for (int length = 3; length < photo.Length; length++)
        {
            EvidenceTaken taken = EvidenceFile.Take("a.jpg", photo[..length]);
            Assert.Null(taken.Copy);
            Assert.Contains("damaged", Assert.Single(taken.Notes), StringComparison.Ordinal);
            Assert.Equal("a.jpg", (string?)taken.Entry["name"]);
        }
    }

    [Fact]
    public void Any_bytes_are_taken()
    {
        int seed = Environment.GetEnvironmentVariable("SEED") is { Length: > 0 } given
            ? int.Parse(given) : Random.Shared.Next();
        Random random = new(seed);
        byte[][] starts =
        [
            [0xff, 0xd8, 0xff], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], [.. "%PDF-1.7 /Author("u8],
            [.. "PK\u0003\u0004"u8], [.. "RIFF"u8], [],
        ];
        for (int i = 0; i < 3_000; i++)
        {
            byte[] rest = new byte[random.Next(200)];
            random.NextBytes(rest);
            byte[] file = [.. starts[random.Next(starts.Length)], .. rest];
            EvidenceTaken taken = EvidenceFile.Take("x", file);
            Assert.True((long?)taken.Entry["size"] <= file.Length, $"SEED={seed}");
        }
    }

    [Theory]
    [InlineData(@"%PDF-1.7 1 0 obj << /Author (Lena \(Amt\) M\374ller) /Creator(Word) >>", "Word")]
    [InlineData("%PDF-1.4 /Author <FEFF004C0065006E0061>", "Lena")]
    [InlineData("%PDF-1.4 <dc:creator><rdf:Seq><rdf:li>LÃ©a</rdf:li></rdf:Seq></dc:creator>", "Léa")]
    public void A_pdf_names_its_author(string pdf, string name)
    {
        EvidenceTaken taken = EvidenceFile.Take("a.pdf", Encoding.Latin1.GetBytes(pdf));
        Assert.Contains(name, Assert.Single(taken.Notes), StringComparison.Ordinal);
        Assert.Contains("names inside", taken.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_office_file_names_who_wrote_it()
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream part = archive.CreateEntry("docProps/core.xml").Open())
        {
            part.Write("<x><dc:creator>Léa</dc:creator><cp:lastModifiedBy>Amt</cp:lastModifiedBy></x>"u8);
        }

        Assert.Equal(
            "a.docx names inside: Léa, Amt",
            Assert.Single(EvidenceFile.Take("a.docx", stream.ToArray()).Notes));
    }

    [Fact]
    public void Other_pictures_and_films_are_told_of()
    {
        byte[] heic = [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0];
        EvidenceTaken taken = EvidenceFile.Take("Lena.heic", heic);
        Assert.Contains("may tell", Assert.Single(taken.Notes), StringComparison.Ordinal);
        Assert.Empty(EvidenceFile.Take("a.txt", [.. "plain"u8]).Notes);
        Assert.Equal("file-2.heic", (string?)EvidenceFile.Nameless(taken.Entry, 2)["name"]);
    }

    private static byte[] Segment(byte marker, string content)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(content);
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(bytes.Length + 2));
        return [0xff, marker, .. length, .. bytes];
    }

    private static byte[] Exif(byte[] tiff) => Segment(0xe1, "Exif\0\0" + Encoding.Latin1.GetString(tiff));

    private static byte[] Chunk(string name, string content)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        return [.. length, .. Encoding.Latin1.GetBytes(name + content), 1, 2, 3, 4];
    }
}
