using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Identity;

/// <summary>A libp2p peer id: the multihash of a node's host key. An Ed25519 key is embedded whole (identity
/// multihash,
/// 38 bytes, <c>12D3KooW…</c>); ids of other keys are known by SHA-256 alone. Never an author's key.
/// Source: libp2p/specs, peer-ids; <c>specs/libp2p.md</c>.</summary>
public readonly struct PeerId : IEquatable<PeerId>, IComparable<PeerId>
{
    private const int Ed25519Length = 38;
    private const int Sha256Length = 34;
    private static readonly byte[] Ed25519Prefix = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];
    private readonly byte[]? _bytes;

    private PeerId(byte[] bytes) => _bytes = bytes;

    /// <summary>The multihash.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The id of the node whose host key is <paramref name="key"/>.</summary>
    public static PeerId Of(PublicKey key) => new([.. Ed25519Prefix, .. key.ToArray()]);

    /// <summary>Reads a multihash: identity over an Ed25519 key, or SHA-256.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PeerId id)
    {
        bool known = (bytes.Length == Ed25519Length && bytes.StartsWith(Ed25519Prefix))
            || (bytes.Length == Sha256Length && bytes[0] == 0x12 && bytes[1] == 0x20);
        id = known ? new PeerId(bytes.ToArray()) : default;
        return known;
    }

    /// <summary>Reads base58btc (<c>12D3KooW…</c>, <c>Qm…</c>) or a CIDv1 of codec libp2p-key in
    /// base32.</summary>
    public static bool TryParse(string? text, out PeerId id)
    {
        id = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        if (text[0] != 'b')
        {
            return Base58.Decode(text) is { } multihash && TryRead(multihash, out id);
        }

        byte[]? cid = text.Length <= Base58.MaxCharacters ? Base32.Decode(text.AsSpan(1)) : null;
        return cid is { Length: > 2 } && cid[0] == 1 && cid[1] == 0x72 && TryRead(cid.AsSpan(2), out id);
    }

    /// <summary>The embedded Ed25519 key, where there is one.</summary>
    public bool TryGetPublicKey(out PublicKey key)
    {
        bool embedded = _bytes?.Length == Ed25519Length;
        key = embedded ? new PublicKey(_bytes.AsSpan(Ed25519Prefix.Length)) : default;
        return embedded;
    }

    /// <summary>Base58btc text.</summary>
    public override string ToString() => _bytes is null ? "" : Base58.Encode(_bytes);

    /// <inheritdoc/>
    public bool Equals(PeerId other) => _bytes.AsSpan().SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PeerId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _bytes is null ? 0 : BitConverter.ToInt32(_bytes, _bytes.Length - 4);

    /// <inheritdoc/>
    public int CompareTo(PeerId other) => _bytes.AsSpan().SequenceCompareTo(other._bytes);

    /// <summary>Equal bytes.</summary>
    public static bool operator ==(PeerId left, PeerId right) => left.Equals(right);

    /// <summary>Unequal bytes.</summary>
    public static bool operator !=(PeerId left, PeerId right) => !left.Equals(right);

    /// <summary>Before in byte order.</summary>
    public static bool operator <(PeerId left, PeerId right) => left.CompareTo(right) < 0;

    /// <summary>After in byte order.</summary>
    public static bool operator >(PeerId left, PeerId right) => left.CompareTo(right) > 0;

    /// <summary>Before in byte order, or equal.</summary>
    public static bool operator <=(PeerId left, PeerId right) => left.CompareTo(right) <= 0;

    /// <summary>After in byte order, or equal.</summary>
    public static bool operator >=(PeerId left, PeerId right) => left.CompareTo(right) >= 0;
}
