namespace IncidentMesh.Protocol;

public static partial class Limits
{
    /// <summary><c>specs/records.md</c> and <c>specs/identity.md</c>.</summary>
    public static class Records
    {
        /// <summary>Bytes of a signed envelope: 2,562 with 8 <c>prev</c> and 32 <c>rel</c>.</summary>
        public const int EnvelopeBytes = 4_096;

        /// <summary>Bytes of a body; larger matter is evidence, named by hash.</summary>
        public const int BodyBytes = 131_072;

        /// <summary>Entries of <c>rel</c>.</summary>
        public const int Relations = 32;

        /// <summary>Entries of <c>prev</c>: heads of one key.</summary>
        public const int Previous = 8;

        /// <summary><c>created</c> is below this many seconds (year 36,812): fits 40 bits in an
        /// index.</summary>
        public const long CreatedSeconds = 1L << 40;

        /// <summary>Seconds that <c>created</c> may lie ahead of the receiver's clock.</summary>
        public const int FutureSeconds = 600;

        /// <summary>Bytes of a word in a header: <c>type</c>, <c>how</c>, and of an identity key's
        /// <c>can</c>.</summary>
        public const int WordBytes = 32;

        /// <summary>Entries of <c>must</c>.</summary>
        public const int Must = 16;

        /// <summary>Bytes of <c>salt</c>: enough that the hash of an erased text cannot be searched
        /// for.</summary>
        public const int SaltBytes = 16;

        /// <summary>Bytes of a title, a name, a word in a body.</summary>
        public const int ShortTextBytes = 1_024;

        /// <summary>Bytes of a description: leaves a quarter of the body to the other fields.</summary>
        public const int LongTextBytes = 98_304;

        /// <summary>Entries of a list in a body that has no limit of its own.</summary>
        public const int ListEntries = 64;

        /// <summary>Models of a record or of a system.</summary>
        public const int Models = 16;

        /// <summary>Files of a model.</summary>
        public const int ModelFiles = 256;

        /// <summary>Lineage edges of a model.</summary>
        public const int LineageEdges = 32;

        /// <summary>Results of evaluations in a record.</summary>
        public const int Evals = 256;

        /// <summary>Identities on a trust list: 64 times what one voucher's quota admits at a time.</summary>
        public const int TrustEntries = 1_024;

        /// <summary>Bytes of a signed identity event.</summary>
        public const int IdentityEventBytes = 4_096;

        /// <summary>Keys that one identity event adds, and keys that it cuts.</summary>
        public const int IdentityKeys = 16;

        /// <summary>Words in <c>can</c> of one key.</summary>
        public const int KeyAbilities = 8;

        /// <summary>Heads that one cut names.</summary>
        public const int CutHeads = 8;

        /// <summary>Events of one identity: a key a week for 20 years.</summary>
        public const int IdentityEvents = 1_024;

        /// <summary>Identities in one book; policy removes those it does not want before that.</summary>
        public const int Identities = 65_536;

        /// <summary>Identity events that wait for one they name; past it the oldest goes.</summary>
        public const int PendingIdentityEvents = 2_048;
    }
}
