using System.Text;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Gossip;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Gossip;

/// <summary>One router among peers that the test plays itself.</summary>
internal sealed class LoneRouter
{
    public const string Topic = GossipTopics.Records;

    public LoneRouter(GossipParameters? parameters = null, bool subscribe = true)
    {
        Router = new GossipRouter(parameters ?? new GossipParameters(), 7);
        if (subscribe)
        {
            Router.Subscribe(Topic, Now);
        }
    }

    public GossipRouter Router { get; }

    public Instant Now { get; set; } = new(1_790_000_000_000);

    public List<GossipOutput.Deliver> Delivered { get; } = [];

    public List<string> FaultCodes { get; } = [];

    public List<SentRpc> Sent { get; } = [];

    /// <summary>Confirm each RPC at once, as a stream does that is never full.</summary>
    public bool Writes { get; set; } = true;

    public PeerId Connect(
        int number,
        string protocol = GossipProtocols.Meshsub12,
        bool outbound = false,
        bool subscribed = true)
    {
        PeerId peer = GossipNet.Peer(number);
        Assert.True(Router.Connected(peer, protocol, outbound, Now));
        if (subscribed)
        {
            Receive(peer, writer => writer.Subscription(Utf8(Topic), subscribe: true));
        }

        Drain();
        return peer;
    }

    public void Receive(PeerId peer, Action<RpcWriter> write)
    {
        RpcWriter writer = new();
        write(writer);
        ReceiveBytes(peer, writer.Finish());
    }

    public void ReceiveBytes(PeerId peer, ReadOnlySpan<byte> rpc)
    {
        Router.Receive(peer, rpc, Now);
        Drain();
    }

    public Digest ReceiveMessage(PeerId peer, byte[] data, string topic = Topic, MessageOrigin? origin = null)
    {
        Receive(peer, writer => writer.Message(RpcWriter.EncodeMessage(Utf8(topic), data, origin).Encoded));
        return Digest.Sha256(data);
    }

    public void Control(
        PeerId peer, RpcControlKind kind, Digest[]? ids = null, ulong backoff = 0, string topic = Topic) =>
        Receive(peer, writer => writer.Control(kind, Utf8(topic), ids ?? [], backoff));

    /// <summary>IWANT or IDONTWANT, which name no topic.</summary>
    public void Want(PeerId peer, RpcControlKind kind, Digest[] ids) =>
        Receive(peer, writer => writer.Control(kind, default, ids, 0));

    public Digest Publish(byte[] data)
    {
        Digest id = Router.Publish(Topic, data, Now);
        Drain();
        return id;
    }

    public void Resolve(Digest id, GossipVerdict verdict)
    {
        Router.Resolve(id, verdict, Now);
        Drain();
    }

    /// <summary>Runs <paramref name="count"/> heartbeats.</summary>
    public void Beat(int count = 1)
    {
        for (int i = 0; i < count; i++)
        {
            Now = Router.NextTick!.Value;
            Router.Tick(Now);
            Drain();
        }
    }

    public void Drain()
    {
        while (Router.TryTakeOutput(out GossipOutput? output))
        {
            switch (output)
            {
                case GossipOutput.SendRpc send:
                    Sent.Add(new SentRpc(send.Peer, send.Rpc.ToArray()));
                    if (Writes)
                    {
                        Router.Written(send.Peer);
                    }

                    break;
                case GossipOutput.Deliver deliver:
                    Delivered.Add(deliver);
                    break;
                case GossipOutput.Misbehaved misbehaved:
                    FaultCodes.Add(misbehaved.Fault.Code);
                    break;
            }
        }
    }

    /// <summary>Control entries of a kind that were sent to a peer.</summary>
    public List<SentControl> ControlsTo(PeerId peer, RpcControlKind kind) =>
        [.. SentTo(peer).SelectMany(rpc => rpc.Controls).Where(control => control.Kind == kind)];

    public IEnumerable<SentRpc> SentTo(PeerId peer) => Sent.Where(rpc => rpc.Peer == peer);

    /// <summary>Payloads that were sent to a peer.</summary>
    public List<byte[]> MessagesTo(PeerId peer) =>
        [.. SentTo(peer).SelectMany(rpc => rpc.Messages).Select(message => message.Data)];

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    internal sealed record SentControl(RpcControlKind Kind, string Topic, Digest[] Ids, ulong Backoff);

    internal sealed record SentMessage(string Topic, byte[] Data, bool IsBare, byte[] Encoded);

    /// <summary>An RPC that the router sent, decoded.</summary>
    internal sealed class SentRpc
    {
        public SentRpc(PeerId peer, byte[] bytes)
        {
            Rpc rpc = new();
            Assert.True(RpcReader.TryRead(bytes, rpc, out Fault? fault), fault?.ToString());
            Peer = peer;
            Length = bytes.Length;
            Bytes = bytes;
            Subscriptions =
                [.. rpc.Subscriptions.Select(entry => (Text(bytes, entry.Topic), entry.Subscribe))];
            Messages = [.. rpc.Messages.Select(message => new SentMessage(
                Text(bytes, message.Topic),
                message.Data.Of(bytes).ToArray(),
                !message.From.IsPresent && !message.Sequence.IsPresent && !message.Signature.IsPresent,
                bytes))];
            Controls = [.. rpc.Controls.Select(control => new SentControl(
                control.Kind,
                Text(bytes, control.Topic),
                [.. rpc.Ids.Skip(control.FirstId).Take(control.IdCount)],
                control.Backoff))];
        }

        public PeerId Peer { get; }

        public int Length { get; }

        public byte[] Bytes { get; }

        public List<(string Topic, bool Subscribe)> Subscriptions { get; }

        public List<SentMessage> Messages { get; }

        public List<SentControl> Controls { get; }

        private static string Text(byte[] bytes, RpcSlice slice) => Encoding.UTF8.GetString(slice.Of(bytes));
    }
}
