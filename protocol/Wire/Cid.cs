using System.Diagnostics.CodeAnalysis;

namespace IncidentMesh.Protocol.Wire;

/// <summary>The two multicodecs that a <see cref="Cid"/> of ours may have.</summary>
public enum Codec : byte
{
    /// <summary>Opaque bytes.</summary>
    Raw = 0x55,

    /// <summary>DAG-CBOR.</summary>
    DagCbor = 0x71,
}

/// <summary>A CIDv1 over SHA-256: <c>01 codec 12 20 digest</c>, 36 bytes; text is multibase base32, lower
/// case.
/// Source: multiformats/cid; <c>specs/wire.md</c>, "CID".</summary>
/// <param name="Codec">What the hashed bytes are.</param>
/// <param name="Digest">SHA-256 of the bytes.</param>
public readonly record struct Cid(Codec Codec, Digest Digest) : IComparable<Cid>
{
    /// <summary>Length of the binary form.</summary>
    public const int ByteLength = 36;

    /// <summary>Length of the text form: <c>b</c> and 58 characters.</summary>
    public const int TextLength = 59;

    /// <summary>What the text of every DAG-CBOR CID over SHA-256 begins with.</summary>
    public const string DagCborPrefix = "bafyrei";

    /// <summary>The CID of <paramref name="bytes"/>.</summary>
    public static Cid Of(Codec codec, ReadOnlySpan<byte> bytes) => new(codec, Digest.Sha256(bytes));

    /// <summary>Reads exactly 36 bytes. Any other version, codec or hash is a fault.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Cid cid, [NotNullWhen(false)] out Fault? fault)
    {
        cid = default;
        bool ok = bytes.Length == ByteLength && bytes[0] == 1 && bytes[2] == 0x12 && bytes[3] == 0x20
            && (bytes[1] == (byte)Codec.Raw || bytes[1] == (byte)Codec.DagCbor);
        if (!ok)
        {
            fault = Fault.Message("cid-form", "expected CIDv1, codec 0x55 or 0x71, sha2-256 of 32 bytes");
            return false;
        }

        cid = new Cid((Codec)bytes[1], new Digest(bytes[4..]));
        fault = null;
        return true;
    }

    /// <summary>Reads the text form, in lower case base32 alone (one text for one CID).</summary>
    public static bool TryParse(string? text, out Cid cid)
    {
        cid = default;
        return text is { Length: TextLength } && text[0] == 'b'
            && Base32.Decode(text.AsSpan(1)) is { } bytes && TryRead(bytes, out cid, out _);
    }

    /// <summary>Writes the 36 bytes to the start of <paramref name="destination"/>.</summary>
    public void WriteTo(Span<byte> destination)
    {
        destination[0] = 1;
        destination[1] = (byte)Codec;
        destination[2] = 0x12;
        destination[3] = 0x20;
        Digest.CopyTo(destination[4..]);
    }

    /// <summary>The 36 bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[ByteLength];
        WriteTo(bytes);
        return bytes;
    }

    /// <summary>The 8 characters after the common prefix: how people name a record.</summary>
    public string Short => ToString().Substring(DagCborPrefix.Length, 8);

    /// <inheritdoc/>
    public int CompareTo(Cid other)
    {
        int order = Codec.CompareTo(other.Codec);
        return order != 0 ? order : Digest.CompareTo(other.Digest);
    }

    /// <summary>Multibase base32 text, 59 characters.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        WriteTo(bytes);
        return "b" + Base32.Encode(bytes);
    }

    /// <summary>Before in byte order.</summary>
    public static bool operator <(Cid left, Cid right) => left.CompareTo(right) < 0;

    /// <summary>After in byte order.</summary>
    public static bool operator >(Cid left, Cid right) => left.CompareTo(right) > 0;

    /// <summary>Before in byte order, or equal.</summary>
    public static bool operator <=(Cid left, Cid right) => left.CompareTo(right) <= 0;

    /// <summary>After in byte order, or equal.</summary>
    public static bool operator >=(Cid left, Cid right) => left.CompareTo(right) >= 0;
}
