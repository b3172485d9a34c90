namespace IncidentMesh.Protocol;

/// <summary>Every number that a peer can push against, with its reason. One nested class a room of
/// <c>protocol/</c>
/// and one for each room of <c>node/</c> that peers reach; a test stands at N and at N + 1 of each.</summary>
public static partial class Limits
{
    /// <summary><c>specs/wire.md</c>.</summary>
    public static class Wire
    {
        /// <summary>Bytes of a uvarint: the multiformats rule, so that a length always fits 63
        /// bits.</summary>
        public const int UvarintBytes = 9;

        /// <summary>Nesting of DAG-CBOR values: a record needs 5; deeper is an attack on the stack.</summary>
        public const int CborDepth = 16;

        /// <summary>Items (values and keys) of one DAG-CBOR value: bounds the work of reading one
        /// body.</summary>
        public const int CborItems = 8_192;

        /// <summary>UTF-8 bytes of a map key: field names of ours are at most 24 long.</summary>
        public const int CborKeyBytes = 64;

        /// <summary>Largest integer either way: what a JSON reader in any language keeps exactly (2^53 -
        /// 1).</summary>
        public const long CborInteger = 9_007_199_254_740_991;
    }

    /// <summary><c>specs/gossip.md</c>.</summary>
    public static class Gossip
    {
        /// <summary>Bytes of one RPC: Nethermind's receiver breaks above 256 KiB, and a record with its body
        /// is 135,168.</summary>
        public const int RpcBytes = 196_608;

        /// <summary>Bytes of one message's data: an envelope and a body.</summary>
        public const int MessageBytes = Records.EnvelopeBytes + Records.BodyBytes;

        /// <summary>Bytes of a topic's name; ours have 23.</summary>
        public const int TopicBytes = 256;

        /// <summary>Topics that one peer may be subscribed to: a list of a mebibyte was an attack on three
        /// stacks.</summary>
        public const int PeerTopics = 64;

        /// <summary>Subscriptions in one RPC: every topic of a peer, left and joined.</summary>
        public const int RpcSubscriptions = 2 * PeerTopics;

        /// <summary>Messages in one RPC.</summary>
        public const int RpcMessages = 4_096;

        /// <summary>IHAVE, IWANT, GRAFT, PRUNE and IDONTWANT entries in one RPC, together.</summary>
        public const int RpcControls = 1_024;

        /// <summary>Message ids in one RPC, in all lists together: as many of 32 bytes as fit.</summary>
        public const int RpcIds = 6_000;

        /// <summary>Bytes of a message id; ids of this mesh have 32, others are passed over.</summary>
        public const int IdBytes = 64;

        /// <summary>Peers that the router keeps; the node holds fewer connections.</summary>
        public const int Peers = 512;

        /// <summary>Seconds of backoff that a remote PRUNE may ask for: larger ones overflowed other
        /// stacks.</summary>
        public const int BackoffSeconds = 3_600;

        /// <summary>Backoffs remembered for one topic, of connected and gone peers.</summary>
        public const int Backoffs = 4_096;

        /// <summary>IHAVE entries heard from one peer in one heartbeat.</summary>
        public const int IhaveMessages = 10;

        /// <summary>Ids offered to one peer in one IHAVE, and asked of one peer in one heartbeat.</summary>
        public const int IhaveIds = 5_000;

        /// <summary>Ids asked of all peers in one heartbeat.</summary>
        public const int AskedIds = 20_000;

        /// <summary>Times that one message is sent to one peer on IWANT.</summary>
        public const int WantRetransmissions = 3;

        /// <summary>IDONTWANT ids heard from one peer in one heartbeat.</summary>
        public const int DontWantIds = 10_000;

        /// <summary>IDONTWANT ids kept for one peer; the newest stay.</summary>
        public const int DontWantKept = 4_096;

        /// <summary>IDONTWANT ids sent to one peer in one heartbeat: js-libp2p reads no more.</summary>
        public const int DontWantSent = 512;

