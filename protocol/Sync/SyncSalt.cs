using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Sync;

/// <summary>Salted sets: items (created, SHA-256(salt || id)), so that records made beforehand cannot make
/// two different ranges look equal. <c>specs/sync.md</c>, section 7.</summary>
public static class SyncSalt
{
    /// <summary>The name of an id in an exchange; the id itself where the salt is empty.</summary>
    public static Digest Apply(ReadOnlySpan<byte> salt, Digest id)
    {
        if (salt.IsEmpty)
        {
            return id;
        }

        Span<byte> input = stackalloc byte[Limits.Sync.SaltBytes + Digest.ByteLength];
        salt.CopyTo(input);
        id.CopyTo(input[salt.Length..]);
        return Digest.Sha256(input[..(salt.Length + Digest.ByteLength)]);
    }

    /// <summary>A salted copy of a view, and the way back from salted names to ids.</summary>
    public static (ReconciliationView View, IReadOnlyDictionary<Digest, Digest> Names) Copy(
        ReadOnlySpan<byte> salt, ReconciliationView view)
    {
        var set = new ReconciliationSet();
        var names = new Dictionary<Digest, Digest>(view.Count);
        foreach (ReconciliationItem item in view.Range(0, view.Count))
        {
            Digest name = Apply(salt, item.Id);
            set.Add(item with { Id = name });
            names[name] = item.Id;
        }

        return (new ReconciliationView(set), names);
    }
}
