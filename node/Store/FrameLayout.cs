using System.Buffers.Binary;
using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Store;

/// <summary>The decoded header of a frame.</summary>
internal readonly record struct FrameHeader(
    int Length, FrameKind Kind, byte State, int HeadLength, int BodyLength, Instant Received,
    uint HeadCheck, uint BodyCheck);

/// <summary>The bytes of a frame (<c>specs/storage.md</c>, section 3). All numbers little-endian:
/// <code>
/// frame  = header head body pad            pad = 0..7 zero bytes, to a multiple of 8
/// header = length(u32) kind(u8) state(u8) zero(u16) headLength(u32) bodyLength(u32) received(i64)
///          headCheck(u32) bodyCheck(u32) zero(u32) check(u32)                            40 bytes
/// </code>
/// <c>state</c> is left out of the check, so that a body is marked as erased by one
/// byte that cannot tear.</summary>
internal static class FrameLayout
{
    public const int HeaderBytes = 40;
    public const int Alignment = 8;
    public const int StateOffset = 5;
    public const byte Live = 0x00;

    /// <summary>Far from <see cref="Live"/>: no flip of up to four bits makes one of the other.</summary>
    public const byte Erased = 0xe5;

    private const int CheckOffset = 36;

    public static int LargestFrame { get; } = Size(Limits.Store.HeadBytes, Limits.Store.BodyBytes);

    public static int Size(int head, int body) => (HeaderBytes + head + body + Alignment - 1) & -Alignment;

    /// <summary>Writes a whole frame; <paramref name="to"/> has exactly <see cref="Size"/> bytes.</summary>
    public static void Write(Span<byte> to, in LogEntry entry, uint key, LogPosition at)
    {
        ReadOnlySpan<byte> head = entry.Head.Span, body = entry.Body.Span;
        to.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(to, to.Length);
        to[4] = (byte)entry.Kind;
        to[StateOffset] = Live;
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], head.Length);
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], body.Length);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], entry.Received.Milliseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(to[24..], Crc32C.Of(head));
        BinaryPrimitives.WriteUInt32LittleEndian(to[28..], Crc32C.Of(body));
        BinaryPrimitives.WriteUInt32LittleEndian(to[CheckOffset..], Check(to, key, at));
        head.CopyTo(to[HeaderBytes..]);
        body.CopyTo(to[(HeaderBytes + head.Length)..]);
    }

    /// <summary>Reads a header; false unless every field is one that <see cref="Write"/> makes for this
    /// place.</summary>
    public static bool TryReadHeader(
        ReadOnlySpan<byte> from, uint key, LogPosition at, out FrameHeader header)
    {
        header = default;
        if (from.Length < HeaderBytes) { return false; }
        int length = BinaryPrimitives.ReadInt32LittleEndian(from);
        int head = BinaryPrimitives.ReadInt32LittleEndian(from[8..]);
        int body = BinaryPrimitives.ReadInt32LittleEndian(from[12..]);
        if (head < 0 || head > Limits.Store.HeadBytes || body < 0 || body > Limits.Store.BodyBytes
            || length != Size(head, body)
            || BinaryPrimitives.ReadUInt32LittleEndian(from[CheckOffset..]) != Check(from, key, at))
        {
            return false;
        }
        header = new FrameHeader(
            length, (FrameKind)from[4], from[StateOffset], head, body,
            new Instant(BinaryPrimitives.ReadInt64LittleEndian(from[16..])),
            BinaryPrimitives.ReadUInt32LittleEndian(from[24..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[28..]));
        return true;
    }

    /// <summary>The two lengths of a header that has been checked before.</summary>
    public static bool TryReadLengths(ReadOnlySpan<byte> from, out int head, out int body)
    {
        head = BinaryPrimitives.ReadInt32LittleEndian(from[8..]);
        body = BinaryPrimitives.ReadInt32LittleEndian(from[12..]);
        return Size(head, body) <= from.Length;
    }

    /// <summary>What the state byte and the checksum together say of a body. A state byte that is neither
    /// of its two values has been damaged: the body itself then tells whether it was erased.</summary>
    public static BodyState StateOf(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (header.State == Erased) { return BodyState.Erased; }
        if (Crc32C.Of(body) == header.BodyCheck) { return BodyState.Present; }
        bool zero = !body.ContainsAnyExcept((byte)0);
        return zero && header.State != Live ? BodyState.Erased : BodyState.Damaged;
    }

    // The log's key and the place are part of the checksum: bytes that a peer placed inside a body, or a
    // frame that was copied elsewhere, are not taken for a frame when the reader looks for the next one
    // after damage.
    private static uint Check(ReadOnlySpan<byte> header, uint key, LogPosition at)
    {
        Span<byte> seed = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(seed, key);
        BinaryPrimitives.WriteInt64LittleEndian(seed[4..], at.Value);
        uint crc = Crc32C.Update(uint.MaxValue, seed);
        crc = Crc32C.Update(crc, header[..StateOffset]);
        crc = Crc32C.Update(crc, [0]);
        return ~Crc32C.Update(crc, header[(StateOffset + 1)..CheckOffset]);
    }
}