        /// <summary>Ids remembered as seen for one topic; the newest stay.</summary>
        public const int SeenIds = 262_144;

        /// <summary>Bytes of messages kept for IWANT.</summary>
        public const int CacheBytes = 16 * 1_024 * 1_024;

        /// <summary>Messages delivered to the owner and not yet resolved.</summary>
        public const int PendingMessages = 16_384;

        /// <summary>Bytes of the same. Half of it, from which a node reads no more, is more than what may
        /// wait for identity events: strangers cannot stop the reading.</summary>
        public const int PendingBytes = 64 * 1_024 * 1_024;

        /// <summary>Messages that wait for one peer; further ones are lost to it.</summary>
        public const int QueuedMessages = 8_192;

        /// <summary>Bytes of the same.</summary>
        public const int QueuedBytes = 8 * 1_024 * 1_024;
    }

    /// <summary><c>specs/storage.md</c>.</summary>
    public static class Store
    {
        /// <summary>Bytes of a frame's head: an envelope or an identity event.</summary>
        public const int HeadBytes = Records.EnvelopeBytes;

        /// <summary>Bytes of a frame's body: a record's body, or a local decision with a long note.</summary>
        public const int BodyBytes = Records.BodyBytes;

        /// <summary>Bytes of a log segment: large enough that making one is rare, small enough to
        /// copy.</summary>
        public const int SegmentBytes = 64 << 20;

        /// <summary>Bytes of the first segment; each next one doubles up to
        /// <see cref="SegmentBytes"/>.</summary>
        public const int FirstSegmentBytes = 4 << 20;

        /// <summary>Bytes of frames that are appended as one; a longer list is cut into several.</summary>
        public const int AppendBytes = 256 << 10;

        /// <summary>Bytes of frames that share one fsync.</summary>
        public const int CommitBytes = 4 << 20;

        /// <summary>Appends that wait for the log; further ones wait for their turn to wait.</summary>
        public const int QueuedAppends = 4_096;

        /// <summary>Frames after which the columns are saved, so that a start after a crash reads at most
        /// about as many again.</summary>
        public const int SnapshotFrames = 20_000;

        /// <summary>Bytes of the quarantine's files: what it may hold, and as much again of what it has
        /// forgotten.</summary>
        public const int QuarantineFileBytes = 128 << 20;

        /// <summary>Writes that wait for the state database.</summary>
        public const int QueuedStateWrites = 1_024;

        /// <summary>Values of one list column (countries, harms) that are kept of a record.</summary>
        public const int ListValues = 32;

        /// <summary>Characters of a value that a column keeps; a longer one is cut.</summary>
        public const int ValueChars = 64;

        /// <summary>Different values that one column keeps apart; further ones count as "other".</summary>
        public const int DistinctValues = 65_535;
    }

    /// <summary><c>specs/query.md</c>: a query comes from a client of the local API, or from a feed's
    /// address.</summary>
    public static class Query
    {
        /// <summary>UTF-16 units of a query: bounds its parse and the size of its error.</summary>
        public const int Characters = 4_096;

        /// <summary>Clauses of a query: each costs a pass over the candidates.</summary>
        public const int Clauses = 128;

        /// <summary>Levels of brackets: bounds the stack of everything that walks the tree.</summary>
        public const int Depth = 16;

        /// <summary>Values of one list.</summary>
        public const int Values = 64;

        /// <summary>Hits of one page: each costs a read of its body.</summary>
        public const int Page = 1_000;
    }

    /// <summary><c>specs/same-event.md</c>.</summary>
    public static class Cluster
    {
        /// <summary>Best neighbours that are kept of a report: a flood of look-alikes costs bounded
        /// memory.</summary>
        public const int NeighboursPerReport = 256;

        /// <summary>Reports of a component that average linkage runs over; a larger one is broken up
        /// first.</summary>
        public const int ReportsPerComponent = 1_024;

        /// <summary>Reports that may share a web address or a document id before it says nothing more: 88
        /// AVID evaluations cite one tool.</summary>
        public const int SharersOfEvidence = 16;
    }
}
