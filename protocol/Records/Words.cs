using System.Buffers;
using System.Text;

namespace IncidentMesh.Protocol.Records;

/// <summary>The words of headers: types and relations. <c>specs/records.md</c>, "Header".</summary>
/// <remarks><c>word = a-z { a-z | 0-9 | "-" }</c>, at most 32 bytes.</remarks>
internal static class Words
{
    private static readonly SearchValues<byte> Allowed = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789-"u8);

    // A word that is known costs no allocation when a header is read.
    private static readonly (byte[] Utf8, string Text)[] Known =
    [
        .. RecordTypes.Understood.Concat(RecordTypes.Reserved)
            .Concat(
                [Relation.Supersedes, Relation.Retracts, Relation.Attests, Relation.Links, Relation.Related])
            .Select(word => (Encoding.ASCII.GetBytes(word), word)),
    ];

    internal static bool IsWord(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= Limits.Records.WordBytes
        && text[0] is >= (byte)'a' and <= (byte)'z'
        && !text.ContainsAnyExcept(Allowed);

    internal static bool IsWord(string text) => IsWord(Encoding.UTF8.GetBytes(text));

    internal static string Intern(ReadOnlySpan<byte> word)
    {
        foreach ((byte[] utf8, string text) in Known)
        {
            if (word.SequenceEqual(utf8))
            {
                return text;
            }
        }

        return Encoding.ASCII.GetString(word);
    }
}
