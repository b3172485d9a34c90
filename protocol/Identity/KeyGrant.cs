using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Identity;

/// <summary>A device key that an identity event adds. <c>specs/identity.md</c>, "Keys".</summary>
/// <remarks><c>add = [{key, enc?, can}]</c></remarks>
/// <param name="Multikey">The key with its multicodec; kinds other than Ed25519 are kept and not
/// understood.</param>
/// <param name="Can">What the key may do, in canonical order.</param>
/// <param name="Encryption">Multikey of an X25519 key that others seal to, if any.</param>
public sealed record KeyGrant(
    ReadOnlyMemory<byte> Multikey, IReadOnlyList<string> Can, ReadOnlyMemory<byte>? Encryption = null)
{
    /// <summary>The ability to sign records.</summary>
    public const string Sign = "sign";

    /// <summary>A grant of an Ed25519 key that may sign records.</summary>
    public static KeyGrant Signing(PublicKey key, ReadOnlyMemory<byte>? encryption = null) =>
        new(key.ToMultikey(), [Sign], encryption);

    /// <summary>The key, where this version understands its kind.</summary>
    public PublicKey? Key => PublicKey.TryReadMultikey(Multikey.Span, out PublicKey key, out _) ? key : null;

    /// <summary>True where this grant lets <paramref name="key"/> do <paramref name="ability"/>.</summary>
    public bool Allows(PublicKey key, string ability) => Key == key && Can.Contains(ability);
}

/// <summary>A key that an identity event revokes: of its records only those count that are reachable from
/// <paramref name="Heads"/>. Read and kept; a later version gives it effect. <c>specs/identity.md</c>,
/// "Cut".</summary>
/// <remarks><c>cut = [{key, heads: [CID &lt;= 8]}]</c></remarks>
/// <param name="Multikey">The key with its multicodec.</param>
/// <param name="Heads">The last records that count, in byte order.</param>
public sealed record KeyCut(ReadOnlyMemory<byte> Multikey, IReadOnlyList<Cid> Heads);
