using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

/// <summary>Encodes RPCs, fields in tag order. The caller keeps an RPC below its limit with the sizes that
/// the writer tells. <c>specs/gossip.md</c>, "RPC" has the grammar, repeated at <see cref="Rpc"/>.</summary>
public sealed class RpcWriter
{
    // Tag and length of a nested field: one byte and at most three.
    private const int FieldOverhead = 4;
    private const int IdBytes = Digest.ByteLength + 2;

    private readonly ProtobufWriter _rpc = new();
    private readonly ProtobufWriter _controls = new();
    private readonly ProtobufWriter _part = new();

    /// <summary>At most so many bytes are added by a message whose encoding has <paramref name="length"/>
    /// bytes.</summary>
    public static int SizeOfMessage(int length) => length + FieldOverhead;

    /// <summary>At most so many bytes are added by a control entry.</summary>
    public static int SizeOfControl(int topicBytes, int ids) =>
        (2 * FieldOverhead) + topicBytes + (ids * IdBytes) + 1 + Uvarint.MaxLength;

    /// <summary>At most so many bytes are added by a subscription.</summary>
    public static int SizeOfSubscription(int topicBytes) => (2 * FieldOverhead) + topicBytes + 2;

    /// <summary>A topic joined or left.</summary>
    public void Subscription(ReadOnlySpan<byte> topic, bool subscribe)
    {
        _part.Clear();
        _part.Varint(1, subscribe ? 1UL : 0UL);
        _part.Bytes(2, topic);
        _rpc.Bytes(1, _part.Written);
    }

    /// <summary>A message, encoded before with <see cref="EncodeMessage"/>; after all
    /// subscriptions.</summary>
    public void Message(ReadOnlySpan<byte> encoded) => _rpc.Bytes(2, encoded);

    /// <summary>A control entry.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="topic">UTF-8 name, of IHAVE, GRAFT and PRUNE; else empty.</param>
    /// <param name="ids">Message ids, of IHAVE, IWANT and IDONTWANT.</param>
    /// <param name="backoff">Seconds, of PRUNE; left out where 0.</param>
    public void Control(
        RpcControlKind kind, ReadOnlySpan<byte> topic, ReadOnlySpan<Digest> ids, ulong backoff)
    {
        _part.Clear();
        if (!topic.IsEmpty)
        {
            _part.Bytes(1, topic);
        }

        Span<byte> id = stackalloc byte[Digest.ByteLength];
        foreach (Digest digest in ids)
        {
            digest.CopyTo(id);
            _part.Bytes(kind == RpcControlKind.Ihave ? 2 : 1, id);
        }

        if (backoff > 0)
        {
            _part.Varint(3, backoff);
        }

        _controls.Bytes((int)kind, _part.Written);
    }

    /// <summary>The finished RPC; the writer is empty again.</summary>
    public byte[] Finish()
    {
        // One Control for all entries: some protobuf readers let a second one overwrite the first.
        if (_controls.Written.Length > 0)
        {
            _rpc.Bytes(3, _controls.Written);
        }

        byte[] rpc = _rpc.ToArray();
        _rpc.Clear();
        _controls.Clear();
        return rpc;
    }

    /// <summary>The bytes of a <c>Message</c>, in tag order; absent fields are null.</summary>
    /// <returns>The encoding, and where <paramref name="data"/> lies in it.</returns>
    public static (byte[] Encoded, ReadOnlyMemory<byte> Data) EncodeMessage(
        ReadOnlySpan<byte> topic, ReadOnlySpan<byte> data, MessageOrigin? origin)
    {
        int size = Size(data.Length) + Size(topic.Length);
        if (origin is not null)
        {
            size += Size(origin.From.Length) + Size(origin.Sequence.Length) + Size(origin.Signature.Length);
        }

        byte[] encoded = new byte[size];
        int at = 0;
        if (origin is not null)
        {
            Field(encoded, ref at, 1, origin.From.Span);
        }

        Field(encoded, ref at, 2, data);
        int start = at - data.Length;
        if (origin is not null)
        {
            Field(encoded, ref at, 3, origin.Sequence.Span);
        }

        Field(encoded, ref at, 4, topic);
        if (origin is not null)
        {
            Field(encoded, ref at, 5, origin.Signature.Span);
        }

        return (encoded, encoded.AsMemory(start, data.Length));
    }

    private static int Size(int length) => 1 + Uvarint.Size((ulong)length) + length;

    private static void Field(Span<byte> target, ref int at, int field, ReadOnlySpan<byte> value)
    {
        target[at++] = (byte)((field << 3) | 2);
        at += Uvarint.Write(target[at..], (ulong)value.Length);
        value.CopyTo(target[at..]);
        at += value.Length;
    }
}
