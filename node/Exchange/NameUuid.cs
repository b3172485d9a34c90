using System.Security.Cryptography;
using System.Text;

namespace IncidentMesh.Node.Exchange;

/// <summary>UUIDs of version 5 (RFC 9562, 5.5): the same name in the same namespace always gives the same
/// one, so that exporting twice makes no second object anywhere.</summary>
internal static class NameUuid
{
    /// <summary>Namespace of the ids that STIX says how to make (STIX 2.1, 2.9).</summary>
    public static readonly Guid Stix = new("00abedb4-aa42-466c-9c01-fed23315a9b7");

    /// <summary>Our namespace: version 5 of <c>incidentmesh</c> in the one of STIX.</summary>
    public static readonly Guid Ours = Of(Stix, "incidentmesh");

    public static Guid Of(string name) => Of(Ours, name);

    public static Guid Of(Guid space, string name)
    {
        byte[] text = Encoding.UTF8.GetBytes(name);
        byte[] bytes = new byte[16 + text.Length];
        space.TryWriteBytes(bytes, bigEndian: true, out _);
        text.CopyTo(bytes, 16);
#pragma warning disable CA5350 // SHA-1 is what RFC 9562 prescribes for a name; nothing is secured by it.
        byte[] hash = SHA1.HashData(bytes);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
