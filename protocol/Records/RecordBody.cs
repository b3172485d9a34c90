using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>The form that every body has: a map of canonical DAG-CBOR with a <c>salt</c>. The salt keeps the
/// permanent hash in the header from telling what an erased text was. <c>specs/records.md</c>,
/// "Body".</summary>
public static class RecordBody
{
    /// <summary>The key of the salt.</summary>
    public const string Salt = "salt";

    private const int MapMajorType = 5;

    /// <summary>Reads a body that is not sealed. The rules of its fields are another matter: see
    /// <see cref="Schema"/>.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out IpldMap? map, [NotNullWhen(false)] out Fault? fault)
    {
        map = null;
        if (!HasForm(body, out fault) || !DagCbor.TryRead(body, out IpldNode? node, out fault))
        {
            return false;
        }

        map = (IpldMap)node;
        return true;
    }

    /// <summary>Checks the form of a body that is not sealed without making anything of it.</summary>
    public static bool HasForm(ReadOnlySpan<byte> body, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        if (body.Length > Limits.Records.BodyBytes)
        {
            fault = Fault.Message(
                "body-size", $"a body of {body.Length} bytes; {Limits.Records.BodyBytes} are allowed");
            return false;
        }

        CborReader whole = new(body);
        if (!whole.TrySkip())
        {
            fault = whole.Fault!;
        }
        else if (!whole.AtEnd)
        {
            fault = Fault.Message("cbor-trailing", "bytes after the value");
        }
        else if (body[0] >> 5 != MapMajorType)
        {
            fault = Fault.Message("body-form", "a body that is not a map");
        }
        else if (!HasSalt(body))
        {
            fault = Fault.Message("body-salt", $"a body without a salt of {Limits.Records.SaltBytes} bytes");
        }

        return fault is null;
    }

    /// <summary>Looks for the salt in a map that is known to be canonical.</summary>
    private static bool HasSalt(ReadOnlySpan<byte> body)
    {
        CborReader reader = new(body);
        reader.TryReadMap(out int count);
        ReadOnlySpan<byte> previous = default;
        for (int i = 0; i < count && reader.TryReadKey(previous, out ReadOnlySpan<byte> key); i++)
        {
            if (key.SequenceEqual("salt"u8))
            {
                return reader.TryReadBytes(out ReadOnlySpan<byte> salt)
                    && salt.Length == Limits.Records.SaltBytes;
            }

            previous = key;
            reader.TrySkip();
        }

        return false;
    }

    /// <summary>Sets the salt: the first 16 bytes of HMAC-SHA-256 of the body without salt. One node thus
    /// makes one body of one content, however often it is imported; nobody else can tell the content from the
    /// hash.</summary>
    /// <param name="content">The body; a salt in it is replaced.</param>
    /// <param name="nodeSecret">The secret of the node, at least 16 bytes.</param>
    public static IpldMap WithSalt(IpldMap content, ReadOnlySpan<byte> nodeSecret)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (nodeSecret.Length < Limits.Records.SaltBytes)
        {
            throw new ArgumentException("the node's secret has at least 16 bytes", nameof(nodeSecret));
        }

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(nodeSecret, DagCbor.Write(content.Without(Salt)), mac);
        return content.With(Salt, new IpldBytes(mac[..Limits.Records.SaltBytes].ToArray()));
    }

    /// <summary>SHA-256 of the canonical body without its salt: equal for two reports of one text, whoever
    /// made them. Kept on this node alone and erased with the body.</summary>
    public static Digest ContentHash(IpldMap body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Digest.Sha256(DagCbor.Write(body.Without(Salt)));
    }
}
