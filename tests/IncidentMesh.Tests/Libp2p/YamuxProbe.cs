using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Libp2p;
using Xunit;

namespace IncidentMesh.Tests.Libp2p;

/// <summary>A session whose peer is the test, frame by frame.</summary>
internal sealed class YamuxProbe(bool dialer)
{
    public Yamux Session { get; } = new(dialer, default);

    public uint Open()
    {
        Assert.True(Session.TryOpen(out uint id));
        return id;
    }

    public void Feed(YamuxType type, YamuxFlags flags, uint stream, uint length = 0, byte[]? body = null)
    {
        var bytes = new byte[YamuxFrame.HeaderLength + (body?.Length ?? 0)];
        new YamuxFrame(type, flags, stream, length).Write(bytes);
        body?.CopyTo(bytes, YamuxFrame.HeaderLength);
        Session.Receive(bytes, default);
    }

    public Fault? FaultOf(YamuxType type, YamuxFlags flags, uint stream, uint length = 0)
    {
        Feed(type, flags, stream, length);
        return Outputs().OfType<YamuxOutput.Failed>().SingleOrDefault()?.Fault;
    }

    public IReadOnlyList<YamuxOutput> Outputs()
    {
        var outputs = new List<YamuxOutput>();
        while (Session.TryTakeOutput(out YamuxOutput? output))
        {
            outputs.Add(output);
        }

        return outputs;
    }

    /// <summary>The headers of all that waits to be sent.</summary>
    public IReadOnlyList<YamuxFrame> Frames(int room = 65_519)
    {
        var frames = new List<YamuxFrame>();
        var bytes = new byte[room];
        while (Session.TakeBytes(bytes) is var length and > 0)
        {
            for (int at = 0; at < length;)
            {
                Assert.True(YamuxFrame.TryRead(bytes.AsSpan(at, 12), out YamuxFrame frame, out _));
                frames.Add(frame);
                at += YamuxFrame.HeaderLength + (frame.Type == YamuxType.Data ? (int)frame.Length : 0);
            }
        }

        return frames;
    }
}
