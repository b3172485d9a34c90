using System.Diagnostics.CodeAnalysis;
using System.Text;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Libp2p;

/// <summary>What a libp2p Noise handshake carries in messages 2 and 3: proof that the host key owns the
/// session's static key, and the stream muxers spoken (<c>specs/libp2p.md</c> 3; libp2p/specs
/// noise).</summary>
/// <remarks><code>
/// payload      = identity_key=1 bytes  identity_sig=2 bytes  extensions=4 { stream_muxers=2 repeated }
/// identity_sig = Ed25519 over "noise-libp2p-static-key:" || the 32-byte static X25519 key
/// </code>Unknown fields are passed over.</remarks>
/// <param name="Key">The host key.</param>
/// <param name="Muxers">Stream muxers, best first; empty when the peer named none.</param>
public sealed record NoisePayload(PublicKey Key, IReadOnlyList<string> Muxers)
{
    private static ReadOnlySpan<byte> Domain => "noise-libp2p-static-key:"u8;

    /// <summary>Writes the payload of this side.</summary>
    /// <param name="host">The host key, which signs.</param>
    /// <param name="staticKey">The static X25519 key of the session: 32 bytes.</param>
    /// <param name="muxers">Stream muxers, best first.</param>
    public static byte[] Write(SigningKey host, ReadOnlySpan<byte> staticKey, IReadOnlyList<string> muxers)
    {
        var extensions = new ProtobufWriter();
        foreach (string muxer in muxers)
        {
            extensions.Text(2, muxer);
        }

        var payload = new ProtobufWriter();
        payload.Bytes(1, KeyProtobuf.Write(host.Public));
        payload.Bytes(2, host.Sign([.. Domain, .. staticKey]));
        payload.Bytes(4, extensions.Written);
        return payload.ToArray();
    }

    /// <summary>Reads a payload and checks its signature.</summary>
    /// <param name="bytes">The decrypted payload of a handshake message.</param>
    /// <param name="staticKey">The peer's static X25519 key in this handshake.</param>
    /// <param name="payload">The host key and muxers of the peer.</param>
    /// <param name="fault"><c>noise-payload</c>, <c>key-*</c> or <c>noise-signature</c>; each ends the
    /// connection.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> staticKey, [NotNullWhen(true)] out NoisePayload? payload,
        [NotNullWhen(false)] out Fault? fault)
    {
        payload = null;
        ReadOnlySpan<byte> key = default;
        ReadOnlySpan<byte> signature = default;
        ReadOnlySpan<byte> extensions = default;
        var reader = new ProtobufReader(bytes);
        while (reader.Read())
        {
            key = reader.IsBytes(1) ? reader.Bytes : key;
            signature = reader.IsBytes(2) ? reader.Bytes : signature;
            extensions = reader.IsBytes(4) ? reader.Bytes : extensions;
        }

        if (reader.Fault is not null)
        {
            fault = Fault.Connection("noise-payload", reader.Fault.Detail);
            return false;
        }

        if (!KeyProtobuf.TryRead(key, out PublicKey host, out fault)
            || !TryReadMuxers(extensions, out List<string> muxers, out fault))
        {
            return false;
        }

        if (!host.Verify([.. Domain, .. staticKey], signature))
        {
            fault = Fault.Connection("noise-signature",
                "the host key did not sign the static key of the session");
            return false;
        }

        payload = new NoisePayload(host, muxers);
        return true;
    }

    private static bool TryReadMuxers(
        ReadOnlySpan<byte> extensions, out List<string> muxers, [NotNullWhen(false)] out Fault? fault)
    {
        muxers = [];
        fault = null;
        var reader = new ProtobufReader(extensions);
        while (reader.Read())
        {
            if (reader.IsBytes(2))
            {
                if (muxers.Count == Limits.Libp2p.NoiseMuxers)
                {
                    fault = Fault.Connection("noise-muxers", $"more than {Limits.Libp2p.NoiseMuxers} muxers");
                    return false;
                }

                muxers.Add(Encoding.UTF8.GetString(reader.Bytes));
            }
        }

        fault = reader.Fault is null ? null : Fault.Connection("noise-payload", reader.Fault.Detail);
        return fault is null;
    }
}
