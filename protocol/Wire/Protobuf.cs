using System.Buffers;
using System.Text;

namespace IncidentMesh.Protocol.Wire;

/// <summary>Reads the protobuf wire format field by field without allocating: enough for libp2p's messages.
/// Unknown fields are passed over by reading on. Source: protobuf.dev, "Encoding"; <c>specs/wire.md</c>,
/// "protobuf".</summary>
/// <param name="source">The bytes of one message.</param>
public ref struct ProtobufReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    /// <summary>Number of the field read last.</summary>
    public int Field { get; private set; }

    /// <summary>Wire type of the field read last: 0 varint, 1 eight bytes, 2 length-delimited, 5 four
    /// bytes.</summary>
    public int WireType { get; private set; }

    /// <summary>Value of a varint field.</summary>
    public ulong Varint { get; private set; }

    /// <summary>Value of a length-delimited field.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Why <see cref="Read"/> returned false, or null at the end of the message.</summary>
    public Fault? Fault { get; private set; }

    /// <summary>Reads the next field. False at the end, or with a <see cref="Fault"/>.</summary>
    public bool Read()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (!TryVarint(out ulong tag) || tag >> 3 is 0 or > 536_870_911)
        {
            return Fail("a field tag that cannot be read");
        }

        Field = (int)(tag >> 3);
        WireType = (int)(tag & 7);
        switch (WireType)
        {
            case 0:
                bool read = TryVarint(out ulong value);
                Varint = value;
                return read || Fail("a varint that cannot be read");
            case 2:
                if (!TryVarint(out ulong length) || length > (ulong)_rest.Length)
                {
                    return Fail("a field longer than its message");
                }

                Bytes = _rest[..(int)length];
                _rest = _rest[(int)length..];
                return true;
            case 1 or 5:
                int size = WireType == 1 ? 8 : 4;
                if (_rest.Length < size)
                {
                    return Fail("a fixed field longer than its message");
                }

                _rest = _rest[size..];
                return true;
            default:
                return Fail($"wire type {WireType}");
        }
    }

    /// <summary>True for a length-delimited field of that number.</summary>
    public readonly bool IsBytes(int field) => Field == field && WireType == 2;

    /// <summary>True for a varint field of that number.</summary>
    public readonly bool IsVarint(int field) => Field == field && WireType == 0;

    // Protobuf allows ten bytes and encodings that are not minimal: other stacks write them, so they are
    // read.
    private bool TryVarint(out ulong value)
    {
        value = 0;
        for (int i = 0; i < 10 && i < _rest.Length; i++)
        {
            byte b = _rest[i];
            value |= (ulong)(b & 0x7f) << (7 * i);
            if (b < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return i < 9 || b <= 1;
            }
        }

        return false;
    }

    private bool Fail(string detail)
    {
        Fault = Fault.Message("protobuf", detail);
        _rest = default;
        return false;
    }
}

/// <summary>Writes the protobuf wire format; the caller writes fields in the order of their
/// numbers.</summary>
public sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    /// <summary>What was written so far; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>A copy of what was written so far.</summary>
    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    /// <summary>Forgets what was written and keeps the memory.</summary>
    public void Clear() => _buffer.ResetWrittenCount();

    /// <summary>A varint field.</summary>
    public void Varint(int field, ulong value)
    {
        Raw((ulong)field << 3);
        Raw(value);
    }

    /// <summary>A bytes field.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Raw(((ulong)field << 3) | 2);
        Raw((ulong)value.Length);
        _buffer.Write(value);
    }

    /// <summary>A string field.</summary>
    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    private void Raw(ulong value)
    {
        Span<byte> span = _buffer.GetSpan(10);
        int at = 0;
        while (value >= 0x80)
        {
            span[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[at++] = (byte)value;
        _buffer.Advance(at);
    }
}
