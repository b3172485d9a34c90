using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Search;

/// <summary>The facts of a document as bytes beside it in the index, so that the table is read back without
/// the records.
/// <code>
/// facts = version(1) id(32) author(32) created received type lang severity ai-role stage tlp
///         occurred-from occurred-to due evidence countries harms sectors
/// text  = 7-bit length, UTF-8; empty for none     list = 7-bit count, texts     times = 8 bytes, MinValue
/// for none
/// </code></summary>
internal static class FactsCodec
{
    /// <summary>Changes with the layout; an index of another version is built anew.</summary>
    public const byte Version = 1;

    public static byte[] Write(SearchDocument document)
    {
        using var stream = new MemoryStream(192);
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        writer.Write(document.Id.ToArray());
        writer.Write(document.Author.ToArray());
        writer.Write(document.Created);
        writer.Write(document.Received);
        foreach (string? text in new[]
        {
            document.Type, document.Language, document.Severity, document.AiRole, document.Stage,
                document.Tlp,
        })
        {
            writer.Write(text ?? "");
        }

        writer.Write(document.OccurredFrom ?? long.MinValue);
        writer.Write(document.OccurredTo ?? long.MinValue);
        writer.Write(document.Due ?? long.MinValue);
        writer.Write(document.HasEvidence);
        WriteList(writer, document.Countries);
        WriteList(writer, document.Harms);
        WriteList(writer, document.Sectors);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Another version.</exception>
    /// <exception cref="EndOfStreamException">Cut off.</exception>
    public static SearchDocument Read(byte[] bytes, int offset, int length)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes, offset, length, writable: false));
        if (reader.ReadByte() != Version)
        {
            throw new InvalidDataException("facts of another version");
        }

        return new SearchDocument
        {
            Id = ReadDigest(reader),
            Author = ReadDigest(reader),
            Created = reader.ReadInt64(),
            Received = reader.ReadInt64(),
            Type = reader.ReadString(),
            Language = reader.ReadString(),
            Severity = reader.ReadString(),
            AiRole = reader.ReadString(),
            Stage = reader.ReadString(),
            Tlp = reader.ReadString(),
            OccurredFrom = ReadTime(reader),
            OccurredTo = ReadTime(reader),
            Due = ReadTime(reader),
            HasEvidence = reader.ReadBoolean(),
            Countries = ReadList(reader),
            Harms = ReadList(reader),
            Sectors = ReadList(reader),
        };
    }

    private static Digest ReadDigest(BinaryReader reader) => new(reader.ReadBytes(Digest.ByteLength));

    private static long? ReadTime(BinaryReader reader) =>
        reader.ReadInt64() is long time and not long.MinValue ? time : null;

    private static void WriteList(BinaryWriter writer, IReadOnlyList<string> texts)
    {
        writer.Write7BitEncodedInt(texts.Count);
        foreach (string text in texts)
        {
            writer.Write(text);
        }
    }

    private static string[] ReadList(BinaryReader reader)
    {
        int count = reader.Read7BitEncodedInt();
        if (count == 0)
        {
            return [];
        }

        var texts = new string[count];
        for (int i = 0; i < count; i++)
        {
            texts[i] = reader.ReadString();
        }

        return texts;
    }
}
