using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace IncidentMesh.Protocol.Wire;

/// <summary>Writes canonical DAG-CBOR piece by piece: shortest heads, definite lengths. The caller writes map
/// keys in
/// canonical order and as many items as it announced. Source: RFC 8949, 4.2.1; <c>specs/wire.md</c>,
/// "DAG-CBOR".</summary>
public sealed class CborWriter
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private readonly ArrayBufferWriter<byte> _buffer;

    /// <summary>A writer with room for <paramref name="capacity"/> bytes before it grows.</summary>
    public CborWriter(int capacity = 256) => _buffer = new ArrayBufferWriter<byte>(capacity);

    /// <summary>What was written so far; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>A copy of what was written so far.</summary>
    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    /// <summary>Starts a list of <paramref name="count"/> items.</summary>
    public void List(int count) => Head(4, (ulong)count);

    /// <summary>Starts a map of <paramref name="count"/> pairs.</summary>
    public void Map(int count) => Head(5, (ulong)count);

    /// <summary>Writes an integer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Beyond 53 bits.</exception>
    public void Integer(long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(value), Limits.Wire.CborInteger);
        Head(value < 0 ? 1 : 0, value < 0 ? (ulong)(-1 - value) : (ulong)value);
    }

    /// <summary>Writes text.</summary>
    /// <exception cref="EncoderFallbackException">The text has a lone surrogate.</exception>
    /// <exception cref="ArgumentException">The text has U+0000.</exception>
    public void Text(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("text of a record has no U+0000", nameof(value));
        }

        int length = Utf8.GetByteCount(value);
        Head(3, (ulong)length);
        _buffer.Advance(Utf8.GetBytes(value, _buffer.GetSpan(length)));
    }

    /// <summary>Writes a byte string.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Head(2, (ulong)value.Length);
        _buffer.Write(value);
    }

    /// <summary>Writes true or false.</summary>
    public void Boolean(bool value) => _buffer.Write([value ? (byte)0xf5 : (byte)0xf4]);

    /// <summary>Writes a link: tag 42 over <c>00</c> and the CID.</summary>
    public void Link(Cid value)
    {
        Span<byte> link = stackalloc byte[Cid.ByteLength + 5];
        link[0] = 0xd8;
        link[1] = 42;
        link[2] = 0x58;
        link[3] = Cid.ByteLength + 1;
        link[4] = 0;
        value.WriteTo(link[5..]);
        _buffer.Write(link);
    }

    /// <summary>Writes a byte-string head alone; the caller writes the bytes with <see
    /// cref="Raw"/>.</summary>
    public void BytesHead(int length) => Head(2, (ulong)length);

    /// <summary>Writes bytes that are already canonical.</summary>
    public void Raw(ReadOnlySpan<byte> encoded) => _buffer.Write(encoded);

    private void Head(int major, ulong argument)
    {
        Span<byte> head = _buffer.GetSpan(9);
        int type = major << 5;
        int length;
        switch (argument)
        {
            case < 24:
                head[0] = (byte)(type | (int)argument);
                length = 1;
                break;
            case <= byte.MaxValue:
                head[0] = (byte)(type | 24);
                head[1] = (byte)argument;
                length = 2;
                break;
            case <= ushort.MaxValue:
                head[0] = (byte)(type | 25);
                BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)argument);
                length = 3;
                break;
            case <= uint.MaxValue:
                head[0] = (byte)(type | 26);
                BinaryPrimitives.WriteUInt32BigEndian(head[1..], (uint)argument);
                length = 5;
                break;
            default:
                head[0] = (byte)(type | 27);
                BinaryPrimitives.WriteUInt64BigEndian(head[1..], argument);
                length = 9;
                break;
        }

        _buffer.Advance(length);
    }
}
