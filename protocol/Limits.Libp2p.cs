namespace IncidentMesh.Protocol;

public static partial class Limits
{
    /// <summary><c>specs/libp2p.md</c>.</summary>
    public static class Libp2p
    {
        /// <summary>Bytes of one multistream-select message; go and js use the same.</summary>
        public const int MultistreamMessageBytes = 1_024;

        /// <summary>Proposals that a listener refuses before it gives up: each costs an answer.</summary>
        public const int MultistreamProposals = 32;

        /// <summary>Seconds for one negotiation, the handshake, and a connection's whole upgrade; go and js
        /// use the same.</summary>
        public const int NegotiationSeconds = 10;

        /// <summary>Bytes of one Noise message: what its u16 length can say.</summary>
        public const int NoiseMessageBytes = 65_535;

        /// <summary>Plaintext of one Noise message: the same without its tag.</summary>
        public const int NoisePlaintextBytes = NoiseMessageBytes - 16;

        /// <summary>Bytes of a handshake message: 200 typical; bounds what a stranger makes us
        /// hash.</summary>
        public const int NoiseHandshakeBytes = 4_096;

        /// <summary>Stream muxers named in a handshake: three exist.</summary>
        public const int NoiseMuxers = 16;

        /// <summary>Payload that either side may send on a stream before the other credits it; fixed by
        /// Yamux.</summary>
        public const int YamuxWindowBytes = 262_144;

        /// <summary>Payload of one data frame that we send; go sends the same.</summary>
        public const int YamuxFrameBytes = 65_536;

        /// <summary>Payload that waits on one stream for window or writer.</summary>
        public const int YamuxSendBufferBytes = 262_144;

        /// <summary>Streams that a peer may hold open at once: a mesh peer needs about 8.</summary>
        public const int YamuxInboundStreams = 256;

        /// <summary>Streams that we open before the peer accepted them; go refuses more.</summary>
        public const int YamuxBacklogStreams = 256;

        /// <summary>Control frames that wait for a peer which does not read: 48 KiB.</summary>
        public const int YamuxControlFrames = 4_096;

        /// <summary>Seconds between pings of a session, and for the answer to one; go and js use the
        /// same.</summary>
        public const int KeepaliveSeconds = 30;

        /// <summary>Seconds that a stream which we left may stay open for the peer to end its side.</summary>
        public const int LingerSeconds = 10;

        /// <summary>Bytes of an Identify message that is accepted; what we send stays below half of
        /// it.</summary>
        public const int IdentifyBytes = 8_192;

        /// <summary>Identify messages merged from one stream; go reads the same.</summary>
        public const int IdentifyMessages = 10;

        /// <summary>Listen addresses kept of a peer.</summary>
        public const int IdentifyAddresses = 64;

        /// <summary>Protocol ids kept of a peer.</summary>
        public const int IdentifyProtocols = 256;

        /// <summary>Bytes of a multiaddr: the longest that dials a TCP peer is 300.</summary>
        public const int MultiaddrBytes = 512;

        /// <summary>Ping streams that a peer may hold open at once; the ping page of libp2p says
        /// two.</summary>
        public const int PingStreams = 2;

        /// <summary>Seconds that a ping stream may be idle; go gives it the same.</summary>
        public const int PingIdleSeconds = 60;

        /// <summary>Connections of a node, all peers together; js has 300.</summary>
        public const int Connections = 256;

        /// <summary>Inbound connections whose peer has not yet proved who it is.</summary>
        public const int PendingConnections = 64;

        /// <summary>The same from one address; js refuses more than 10.</summary>
        public const int PendingConnectionsPerAddress = 8;
    }
}
