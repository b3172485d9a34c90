using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace IncidentMesh.Protocol.Identity;

/// <summary>The one form of signed envelope: an untagged COSE_Sign1 with an empty unprotected map and alg -19
/// (Ed25519). Every byte but the payload and the signature is fixed, so that one payload has one envelope for
/// each signature. Source: RFC 9052, 4.2 and 4.4; RFC 9864; <c>specs/records.md</c>, "Envelope".</summary>
/// <remarks><c>envelope = 84  43 a10132  a0  58|59 len payload  58 40 signature</c></remarks>
public static class CoseSign1
{
    /// <summary>The protected header <c>{1: -19}</c>.</summary>
    public static ReadOnlySpan<byte> ProtectedHeader => [0xa1, 0x01, 0x32];

    /// <summary>What every envelope begins with.</summary>
    private static ReadOnlySpan<byte> Prefix => [0x84, 0x43, 0xa1, 0x01, 0x32, 0xa0];

    private static ReadOnlySpan<byte> SignatureHead => [0x58, PublicKey.SignatureLength];

    private static ReadOnlySpan<byte> Context => "Signature1"u8;

    /// <summary>Finds the payload of an envelope that fills <paramref name="envelope"/> to the last
    /// byte.</summary>
    /// <param name="envelope">The bytes as received.</param>
    /// <param name="limit">Most bytes that are allowed.</param>
    /// <param name="payload">Where the payload lies.</param>
    /// <param name="fault"><c>envelope-size</c> or <c>envelope-form</c>.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> envelope, int limit, out Range payload, [NotNullWhen(false)] out Fault? fault)
    {
        payload = default;
        if (!TryMeasure(envelope, limit, out int length, out fault))
        {
            return false;
        }

        payload = PayloadRange(envelope, length);
        return length == envelope.Length
            || Fail("envelope-form", $"an envelope of {length} bytes in {envelope.Length}", out fault);
    }

    /// <summary>Tells the length of the envelope at the start of <paramref name="data"/>, after which other
    /// bytes may follow.</summary>
    /// <param name="data">An envelope and what comes after it.</param>
    /// <param name="limit">Most bytes that the envelope may have.</param>
    /// <param name="length">Bytes of the envelope.</param>
    /// <param name="fault"><c>envelope-size</c> or <c>envelope-form</c>.</param>
    public static bool TryMeasure(
        ReadOnlySpan<byte> data, int limit, out int length, [NotNullWhen(false)] out Fault? fault)
    {
        length = 0;
        int start = Prefix.Length;
        if (!data.StartsWith(Prefix) || data.Length < start + 3)
        {
            return Fail("envelope-form", "expected 84 43a10132 a0 and a payload", out fault);
        }

        int head = data[start] switch { 0x58 => 2, 0x59 => 3, _ => 0 };
        int size = head == 2 ? data[start + 1] : BinaryPrimitives.ReadUInt16BigEndian(data[(start + 1)..]);
        if (head == 0 || (head == 2 && size < 24) || (head == 3 && size < 256))
        {
            return Fail(
                "envelope-form", "a payload length that is not written in its shortest form", out fault);
        }

        length = start + head + size + SignatureHead.Length + PublicKey.SignatureLength;
        if (length > limit)
        {
            return Fail("envelope-size", $"an envelope of {length} bytes; {limit} are allowed", out fault);
        }

        if (data.Length < length || !data[(start + head + size)..].StartsWith(SignatureHead))
        {
            return Fail("envelope-form", "expected 5840 and a signature of 64 bytes at the end", out fault);
        }

        fault = null;
        return true;
    }

    /// <summary>Signs <paramref name="payload"/> and returns the envelope.</summary>
    /// <exception cref="ArgumentException">The payload is shorter than 24 or longer than 65,535
    /// bytes.</exception>
    public static byte[] Sign(SigningKey key, ReadOnlySpan<byte> externalAad, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (payload.Length is < 24 or > ushort.MaxValue)
        {
            throw new ArgumentException("a payload has 24 to 65,535 bytes", nameof(payload));
        }

        byte[] signature = key.Sign(SigStructure(ProtectedHeader, externalAad, payload));
        Span<byte> head = stackalloc byte[3];
        int headLength = WriteBytesHead(head, payload.Length);
        return [.. Prefix, .. head[..headLength], .. payload, .. SignatureHead, .. signature];
    }

    /// <summary>True where the envelope, which <see cref="TryRead"/> accepted, is signed by <paramref
    /// name="key"/>.</summary>
    public static bool Verify(PublicKey key, ReadOnlySpan<byte> externalAad, ReadOnlySpan<byte> envelope)
    {
        ReadOnlySpan<byte> payload = envelope[PayloadRange(envelope, envelope.Length)];
        int most = StructureLength(ProtectedHeader.Length, externalAad.Length, payload.Length);
        Span<byte> structure = most <= 8_192 ? stackalloc byte[most] : new byte[most];
        int length = WriteSigStructure(structure, ProtectedHeader, externalAad, payload);
        return key.Verify(structure[..length], envelope[^PublicKey.SignatureLength..]);
    }

    /// <summary>The bytes that are signed: <c>["Signature1", protected, external_aad, payload]</c>.</summary>
    /// <param name="protectedHeader">The protected header as encoded.</param>
    /// <param name="externalAad">Names what the signature is for, so that it cannot be replayed
    /// elsewhere.</param>
    /// <param name="payload">The payload, at most 65,535 bytes.</param>
    public static byte[] SigStructure(
        ReadOnlySpan<byte> protectedHeader, ReadOnlySpan<byte> externalAad, ReadOnlySpan<byte> payload)
    {
        byte[] buffer = new byte[StructureLength(protectedHeader.Length, externalAad.Length, payload.Length)];
        return buffer[..WriteSigStructure(buffer, protectedHeader, externalAad, payload)];
    }

    /// <summary>An upper bound: heads take at most three bytes.</summary>
    private static int StructureLength(int header, int aad, int payload) =>
        2 + Context.Length + 9 + header + aad + payload;

    private static int WriteSigStructure(
        Span<byte> to,
        ReadOnlySpan<byte> protectedHeader,
        ReadOnlySpan<byte> externalAad,
        ReadOnlySpan<byte> payload)
    {
        to[0] = 0x84;
        to[1] = (byte)(0x60 | Context.Length);
        Context.CopyTo(to[2..]);
        int at = 2 + Context.Length;
        at += WriteBytes(to[at..], protectedHeader);
        at += WriteBytes(to[at..], externalAad);
        return at + WriteBytes(to[at..], payload);
    }

    private static int WriteBytes(Span<byte> to, ReadOnlySpan<byte> value)
    {
        int head = WriteBytesHead(to, value.Length);
        value.CopyTo(to[head..]);
        return head + value.Length;
    }

    private static int WriteBytesHead(Span<byte> to, int length)
    {
        switch (length)
        {
            case < 24:
                to[0] = (byte)(0x40 | length);
                return 1;
            case <= byte.MaxValue:
                to[0] = 0x58;
                to[1] = (byte)length;
                return 2;
            default:
                to[0] = 0x59;
                BinaryPrimitives.WriteUInt16BigEndian(to[1..], (ushort)length);
                return 3;
        }
    }

    private static Range PayloadRange(ReadOnlySpan<byte> envelope, int length)
    {
        int head = envelope[Prefix.Length] == 0x58 ? 2 : 3;
        return (Prefix.Length + head)..(length - SignatureHead.Length - PublicKey.SignatureLength);
    }

    private static bool Fail(string code, string detail, out Fault? fault)
    {
        fault = Fault.Message(code, detail);
        return false;
    }
}
