using System.Buffers;

namespace IncidentMesh.Protocol.Wire;

/// <summary>Unsigned LEB128, as multiformats has it: least significant group first, minimal, at most
/// <see cref="MaxLength"/> bytes. Source: multiformats/unsigned-varint README; <c>specs/wire.md</c>,
/// "uvarint".</summary>
public static class Uvarint
{
    /// <summary>Longest encoding in bytes; larger numbers have no encoding.</summary>
    public const int MaxLength = Limits.Wire.UvarintBytes;

    /// <summary>Bytes that <paramref name="value"/> takes.</summary>
    public static int Size(ulong value)
    {
        int size = 1;
        while ((value >>= 7) != 0)
        {
            size++;
        }

        return size;
    }

    /// <summary>Writes <paramref name="value"/> and returns the bytes written.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value needs more than 63 bits.</exception>
    public static int Write(Span<byte> destination, ulong value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, (ulong)long.MaxValue);
        int at = 0;
        while (value >= 0x80)
        {
            destination[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[at++] = (byte)value;
        return at;
    }

    /// <summary>Writes <paramref name="value"/> to <paramref name="writer"/>.</summary>
    public static void Write(IBufferWriter<byte> writer, ulong value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Advance(Write(writer.GetSpan(MaxLength), value));
    }

    /// <summary>Reads one number from the start of <paramref name="source"/>.</summary>
    /// <returns><see cref="OperationStatus.Done"/>; <see cref="OperationStatus.NeedMoreData"/> when the bytes
    /// end within
    /// the number; <see cref="OperationStatus.InvalidData"/> when it is not minimal or too long.</returns>
    public static OperationStatus Read(ReadOnlySpan<byte> source, out ulong value, out int consumed)
    {
        value = 0;
        consumed = 0;
        for (int at = 0; at < MaxLength; at++)
        {
            if (at >= source.Length)
            {
                value = 0;
                return OperationStatus.NeedMoreData;
            }

            byte b = source[at];
            value |= (ulong)(b & 0x7f) << (7 * at);
            if (b < 0x80)
            {
                if (b == 0 && at > 0)
                {
                    break;
                }

                consumed = at + 1;
                return OperationStatus.Done;
            }
        }

        value = 0;
        return OperationStatus.InvalidData;
    }
}
