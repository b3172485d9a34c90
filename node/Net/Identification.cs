using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Libp2p;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Net;

/// <summary>Identify, Identify Push and Ping over <see cref="PeerStream"/>s: the sockets' side of the state
/// machines of protocol/Libp2p.</summary>
internal static class Identification
{
    /// <summary>The family of networks that Identify names.</summary>
    public const string ProtocolVersion = "incidentmesh/1";

    /// <summary>Code of the fault of a peer that did not say all in time.</summary>
    public const string TimedOut = "identify-timeout";

    private const int ReadBytes = 4_096;

    /// <summary>Reads what a peer says of itself until it ends the stream.</summary>
    /// <exception cref="StreamException">The stream is gone, or what came cannot be read.</exception>
    public static async Task<IdentifyMessage> ReadAsync(
        PeerStream stream, NetClock clock, CancellationToken stop)
    {
        var reader = new IdentifyReader(stream.Peer, clock.Now);
        var buffer = new byte[ReadBytes];
        using var deadline = new CancellationTokenSource(
            TimeSpan.FromSeconds(Limits.Libp2p.NegotiationSeconds), clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        while (true)
        {
            int length;
            try
            {
                length = await stream.ReadAsync(buffer, either.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                throw new StreamException(Fault.Stream(TimedOut, "the stream did not end"));
            }

            if (length > 0)
            {
                reader.Receive(buffer.AsSpan(0, length), clock.Now);
            }
            else
            {
                reader.ReceiveEnd(clock.Now);
            }

            if (reader.TryTakeOutput(out IdentifyOutput? output))
            {
                return output is IdentifyOutput.Identified identified
                    ? identified.Message
                    : throw new StreamException(((IdentifyOutput.Failed)output).Fault);
            }
        }
    }

    /// <summary>Says who this node is, and ends its side.</summary>
    public static async Task WriteAsync(
        PeerStream stream, IdentifyMessage message, byte[] signedPeerRecord, CancellationToken stop)
    {
        await stream.WriteAsync(Frame.Write(message.Write(signedPeerRecord)), stop);
        stream.CloseWrite();
    }

    /// <summary>Echoes pings until the peer ends its side.</summary>
    public static async Task AnswerPingsAsync(PeerStream stream, NetClock clock, CancellationToken stop)
    {
        var responder = new PingResponder(clock.Now);
        var buffer = new byte[Ping.Length];
        while (responder.NextTick is { } deadline)
        {
            using var idle = new CancellationTokenSource(deadline - clock.Now, clock.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, idle.Token);
            int length = await stream.ReadAsync(buffer, either.Token);
            if (length == 0)
            {
                return;
            }

            responder.Receive(buffer.AsSpan(0, length), clock.Now);
            while (responder.TryTakeOutput(out PingOutput? output))
            {
                await stream.WriteAsync(((PingOutput.Send)output).Bytes, stop);
            }
        }
    }

    /// <summary>Pings once.</summary>
    /// <returns>The time to the peer and back.</returns>
    /// <exception cref="StreamException">The stream is gone, or the answer is wrong or late.</exception>
    public static async Task<TimeSpan> PingAsync(PeerStream stream, NetClock clock, CancellationToken stop)
    {
        var ping = new Ping();
        var buffer = new byte[Ping.Length];
        System.Security.Cryptography.RandomNumberGenerator.Fill(buffer);
        ping.Send(buffer, clock.Now);
        long sent = clock.Time.GetTimestamp();
        using var deadline = new CancellationTokenSource(
            TimeSpan.FromSeconds(Limits.Libp2p.NegotiationSeconds), clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        while (true)
        {
            while (ping.TryTakeOutput(out PingOutput? output))
            {
                switch (output)
                {
                    case PingOutput.Send send:
                        await stream.WriteAsync(send.Bytes, either.Token);
                        break;
                    case PingOutput.Answered:
                        stream.CloseWrite();
                        return clock.Time.GetElapsedTime(sent);
                    case PingOutput.Failed failed:
                        throw new StreamException(failed.Fault);
                }
            }

            int length = await stream.ReadAsync(buffer, either.Token);
            if (length == 0)
            {
                throw new StreamException(Fault.Stream("ping-closed", "the peer ended the stream"));
            }

            ping.Receive(buffer.AsSpan(0, length), clock.Now);
        }
    }
}
