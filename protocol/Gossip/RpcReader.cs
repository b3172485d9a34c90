using System.Diagnostics.CodeAnalysis;
using System.Text.Unicode;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Gossip;

/// <summary>Decodes an RPC whole before anything of it is acted on. <c>specs/gossip.md</c>, "RPC".</summary>
public static class RpcReader
{
    /// <summary>Reads <paramref name="rpc"/> (without its length prefix) into <paramref
    /// name="into"/>.</summary>
    /// <returns>False with a fault of the stream where the bytes are no RPC or pass a limit; then
    /// <paramref name="into"/> is empty. Unknown fields are passed over.</returns>
    public static bool TryRead(ReadOnlySpan<byte> rpc, Rpc into, [NotNullWhen(false)] out Fault? fault)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Clear();
        string? wrong = rpc.Length > Limits.Gossip.RpcBytes
            ? "more bytes than an RPC may have"
            : ReadRpc(rpc, into);
        if (wrong is not null)
        {
            into.Clear();
        }

        fault = wrong is null ? null : Fault.Stream("gossip-rpc", wrong);
        return wrong is null;
    }

    private static string? ReadRpc(ReadOnlySpan<byte> rpc, Rpc into)
    {
        ProtobufReader reader = new(rpc);
        while (reader.Read())
        {
            string? wrong = reader switch
            {
                { WireType: not 2 } => null,
                { Field: 1 } => ReadSubscription(rpc, reader.Bytes, into),
                { Field: 2 } => ReadMessage(rpc, reader.Bytes, into),
                { Field: 3 } => ReadControls(rpc, reader.Bytes, into),
                _ => null,
            };
            if (wrong is not null)
            {
                return wrong;
            }
        }

        return reader.Fault?.Detail;
    }

    private static string? ReadSubscription(ReadOnlySpan<byte> rpc, ReadOnlySpan<byte> bytes, Rpc into)
    {
        RpcSlice topic = RpcSlice.Absent;
        bool subscribe = false;
        ProtobufReader reader = new(bytes);
        while (reader.Read())
        {
            if (reader.IsVarint(1))
            {
                subscribe = reader.Varint != 0;
            }
            else if (reader.IsBytes(2))
            {
                topic = SliceOf(rpc, reader.Bytes);
            }
        }

        into.Subscriptions.Add(new RpcSubscription(topic, subscribe));
        return reader.Fault?.Detail ?? CheckTopic(rpc, topic)
            ?? (into.Subscriptions.Count > Limits.Gossip.RpcSubscriptions ? "too many subscriptions" : null);
    }

    private static string? ReadMessage(ReadOnlySpan<byte> rpc, ReadOnlySpan<byte> bytes, Rpc into)
    {
        RpcSlice from = RpcSlice.Absent, data = from, sequence = from;
        RpcSlice topic = from, signature = from, key = from;
        ProtobufReader reader = new(bytes);
        while (reader.Read())
        {
            if (reader.WireType != 2)
            {
                continue;
            }

            RpcSlice value = SliceOf(rpc, reader.Bytes);
            switch (reader.Field)
            {
                case 1: from = value; break;
                case 2: data = value; break;
                case 3: sequence = value; break;
                case 4: topic = value; break;
                case 5: signature = value; break;
                case 6: key = value; break;
                default: break;
            }
        }

        into.Messages.Add(new RpcMessage(from, data, sequence, topic, signature, key));
        return reader.Fault?.Detail ?? CheckTopic(rpc, topic)
            ?? (into.Messages.Count > Limits.Gossip.RpcMessages ? "too many messages" : null);
    }

    private static string? ReadControls(ReadOnlySpan<byte> rpc, ReadOnlySpan<byte> bytes, Rpc into)
    {
        ProtobufReader reader = new(bytes);
        while (reader.Read())
        {
            if (reader.WireType != 2 || reader.Field is < 1 or > 5)
            {
                continue;
            }

            if (ReadControl(rpc, (RpcControlKind)reader.Field, reader.Bytes, into) is { } wrong)
            {
                return wrong;
            }
        }

        return reader.Fault?.Detail;
    }

    private static string? ReadControl(
        ReadOnlySpan<byte> rpc, RpcControlKind kind, ReadOnlySpan<byte> bytes, Rpc into)
    {
        int first = into.Ids.Count;
        int idField = kind switch
        {
            RpcControlKind.Ihave => 2,
            RpcControlKind.Iwant or RpcControlKind.DontWant => 1,
            _ => 0,
        };
        int passedOver = 0;
        RpcSlice topic = RpcSlice.Absent;
        ulong backoff = 0;
        ProtobufReader reader = new(bytes);
        while (reader.Read())
        {
            if (reader.IsBytes(idField))
            {
                if (reader.Bytes.Length == Digest.ByteLength)
                {
                    into.Ids.Add(new Digest(reader.Bytes));
                }
                else
                {
                    passedOver++;
                }

                if (reader.Bytes.Length > Limits.Gossip.IdBytes)
                {
                    return "a message id that is too long";
                }

                if (into.Ids.Count + passedOver > Limits.Gossip.RpcIds)
                {
                    return "too many message ids";
                }
            }
            else if (reader.IsBytes(1))
            {
                topic = SliceOf(rpc, reader.Bytes);
            }
            else if (reader.IsVarint(3))
            {
                backoff = reader.Varint;
            }
        }

        into.Controls.Add(new RpcControl(kind, topic, first, into.Ids.Count - first, backoff));
        bool named = kind is RpcControlKind.Ihave or RpcControlKind.Graft or RpcControlKind.Prune;
        return reader.Fault?.Detail ?? (named ? CheckTopic(rpc, topic) : null)
            ?? (into.Controls.Count > Limits.Gossip.RpcControls ? "too many control entries" : null);
    }

    private static string? CheckTopic(ReadOnlySpan<byte> rpc, RpcSlice topic) =>
        topic.Length is 0 or > Limits.Gossip.TopicBytes ? "a topic that is missing or too long"
        : !Utf8.IsValid(topic.Of(rpc)) ? "a topic that is not UTF-8"
        : null;

    // A sub-message is a slice of the RPC, so its offset is where the two overlap. An empty one has none.
    private static RpcSlice SliceOf(ReadOnlySpan<byte> rpc, ReadOnlySpan<byte> part) =>
        part.IsEmpty || !rpc.Overlaps(part, out int start)
            ? new RpcSlice(0, 0)
            : new RpcSlice(start, part.Length);
}
