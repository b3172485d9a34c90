using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>A public key as libp2p writes it: a deterministic protobuf (<c>specs/libp2p.md</c> 1;
/// libp2p/specs peer-ids). Only Ed25519 host keys are spoken.</summary>
/// <remarks><code>PublicKey = 08 01  12 20  32 bytes          type 1 is Ed25519</code></remarks>
public static class KeyProtobuf
{
    /// <summary>Bytes of an Ed25519 key in this form.</summary>
    public const int Length = 36;

    private static ReadOnlySpan<byte> Prefix => [0x08, 0x01, 0x12, 0x20];

    /// <summary>The 36 bytes of a key.</summary>
    public static byte[] Write(PublicKey key) => [.. Prefix, .. key.ToArray()];

    /// <summary>Reads a key.</summary>
    /// <param name="bytes">The protobuf, as received.</param>
    /// <param name="key">The key.</param>
    /// <param name="fault"><c>key-type</c> for RSA, Secp256k1 and ECDSA keys, <c>key-form</c> for anything
    /// else.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, out PublicKey key, [NotNullWhen(false)] out Fault? fault)
    {
        key = default;
        if (bytes.Length != Length || !bytes.StartsWith(Prefix))
        {
            bool otherType = bytes.Length > 2 && bytes[0] == 0x08 && bytes[1] is 0 or 2 or 3;
            fault = otherType
                ? Fault.Connection("key-type", $"key type {bytes[1]}: only Ed25519 (1) host keys are spoken")
                : Fault.Connection("key-form", "expected 08011220 and 32 bytes");
            return false;
        }

        key = new PublicKey(bytes[Prefix.Length..]);
        fault = null;
        return true;
    }
}
