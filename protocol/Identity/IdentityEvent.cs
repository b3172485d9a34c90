using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Identity;

/// <summary>What an identity event does.</summary>
public enum IdentityOperation
{
    /// <summary>An operation of a later version.</summary>
    Unknown,

    /// <summary>Makes the identity.</summary>
    Inception,

    /// <summary>Adds and cuts device keys.</summary>
    Update,

    /// <summary>Replaces the root key by the one that was committed to.</summary>
    Rotate,
}

/// <summary>A signed event of an identity's log. Its payload is inline; names are in an erasable
/// <c>profile</c> record. <c>specs/identity.md</c>, "Events".</summary>
/// <remarks><code>
/// inception {v:1, op, created, root, next, add}                         signed by root; author := id of this
/// event update    {v:1, op, created, author, n, prev, add, cut}               signed by the current root
/// rotate    {v:1, op, created, author, n, prev, root, next, add, cut}   signed by the new root
/// </code></remarks>
public sealed class IdentityEvent
{
    /// <summary>The version that this code reads and writes.</summary>
    public const int CurrentVersion = 1;

    private readonly Cid? _author;

    internal IdentityEvent(ReadOnlyMemory<byte> envelope, IdentityPayload payload)
    {
        Envelope = envelope;
        Id = Cid.Of(Codec.DagCbor, envelope.Span);
        _author = payload.Author;
        Operation = payload.Operation;
        OperationName = payload.OperationName;
        Created = payload.Created;
        Number = payload.Number;
        Previous = payload.Previous;
        Root = payload.Root;
        Next = payload.Next;
        Added = payload.Added;
        Cut = payload.Cut;
    }

    /// <summary>What an event's signature is for.</summary>
    public static ReadOnlySpan<byte> ExternalAad => "incidentmesh/identity/v1"u8;

    /// <summary>The CID of the envelope.</summary>
    public Cid Id { get; }

    /// <summary>The signed bytes, at most <see cref="Limits.Records.IdentityEventBytes"/>.</summary>
    public ReadOnlyMemory<byte> Envelope { get; }

    /// <summary>What it does.</summary>
    public IdentityOperation Operation { get; }

    /// <summary>The word in <c>op</c>.</summary>
    public string OperationName { get; }

    /// <summary>Id of the identity: of its inception event.</summary>
    public Cid Author => _author ?? Id;

    /// <summary>When, in Unix seconds, as its author claims.</summary>
    public long Created { get; }

    /// <summary>How many events it has before it: 0 for the inception.</summary>
    public long Number { get; }

    /// <summary>The event before it; null for the inception.</summary>
    public Cid? Previous { get; }

    /// <summary>The root key that an inception or a rotation sets.</summary>
    public PublicKey? Root { get; }

    /// <summary>The commitment to the root key after that: see <see cref="Commitment"/>.</summary>
    public Digest? Next { get; }

    /// <summary>Keys that it adds.</summary>
    public IReadOnlyList<KeyGrant> Added { get; }

    /// <summary>Keys that it cuts.</summary>
    public IReadOnlyList<KeyCut> Cut { get; }

    /// <summary>What an event commits to: SHA-256 of the multikey of the next root key, which stays
    /// secret.</summary>
    public static Digest Commitment(PublicKey nextRoot) => Digest.Sha256(nextRoot.ToMultikey());

    /// <summary>Reads an event. Whether its place in the log and its signature are right is the question of
    /// <see cref="IdentityBook.Apply"/>.</summary>
    /// <param name="envelope">The bytes, which are kept and must not change.</param>
    /// <param name="event">The event.</param>
    /// <param name="fault">What is wrong; code <c>unknown-version</c> is nobody's fault.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> envelope,
        [NotNullWhen(true)] out IdentityEvent? @event,
        [NotNullWhen(false)] out Fault? fault)
    {
        @event = null;
        if (!CoseSign1.TryRead(envelope.Span, Limits.Records.IdentityEventBytes, out Range range, out fault)
            || !DagCbor.TryRead(envelope.Span[range], out IpldNode? node, out fault)
            || !IdentityPayload.TryRead(node, out IdentityPayload? payload, out fault))
        {
            return false;
        }

        @event = new IdentityEvent(envelope, payload);
        return true;
    }

    /// <summary>Makes an identity.</summary>
    /// <param name="root">The root key, which signs.</param>
    /// <param name="next">The commitment to the next root key: see <see cref="Commitment"/>.</param>
    /// <param name="add">The first device keys.</param>
    /// <param name="created">Unix seconds.</param>
    /// <exception cref="ArgumentException">More keys than <see cref="Limits.Records.IdentityKeys"/>, a key
    /// twice, or a time out of range.</exception>
    public static IdentityEvent Inception(
        SigningKey root, Digest next, IReadOnlyList<KeyGrant> add, long created)
    {
        ArgumentNullException.ThrowIfNull(root);
        return Make(root, new IdentityPayload("inception")
        {
            Created = created,
            Root = root.Public,
            Next = next,
            Added = add,
        });
    }

    /// <summary>Adds and cuts keys.</summary>
    /// <param name="root">The current root key, which signs.</param>
    /// <param name="previous">The last event of the log.</param>
    /// <param name="add">Keys to add.</param>
    /// <param name="cut">Keys to cut.</param>
    /// <param name="created">Unix seconds.</param>
    /// <exception cref="ArgumentException">As for <see cref="Inception"/>.</exception>
    public static IdentityEvent Update(
        SigningKey root,
        IdentityEvent previous,
        IReadOnlyList<KeyGrant> add,
        IReadOnlyList<KeyCut> cut,
        long created)
    {
        ArgumentNullException.ThrowIfNull(previous);
        return Make(root, new IdentityPayload("update")
        {
            Created = created,
            Author = previous.Author,
            Number = previous.Number + 1,
            Previous = previous.Id,
            Added = add,
            Cut = cut,
        });
    }

    /// <summary>Replaces the root key by the one that the log committed to.</summary>
    /// <param name="newRoot">The new root key, which signs.</param>
    /// <param name="next">The commitment to the root key after it.</param>
    /// <param name="previous">The event that it follows.</param>
    /// <param name="add">Keys to add.</param>
    /// <param name="cut">Keys to cut.</param>
    /// <param name="created">Unix seconds.</param>
    /// <exception cref="ArgumentException">As for <see cref="Inception"/>.</exception>
    public static IdentityEvent Rotate(
        SigningKey newRoot,
        Digest next,
        IdentityEvent previous,
        IReadOnlyList<KeyGrant> add,
        IReadOnlyList<KeyCut> cut,
        long created)
    {
        ArgumentNullException.ThrowIfNull(newRoot);
        ArgumentNullException.ThrowIfNull(previous);
        return Make(newRoot, new IdentityPayload("rotate")
        {
            Created = created,
            Author = previous.Author,
            Number = previous.Number + 1,
            Previous = previous.Id,
            Root = newRoot.Public,
            Next = next,
            Added = add,
            Cut = cut,
        });
    }

    /// <summary>True where <paramref name="root"/> signed this event.</summary>
    public bool VerifySignature(PublicKey root) => CoseSign1.Verify(root, ExternalAad, Envelope.Span);

    private static IdentityEvent Make(SigningKey key, IdentityPayload payload)
    {
        byte[] envelope = CoseSign1.Sign(key, ExternalAad, DagCbor.Write(payload.ToMap()));

        // Our own reader is the judge of what we send.
        return TryRead(envelope, out IdentityEvent? made, out Fault? fault)
            ? made
            : throw new ArgumentException(fault.Detail);
    }
}
