using System.Buffers.Binary;
using System.Buffers.Text;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Search;

/// <summary>Where a page ended, as opaque text. It holds a place in the order, not a count, so that records
/// that come or go do not shift the next page; records received after the first page stay out of all pages.
/// <code>cursor = base64url( version(1) question(8) received(8) primary(8) created(8) id(32)
/// )</code></summary>
/// <param name="Question">What was asked, so that a cursor of another query is refused.</param>
/// <param name="Received">Records received later are left out.</param>
/// <param name="Last">The last record of the page.</param>
internal readonly record struct Cursor(ulong Question, long Received, RankedRow Last)
{
    private const byte Version = 1;
    private const int Length = 1 + 8 + 8 + 8 + 8 + Digest.ByteLength;

    public static bool TryParse(string text, out Cursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text.Length > Length * 2 || !Base64Url.IsValid(text, out int length) || length != Length
            || Base64Url.DecodeFromChars(text, bytes) != Length || bytes[0] != Version)
        {
            return false;
        }

        cursor = new Cursor(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[9..]),
            new RankedRow(
                -1,
                BinaryPrimitives.ReadDoubleBigEndian(bytes[17..]),
                BinaryPrimitives.ReadInt64BigEndian(bytes[25..]),
                new Digest(bytes[33..])));
        return !double.IsNaN(cursor.Last.Primary);
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], Question);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], Received);
        BinaryPrimitives.WriteDoubleBigEndian(bytes[17..], Last.Primary);
        BinaryPrimitives.WriteInt64BigEndian(bytes[25..], Last.Created);
        Last.Id.CopyTo(bytes[33..]);
        return Base64Url.EncodeToString(bytes);
    }
}

/// <summary>A row with what it is ordered by: greater primary first, then newer, then lower id. Comparing
/// gives the place in the results: less comes first.</summary>
/// <param name="Place">Its place in the ranking.</param>
/// <param name="Primary">Score, time, severity or sources.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Id">Its digest.</param>
internal readonly record struct RankedRow(int Place, double Primary, long Created, Digest Id)
    : IComparable<RankedRow>
{
    public int CompareTo(RankedRow other)
    {
        int order = other.Primary.CompareTo(Primary);
        order = order != 0 ? order : other.Created.CompareTo(Created);
        return order != 0 ? order : Id.CompareTo(other.Id);
    }
}
