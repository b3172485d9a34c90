using System.Buffers.Binary;
using System.Text.Unicode;

namespace IncidentMesh.Protocol.Wire;

/// <summary>What the next item is.</summary>
public enum CborKind
{
    /// <summary>The bytes are at their end.</summary>
    End,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>A byte string.</summary>
    Bytes,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A list.</summary>
    List,

    /// <summary>A map.</summary>
    Map,

    /// <summary>A link (tag 42).</summary>
    Link,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Anything that our records do not have.</summary>
    Other,
}

/// <summary>Reads strict DAG-CBOR piece by piece without allocating. Each method returns false and leaves a
/// <see cref="Fault"/> when the bytes are not canonical or not of that kind; after that nothing more may be
/// read.
/// Spans point into the source. <c>specs/wire.md</c>, "DAG-CBOR".</summary>
/// <param name="source">The bytes of one item, or of several one after the other.</param>
public ref struct CborReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private int _items;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Why the last call returned false.</summary>
    public Fault? Fault { get; private set; }

    /// <summary>True when every byte was read.</summary>
    public readonly bool AtEnd => Position == _source.Length;

    /// <summary>What the next item is, by its first byte.</summary>
    public readonly CborKind Peek()
    {
        if (AtEnd)
        {
            return CborKind.End;
        }

        byte first = _source[Position];
        return (first >> 5) switch
        {
            0 or 1 => CborKind.Integer,
            2 => CborKind.Bytes,
            3 => CborKind.Text,
            4 => CborKind.List,
            5 => CborKind.Map,
            6 => CborKind.Link,
            _ => first is 0xf4 or 0xf5 ? CborKind.Boolean : CborKind.Other,
        };
    }

    /// <summary>Reads the head of a list.</summary>
    public bool TryReadList(out int count) => TryReadCount(4, 1, out count);

    /// <summary>Reads the head of a map.</summary>
    public bool TryReadMap(out int count) => TryReadCount(5, 2, out count);

    /// <summary>Reads an integer of at most 53 bits either way.</summary>
    public bool TryReadInteger(out long value)
    {
        value = 0;
        if (Peek() != CborKind.Integer)
        {
            return Fail("cbor-kind", "expected an integer");
        }

        bool negative = _source[Position] >> 5 == 1;
        if (!TryReadHead(out ulong argument))
        {
            return false;
        }

        ulong most = negative ? Limits.Wire.CborInteger - 1 : (ulong)Limits.Wire.CborInteger;
        if (argument > most)
        {
            return Fail("cbor-integer", "an integer beyond 2^53 - 1");
        }

        value = negative ? -1 - (long)argument : (long)argument;
        return true;
    }

    /// <summary>Reads a byte string.</summary>
    public bool TryReadBytes(out ReadOnlySpan<byte> value)
    {
        value = default;
        return Peek() == CborKind.Bytes ? TryReadString(out value) : Fail("cbor-kind", "expected bytes");
    }

    /// <summary>Reads text as its UTF-8 bytes, which are checked.</summary>
    public bool TryReadText(out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (Peek() != CborKind.Text)
        {
            return Fail("cbor-kind", "expected text");
        }

        if (!TryReadString(out utf8))
        {
            return false;
        }

        if (!Utf8.IsValid(utf8))
        {
            return Fail("cbor-utf8", "text that is not valid UTF-8");
        }

        return !utf8.Contains((byte)0) || Fail("cbor-nul", "text with U+0000");
    }

    /// <summary>Reads a map key and checks that it follows <paramref name="previous"/>, the key before it, in
    /// canonical order. Start each map with an empty span.</summary>
    public bool TryReadKey(scoped ReadOnlySpan<byte> previous, out ReadOnlySpan<byte> key)
    {
        if (!TryReadText(out key))
        {
            return false;
        }

        if (key.Length is 0 or > Limits.Wire.CborKeyBytes)
        {
            return Fail("cbor-key-length", $"a key of {key.Length} bytes");
        }

        int order = key.Length - previous.Length;
        order = order != 0 ? order : key.SequenceCompareTo(previous);
        if (order <= 0)
        {
            return Fail("cbor-key-order", "map keys out of order, or one key twice");
        }

        return true;
    }

    /// <summary>Reads true or false.</summary>
    public bool TryReadBoolean(out bool value)
    {
        value = false;
        if (Peek() != CborKind.Boolean)
        {
            return Fail("cbor-kind", "expected true or false");
        }

        value = _source[Position++] == 0xf5;
        return CountItem();
    }

    /// <summary>Reads a link.</summary>
    public bool TryReadLink(out Cid value)
    {
        value = default;
        ReadOnlySpan<byte> rest = _source[Position..];
        if (rest.Length < 5 + Cid.ByteLength || rest[0] != 0xd8 || rest[1] != 42
            || rest[2] != 0x58 || rest[3] != Cid.ByteLength + 1 || rest[4] != 0)
        {
            return Fail("cbor-link", "expected a link: tag 42 over 00 and a CIDv1 of 36 bytes");
        }

        if (!Cid.TryRead(rest.Slice(5, Cid.ByteLength), out value, out Fault? fault))
        {
            Fault = fault;
            return false;
        }

        Position += 5 + Cid.ByteLength;
        return CountItem();
    }

    /// <summary>Reads one item of any kind, checks it like the rest, and throws it away.</summary>
    public bool TrySkip() => TrySkip(1);

    private bool TrySkip(int depth)
    {
        int count;
        switch (Peek())
        {
            case CborKind.Integer:
                return TryReadInteger(out _);
            case CborKind.Bytes:
                return TryReadBytes(out _);
            case CborKind.Text:
                return TryReadText(out _);
            case CborKind.Boolean:
                return TryReadBoolean(out _);
            case CborKind.Link:
                return TryReadLink(out _);
            case CborKind.List:
                if (!CheckDepth(depth) || !TryReadList(out count))
                {
                    return false;
                }

                for (int i = 0; i < count; i++)
                {
                    if (!TrySkip(depth + 1))
                    {
                        return false;
                    }
                }

                return true;
            case CborKind.Map:
                return TrySkipMap(depth);
            default:
                return FailKind();
        }
    }

    private bool TrySkipMap(int depth)
    {
        if (!CheckDepth(depth) || !TryReadMap(out int count))
        {
            return false;
        }

        ReadOnlySpan<byte> previous = default;
        for (int i = 0; i < count; i++)
        {
            if (!TryReadKey(previous, out ReadOnlySpan<byte> key) || !TrySkip(depth + 1))
            {
                return false;
            }

            previous = key;
        }

        return true;
    }

    /// <summary>Checks that a container may stand at <paramref name="depth"/> (1 for the
    /// outermost).</summary>
    internal bool CheckDepth(int depth) =>
        depth <= Limits.Wire.CborDepth || Fail("cbor-depth", $"nested deeper than {Limits.Wire.CborDepth}");

    /// <summary>Fails at an item that our records do not have, naming it.</summary>
    internal bool FailKind()
    {
        if (AtEnd)
        {
            return Fail("cbor-truncated", "the bytes end within a value");
        }

        return _source[Position] switch
        {
            0xf6 => Fail("cbor-null", "null is not allowed: leave the field out"),
            0xf7 => Fail("cbor-undefined", "undefined is not allowed"),
            >= 0xf9 and <= 0xfb => Fail("cbor-float", "floats are not allowed: use per-mille integers"),
            _ => Fail("cbor-kind", $"a value that begins with 0x{_source[Position]:x2} is not allowed"),
        };
    }

    private bool TryReadCount(int major, int itemsEach, out int count)
    {
        count = 0;
        if (AtEnd || _source[Position] >> 5 != major)
        {
            return Fail("cbor-kind", major == 4 ? "expected a list" : "expected a map");
        }

        if (!TryReadHead(out ulong argument))
        {
            return false;
        }

        // Each announced item takes a byte at least: a larger count is a lie told before any work is done.
        ulong left = (ulong)(_source.Length - Position);
        if (argument > Limits.Wire.CborItems || argument * (ulong)itemsEach > left)
        {
            return Fail("cbor-count", $"{argument} items announced");
        }

        count = (int)argument;
        return true;
    }

    private bool TryReadString(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryReadHead(out ulong length))
        {
            return false;
        }

        if (length > (ulong)(_source.Length - Position))
        {
            return Fail("cbor-truncated", "a string longer than the bytes that are left");
        }

        value = _source.Slice(Position, (int)length);
        Position += (int)length;
        return true;
    }

    private bool TryReadHead(out ulong argument)
    {
        int info = _source[Position] & 31;
        argument = (ulong)info;
        if (info < 24)
        {
            Position++;
            return CountItem();
        }

        if (info > 27)
        {
            return Fail("cbor-length", "indefinite or reserved length");
        }

        int size = 1 << (info - 24);
        ReadOnlySpan<byte> rest = _source[(Position + 1)..];
        if (rest.Length < size)
        {
            return Fail("cbor-truncated", "the bytes end within a length");
        }

        argument = size switch
        {
            1 => rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest),
            4 => BinaryPrimitives.ReadUInt32BigEndian(rest),
            _ => BinaryPrimitives.ReadUInt64BigEndian(rest),
        };
        ulong least = size switch { 1 => 24, 2 => 1UL << 8, 4 => 1UL << 16, _ => 1UL << 32 };
        if (argument < least)
        {
            return Fail("cbor-length", "a length or number that is not written in its shortest form");
        }

        Position += 1 + size;
        return CountItem();
    }

    private bool CountItem() =>
        ++_items <= Limits.Wire.CborItems || Fail("cbor-items", $"more than {Limits.Wire.CborItems} items");

    private bool Fail(string code, string detail)
    {
        Fault = Fault.Message(code, detail);
        return false;
    }
}
