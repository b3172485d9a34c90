using System.Buffers.Binary;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Sync;

/// <summary>A sum of ids modulo 2^256, each read as a little-endian integer. Source: negentropy v1,
/// "Fingerprint Algorithm".</summary>
internal struct IdSum
{
    private ulong _w0;
    private ulong _w1;
    private ulong _w2;
    private ulong _w3;

    public void Add(in Digest id)
    {
        IdSum other = Of(id);
        Add(other);
    }

    public void Subtract(in Digest id)
    {
        IdSum other = Of(id);
        Subtract(other);
    }

    public void Add(in IdSum other)
    {
        UInt128 carry = (UInt128)_w0 + other._w0;
        _w0 = (ulong)carry;
        carry = (carry >> 64) + _w1 + other._w1;
        _w1 = (ulong)carry;
        carry = (carry >> 64) + _w2 + other._w2;
        _w2 = (ulong)carry;
        _w3 = unchecked((ulong)(carry >> 64) + _w3 + other._w3);
    }

    public void Subtract(in IdSum other)
    {
        // Two's complement: a - b = a + ~b + 1.
        UInt128 carry = (UInt128)_w0 + ~other._w0 + 1;
        _w0 = (ulong)carry;
        carry = (carry >> 64) + _w1 + ~other._w1;
        _w1 = (ulong)carry;
        carry = (carry >> 64) + _w2 + ~other._w2;
        _w2 = (ulong)carry;
        _w3 = unchecked((ulong)(carry >> 64) + _w3 + ~other._w3);
    }

    public readonly void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, _w0);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], _w1);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], _w2);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], _w3);
    }

    private static IdSum Of(in Digest id)
    {
        Span<byte> bytes = stackalloc byte[Digest.ByteLength];
        id.CopyTo(bytes);
        return new IdSum
        {
            _w0 = BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            _w1 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            _w2 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            _w3 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
        };
    }
}
