namespace IncidentMesh.Protocol;

// The limits of sync, policy and the mesh loop.
public static partial class Limits
{
    /// <summary><c>specs/sync.md</c>.</summary>
    public static class Sync
    {
        /// <summary>Bytes of one negentropy message.</summary>
        public const int NegentropyBytes = 60_000;

        /// <summary>Bytes of a frame that a responder reads: a negentropy message and its CBOR around
        /// it.</summary>
        public const int RequestFrameBytes = NegentropyBytes + 64;

        /// <summary>Bytes of a frame that an initiator reads: a body, its id, and the CBOR around
        /// them.</summary>
        public const int AnswerFrameBytes = Records.BodyBytes + 128;

        /// <summary>Ids of one <c>get</c>.</summary>
        public const int GetIds = 256;

        /// <summary>Ids of one <c>body</c> request: 2 MiB of answers at most.</summary>
        public const int BodyIds = 16;

        /// <summary><c>body</c> requests that an initiator sends ahead of their answers.</summary>
        public const int BodyRequestsAhead = 4;

        /// <summary>Bytes of a salt, where there is one.</summary>
        public const int SaltBytes = 16;

        /// <summary>Messages each way of one exchange: 100,000 records with 10,000 random differences take
        /// 72.</summary>
        public const int Rounds = 256;

        /// <summary>Negentropy bytes both ways of one exchange.</summary>
        public const int ExchangeBytes = 16 * 1024 * 1024;

        /// <summary>Ids that one exchange may name as missing; what lies beyond is left to the next
        /// session.</summary>
        public const int NeedIds = 65_536;

        /// <summary><c>open</c> frames of one session: the identities, the records, and single
        /// fetches.</summary>
        public const int Opens = 8;

        /// <summary>Milliseconds that a side waits for the next frame of the other.</summary>
        public const int FrameMilliseconds = 30_000;

        /// <summary>Sync streams that one peer has open with a node: a session, and hints beside
        /// it.</summary>
        public const int InboundStreams = 4;

        /// <summary>Sessions that peers have open with a node, together.</summary>
        public const int InboundSessions = 4;

        /// <summary>Sessions that a node has open with its peers, together.</summary>
        public const int OutboundSessions = 4;

        /// <summary>Declined items that are remembered of one peer.</summary>
        public const int OverlayItems = 131_072;

        /// <summary>Peers of which declined items are remembered.</summary>
        public const int OverlayPeers = 32;

        /// <summary>A peer may answer "unknown" to one id, or to one in this many of the ids that it
        /// offered.</summary>
        public const int UnknownPerOffered = 100;

        /// <summary>Milliseconds for which a peer is dropped that offers what it does not have, or a broken
        /// record.</summary>
        public const int DropMilliseconds = 3_600_000;

        /// <summary>Milliseconds between two salted sessions that one peer may open: each costs a copy of
        /// the set.</summary>
        public const int SaltedMilliseconds = 600_000;
    }

    /// <summary><c>specs/policy.md</c>.</summary>
    public static class Policy
    {
        /// <summary>Records in quarantine, all peers together.</summary>
        public const int QuarantineRecords = 4_096;

        /// <summary>Bytes in quarantine, all peers together.</summary>
        public const long QuarantineBytes = 64L << 20;

        /// <summary>Records in quarantine of one author.</summary>
        public const int QuarantineAuthorRecords = 64;

        /// <summary>Bytes in quarantine of one author.</summary>
        public const long QuarantineAuthorBytes = 2L << 20;

        /// <summary>Records in quarantine that one peer delivered.</summary>
        public const int QuarantinePeerRecords = 512;

        /// <summary>Days for which a record stays in quarantine.</summary>
        public const int QuarantineDays = 30;

        /// <summary>Identities that the trust list of one voucher introduces.</summary>
        public const int VoucherIdentities = 64;

        /// <summary>Bytes of all authors that one voucher introduces.</summary>
        public const long VoucherBytes = 64L << 20;

        /// <summary>Records of one UTC day of an introduced author.</summary>
        public const int IntroducedRecordsPerDay = 200;

        /// <summary>Bytes of an introduced author.</summary>
        public const long IntroducedBytes = 16L << 20;

        /// <summary>Identity events that are kept of one unknown identity.</summary>
        public const int UnknownIdentityEvents = 64;

        /// <summary>Unknown identities whose events are kept, to check what is quarantined.</summary>
        public const int UnknownIdentities = 4_096;
    }

    /// <summary>What a node holds for its peers while it joins gossip, sync, policy and store:
    /// <c>specs/mesh.md</c>.</summary>
    public static class Mesh
    {
        /// <summary>Records of one peer that wait for an identity event.</summary>
        public const int PendingPeerRecords = 256;

        /// <summary>Records that wait for an identity event, all peers together.</summary>
        public const int PendingRecords = 2_048;

        /// <summary>Bytes that wait for an identity event, all peers together.</summary>
        public const long PendingBytes = 16L << 20;

        /// <summary>Milliseconds for which a record waits for an identity event.</summary>
        public const int PendingMilliseconds = 60_000;

        /// <summary>Identity events that are walked back for one record that waits.</summary>
        public const int PendingFetches = 64;

        /// <summary>Records named in <c>prev</c> and not held that are looked for.</summary>
        public const int Gaps = 4_096;

        /// <summary>Milliseconds before a gap is asked for again, the first time; then twice as long each
        /// time.</summary>
        public const int GapMilliseconds = 60_000;

        /// <summary>Milliseconds between two requests for one gap at most: 24 hours.</summary>
        public const int GapMostMilliseconds = 86_400_000;

        /// <summary>Milliseconds between two sessions with a random peer, 20 % more or less.</summary>
        public const int SyncMilliseconds = 60_000;

        /// <summary>Milliseconds between two hints to one peer.</summary>
        public const int HintMilliseconds = 2_000;

        /// <summary>Peers whose gossip comes before they are said to be connected.</summary>
        public const int UnconfirmedPeers = 256;

        /// <summary>Milliseconds for which their gossip is borne.</summary>
        public const int UnconfirmedMilliseconds = 30_000;

        /// <summary>Wrong messages of a peer in an hour, after which one more drops it.</summary>
        public const int PeerFaults = 16;

        /// <summary>Records that wait for the disk before nothing more is taken from peers.</summary>
        public const int StoringRecords = 4_096;

        /// <summary>Bytes of them.</summary>
        public const long StoringBytes = 32L << 20;

        /// <summary>Local records that wait for the disk.</summary>
        public const int SubmitQueue = 256;

        /// <summary>Peers that are remembered for dialling.</summary>
        public const int RememberedPeers = 512;
    }
}
