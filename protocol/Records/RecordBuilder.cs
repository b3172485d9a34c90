using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>A record that this node signed, with its body.</summary>
/// <param name="Record">The record.</param>
/// <param name="Body">The canonical bytes that its header names.</param>
public sealed record SignedRecord(Record Record, byte[] Body)
{
    /// <summary><c>envelope || body</c>, as gossip carries them.</summary>
    public byte[] Data => Record.Join(Body);
}

/// <summary>A head of a key: a record of that key that no other known record of the key names in
/// <c>prev</c>.</summary>
/// <param name="Id">The record.</param>
/// <param name="Seq">Its number.</param>
public readonly record struct Head(Cid Id, long Seq);

/// <summary>Signs the records of one device. <c>specs/records.md</c>, "Making a record".</summary>
/// <param name="author">Id of the author's inception event.</param>
/// <param name="device">The device key; its owner disposes it.</param>
/// <param name="auth">The identity event that added the device key.</param>
/// <param name="nodeSecret">At least 16 secret bytes that stay the same for the life of the node: the salts
/// come of it.</param>
public sealed class RecordBuilder(Cid author, SigningKey device, Cid auth, ReadOnlyMemory<byte> nodeSecret)
{
    /// <summary>Id of the author's inception event.</summary>
    public Cid Author { get; } = author;

    /// <summary>The device key.</summary>
    public PublicKey Key { get; } = device.Public;

    /// <summary>Makes and signs a record.</summary>
    /// <param name="type">A word of <see cref="RecordTypes"/>, not sealed.</param>
    /// <param name="content">The body without salt.</param>
    /// <param name="heads">The heads of this key now; of more than 8 the greatest numbers are named.</param>
    /// <param name="created">Unix seconds.</param>
    /// <param name="language">BCP 47 tag, where the body has a language.</param>
    /// <param name="relations">References to other records.</param>
    /// <param name="must">Keys that a reader has to know.</param>
    /// <exception cref="ArgumentException">An argument breaks a rule or limit of the header, or the body is
    /// larger than <see cref="Limits.Records.BodyBytes"/>; the message says which. Check content from people
    /// with <see cref="Schema"/> first.</exception>
    public SignedRecord Sign(
        string type,
        IpldMap content,
        IReadOnlyCollection<Head> heads,
        long created,
        string? language = null,
        IReadOnlyList<Relation>? relations = null,
        IReadOnlyList<string>? must = null)
    {
        ArgumentNullException.ThrowIfNull(heads);
        byte[] body = DagCbor.Write(RecordBody.WithSalt(content, nodeSecret.Span));
        if (!RecordBody.TryRead(body, out _, out Fault? bodyFault))
        {
            throw new ArgumentException(bodyFault.Detail, nameof(content));
        }

        IEnumerable<Head> newest = heads.OrderByDescending(h => h.Seq).ThenBy(h => h.Id);
        Head[] named = [.. newest.Take(Limits.Records.Previous)];
        RecordHeader header = new()
        {
            Type = type,
            Author = Author,
            Key = Key,
            Auth = auth,
            Seq = 1 + named.Select(h => h.Seq).DefaultIfEmpty().Max(),
            Previous = [.. named.Select(h => h.Id).Order()],
            Created = created,
            Body = Cid.Of(Codec.DagCbor, body),
            Size = body.Length,
            Language = language,
            Relations = relations ?? [],
            Must = must is null ? [] : [.. must.Order(Comparer<string>.Create(IpldMap.CompareKeys))],
        };
        byte[] envelope = CoseSign1.Sign(device, Record.ExternalAad, RecordHeaderWriter.Write(header));

        // Our own reader is the judge of what we send.
        return Record.TryRead(envelope, out Record? record, out Fault? fault)
            ? new SignedRecord(record, body)
            : throw new ArgumentException(fault.Detail);
    }

    /// <summary>Makes and signs a record of a typed body.</summary>
    /// <param name="body">The body, which knows its type.</param>
    /// <param name="heads">The heads of this key now.</param>
    /// <param name="created">Unix seconds.</param>
    /// <param name="language">BCP 47 tag, where the body has a language.</param>
    /// <param name="relations">References to other records.</param>
    /// <exception cref="ArgumentException">As for the other overload.</exception>
    public SignedRecord Sign(
        TypedBody body,
        IReadOnlyCollection<Head> heads,
        long created,
        string? language = null,
        IReadOnlyList<Relation>? relations = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Sign(body.Type, body.ToMap(), heads, created, language, relations);
    }
}
