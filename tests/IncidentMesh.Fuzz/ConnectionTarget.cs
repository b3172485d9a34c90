using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Libp2p;

namespace IncidentMesh.Fuzz;

/// <summary>Feeds bytes to a connection before it is secured, and to an open Yamux session, whose peer needs
/// no key. The first byte chooses which, and on which side.</summary>
internal static class ConnectionFuzz
{
    private static readonly SigningKey Key = SigningKey.FromSeed(new byte[SigningKey.SeedLength]);

    /// <summary>Runs one input; an exception is a finding.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length == 0)
        {
            return;
        }

        bool dialer = (input[0] & 1) == 0;
        if ((input[0] & 2) == 0)
        {
            Connect(dialer, input[1..]);
        }
        else
        {
            Multiplex(dialer, input[1..].ToArray());
        }
    }

    private static void Connect(bool dialer, ReadOnlySpan<byte> bytes)
    {
        using var connection = new Connection(
            Key, dialer, null, static _ => true, new byte[Connection.EntropyBytes], default);
        while (bytes.Length > 0)
        {
            int take = Math.Min(bytes.Length, 1 + bytes[0]);
            connection.Receive(bytes[..take], default);
            bytes = bytes[take..];
            while (connection.TryTakeOutput(out _))
            {
            }
        }
    }

    private static void Multiplex(bool dialer, byte[] bytes)
    {
        var session = new Yamux(dialer, default);
        session.TryOpen(out uint own);
        session.Send(own, new byte[100]);
        var sent = new byte[65_536];
        for (int at = 0; at < bytes.Length; at += 64)
        {
            session.Receive(bytes.AsMemory(at, Math.Min(64, bytes.Length - at)), default);
            while (session.TryTakeOutput(out YamuxOutput? output))
            {
                if (output is YamuxOutput.Data data)
                {
                    session.Consumed(data.Stream, data.Bytes.Length);
                }
            }

            session.TakeBytes(sent);
        }

        if (session.StreamCount > Limits.Libp2p.YamuxInboundStreams + 1)
        {
            throw new InvalidOperationException($"{session.StreamCount} streams are open");
        }
    }
}
