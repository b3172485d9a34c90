using System.Text;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Exchange;

/// <summary>Makes rows: checks a mapped body against the rules of its type, or says why not.</summary>
internal static class RowResult
{
    private const int ShownCharacters = 1 << 15;

    public static ImportRow Bad(string file, long line, string why, string text) => new(file, line)
    {
        Error = why,
        Text = Shown(text),
    };

    public static ImportRow Of(
        string file, long line, string text, TypedBody body, string? language, long? created)
    {
        IReadOnlyList<FieldProblem> problems = body.Check();
        string? why = Marked(body) is { } marked ? marked
            : problems.Count > 0 ? problems[0].ToString()
            : language is not null && !LanguageTag.IsWellFormed(language)
            ? $"\"{language}\" is no language tag"
            : created is < 0 or >= Limits.Records.CreatedSeconds ? "the date is before 1970 or too far ahead"
            : FormOf(body);
        return why is not null ? Bad(file, line, why, text)
            : new ImportRow(file, line)
            {
                Body = body, Language = language, Created = created, Text = Shown(text),
            };
    }

    /// <summary>The text of a row, cut to what an errors file shows.</summary>
    public static string Shown(string text) =>
        text.Length <= ShownCharacters ? text : text[..ShownCharacters];

    /// <summary>A text cut to the bytes that a short field holds, at a character, with an ellipsis.</summary>
    public static string Short(string text) => Cut(text, Limits.Records.ShortTextBytes);

    /// <summary>A text cut to the bytes that a long field holds.</summary>
    public static string Long(string text) => Cut(text, Limits.Records.LongTextBytes);

    /// <summary>Seconds of the start of a date of a source; null where it is none.</summary>
    public static long? Seconds(string? date) => date is null ? null : Forms.ToUnixSeconds(date);

    private static string Cut(string text, int bytes)
    {
        const string Ellipsis = "…";
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
        {
            return text;
        }

        int room = bytes - Encoding.UTF8.GetByteCount(Ellipsis);
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return string.Concat(text.AsSpan(0, length), Ellipsis);
    }

    private static string? Marked(TypedBody body) => (body as ReportBody)?.Tags
        .Select(tag => Tlp.OfTag($"{tag.Namespace}:{tag.Value}") ?? Tlp.OfTag(tag.Value))
        .FirstOrDefault(why => why is not null);

    // What signing would refuse is a bad row here, not the end of the import there.
    private static string? FormOf(TypedBody body)
    {
        IpldBytes salt = new(new byte[Limits.Records.SaltBytes]);
        byte[] bytes = DagCbor.Write(body.ToMap().With(RecordBody.Salt, salt));
        return bytes.Length > Limits.Records.BodyBytes ? $"larger than {Limits.Records.BodyBytes} bytes"
            : RecordBody.HasForm(bytes, out Fault? fault) ? null : fault.Detail;
    }
}
