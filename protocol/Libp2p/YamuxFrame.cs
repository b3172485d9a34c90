using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>What a Yamux frame is for.</summary>
public enum YamuxType : byte
{
    /// <summary>Payload of a stream; length is its bytes.</summary>
    Data = 0,

    /// <summary>More credit for the sender; length is the bytes added. Carries the control flags
    /// too.</summary>
    WindowUpdate = 1,

    /// <summary>A ping or its answer; length is an opaque value.</summary>
    Ping = 2,

    /// <summary>The sender opens and accepts no more streams; length is the reason.</summary>
    GoAway = 3,
}

/// <summary>Flags of a Yamux frame.</summary>
[Flags]
public enum YamuxFlags : ushort
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Opens a stream, or asks for the answer to a ping.</summary>
    Syn = 1,

    /// <summary>Accepts a stream, or answers a ping.</summary>
    Ack = 2,

    /// <summary>The sender writes no more on the stream.</summary>
    Fin = 4,

    /// <summary>The stream is gone at once.</summary>
    Rst = 8,
}

/// <summary>The header of a Yamux frame (<c>specs/libp2p.md</c> 4; hashicorp/yamux spec.md).</summary>
/// <remarks><code>
/// frame = u8 version(0)  u8 type(0..3)  u16 flags  u32 stream  u32 length  [length bytes, when type is Data]
/// all integers big-endian; stream 0 is the session
/// </code></remarks>
/// <param name="Type">What the frame is for.</param>
/// <param name="Flags">SYN, ACK, FIN, RST.</param>
/// <param name="Stream">Odd: opened by the dialer; even: by the listener; 0: the session.</param>
/// <param name="Length">Depends on <paramref name="Type"/>.</param>
public readonly record struct YamuxFrame(YamuxType Type, YamuxFlags Flags, uint Stream, uint Length)
{
    /// <summary>Bytes of a header.</summary>
    public const int HeaderLength = 12;

    private const YamuxFlags AllFlags = YamuxFlags.Syn | YamuxFlags.Ack | YamuxFlags.Fin | YamuxFlags.Rst;

    /// <summary>Reads a header.</summary>
    /// <param name="header">Exactly 12 bytes.</param>
    /// <param name="frame">The header read.</param>
    /// <param name="fault"><c>yamux-version</c>, <c>yamux-type</c>, <c>yamux-flags</c> or
    /// <c>yamux-stream</c>.</param>
    public static bool TryRead(ReadOnlySpan<byte> header, out YamuxFrame frame,
        [NotNullWhen(false)] out Fault? fault)
    {
        frame = new YamuxFrame(
            (YamuxType)header[1],
            (YamuxFlags)BinaryPrimitives.ReadUInt16BigEndian(header[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(header[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(header[8..]));
        bool session = frame.Type is YamuxType.Ping or YamuxType.GoAway;
        fault = header[0] != 0 ? Fault.Connection("yamux-version", $"version {header[0]} instead of 0")
            : frame.Type > YamuxType.GoAway ? Fault.Connection("yamux-type", $"type {header[1]} is above 3")
            : (frame.Flags & ~AllFlags) != 0 ? Fault.Connection("yamux-flags", $"flags {(int)frame.Flags:x4}")
            : session != (frame.Stream == 0)
                ? Fault.Connection("yamux-stream", $"{frame.Type} on {frame.Stream}")
            : null;
        return fault is null;
    }

    /// <summary>Writes the 12 bytes of the header.</summary>
    public void Write(Span<byte> destination)
    {
        destination[0] = 0;
        destination[1] = (byte)Type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)Flags);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Stream);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Length);
    }
}
