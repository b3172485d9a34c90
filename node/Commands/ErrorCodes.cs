namespace IncidentMesh.Node.Commands;

/// <summary>What an error or exit code means.</summary>
/// <param name="Code">The word, or the number as text.</param>
/// <param name="Exit">Exit code of a command that ends with it, or null for what peers do wrong.</param>
/// <param name="Means">In words.</param>
/// <param name="Hint">What to do, or null.</param>
internal sealed record ErrorMeaning(string Code, int? Exit, string Means, string? Hint);

/// <summary>Every code that a command ends with, and every family of faults of peers and records
/// (<c>incidentmesh explain error CODE</c>).</summary>
internal static class ErrorCodes
{
    /// <summary>Those of commands.</summary>
    public static IReadOnlyList<ErrorMeaning> All { get; } =
    [
        new("0", 0, "done, also when nothing was found", null),
        new("1", 1, "the answer is no: verify failed, doctor found something, nodes disagree", null),
        new("2", 2, "the command, a flag or the query is wrong, or there is no terminal", "--help"),
        new("3", 3, "no such id or file, or an ambiguous one", "give more characters of the id"),
        new("4", 4, "not allowed: another author's record, a wrong passphrase", null),
        new("5", 5, "needs a running node or the network", "incidentmesh run"),
        new("6", 6, "damaged data", "incidentmesh doctor looks closer"),
        new("7", 7, "busy: the folder is locked, a port is taken", "leave --offline out, or stop the other"),
        new("8", 8, "done in part: some rows or ids were left out", "standard error names each"),
        new("9", 9, "no room: the disk is full, or a limit reached", "nothing acknowledged is lost"),
        new("130", 130, "interrupted", "the same command goes on where it stopped"),
        new("usage", 2, "the command, a flag or the query is wrong", "the hint says how it is written"),
        new("not-yet", 2, "a name that is reserved and built later", null),
        new("json", 2, "what was given or answered is no JSON", null),
        new("not-found", 3, "no record, author, draft or saved query of that name", null),
        new("no-file", 3, "no such file", null),
        new("not-author", 4, "only its author corrects or retracts a record", "attest ID --dispute"),
        new("own-report", 4, "what is known of a report is attested by others", "correct ID, or retract ID"),
        new("own", 4, "your own identity can be neither denied nor forgotten", null),
        new("passphrase", 4, "the passphrase does not open the key file, or the file was changed", null),
        new("private-data", 4, "what looks like private data would be published", "submit --help, --accept"),
        new("drafts-locked", 4, "drafts are sealed", "--passphrase-file names the file that opens them"),
        new("refused", 4, "the node did not take the record", "the message names the rule"),
        new("permission", 4, "the operating system refused access", null),
        new("port-denied", 4, "no right to listen on that port", "a port above 1023 needs none"),
        new("token", 4, "a loopback address needs the node's token", "api.token of the node's folder"),
        new("stopped", 130, "nothing was done, as asked", null),
        new("no-node", 5, "no node is running", "incidentmesh run"),
        new("no-peer", 5, "no peer is connected to reconcile with", "incidentmesh peers add ADDRESS"),
        new("node-lost", 5, "the node went away in the middle", "incidentmesh status"),
        new("node-answer", 5, "what answered is no node of this version", "incidentmesh --version"),
        new("damaged", 6, "a file of the node cannot be read", "incidentmesh doctor looks closer"),
        new("draft-damaged", 6, "a draft cannot be opened", "the file stays where it is"),
        new("key-file", 6, "a key file is damaged or does not fit", "put it back from a copy"),
        new("ed25519", 6, "this build verifies signatures otherwise than the protocol", "do not run it"),
        new("io", 6, "reading or writing failed", null),
        new("demo", 6, "a node of the demo did not start", null),
        new("exists", 7, "a node is set up there already", "--home names another folder"),
        new("locked", 7, "another process has the folder",
            "a node or a command has it open: stop it, or wait for its end"),
        new("port-taken", 7, "the port is in use", "--listen names another"),
        new("api-busy", 7, "the local API cannot listen", "is another node running?"),
        new("import-cut", 8, "an import was cut off", "the same command goes on where it stopped"),
        new("disk-full", 9, "the disk is full", "free some room; nothing acknowledged is lost"),
        new("request-size", 9, "a request is too large", "large files belong into evidence, by hash"),
        new("draft-size", 9, "a draft is too large", "large files belong into evidence, by hash"),
        new("editor", 1, "the editor ended with an error", "the draft stays as it was"),
    ];

    // Faults of what peers send; the first words of a code say which layer found it.
    private static readonly (string Family, string Means)[] Families =
    [
        ("body", "the body of a record is malformed, or not its header's (specs/records.md)"),
        ("cbor", "bytes that are no canonical DAG-CBOR (specs/wire.md)"),
        ("cid", "bytes that are no content id of a kind that is spoken (specs/wire.md)"),
        ("connection", "the connection to a peer ended or takes no more streams (specs/libp2p.md)"),
        ("cose", "the envelope is no COSE_Sign1 as specs/records.md pins it"),
        ("dial", "a peer's address could not be dialled"),
        ("disk", "the record could not be made durable, and was not acknowledged"),
        ("frame", "a length-prefixed frame is malformed or too long (specs/wire.md)"),
        ("gossip", "a peer broke the rules of GossipSub or its limits (specs/gossip.md)"),
        ("host", "the libp2p host is stopping or has too much to do"),
        ("identify", "what a peer says of itself cannot be read (specs/libp2p.md)"),
        ("identity", "an identity event does not follow from those before it (specs/identity.md)"),
        ("key", "a key or key file is not of a kind that is spoken (specs/identity.md)"),
        ("multiaddr", "an address cannot be read (specs/libp2p.md)"),
        ("multistream", "the two sides agree on no protocol (specs/libp2p.md)"),
        ("negentropy", "a reconciliation message is malformed (specs/sync.md)"),
        ("noise", "the encrypted handshake failed (specs/libp2p.md)"),
        ("peer", "the peer is banned, known already, or says that it is another"),
        ("ping", "a ping failed (specs/libp2p.md)"),
        ("protobuf", "bytes that are no protocol buffer"),
        ("record", "a record breaks a rule of specs/records.md, or its author is not taken here"),
        ("schema", "a field of a body breaks its rule (specs/records.md)"),
        ("stream", "a stream to a peer was reset or left (specs/libp2p.md)"),
        ("sync", "a peer broke the rules of reconciliation or its limits (specs/sync.md)"),
        ("upgrade", "a connection was not secured in time (specs/libp2p.md)"),
        ("varint", "a number that is cut off or not minimal (specs/wire.md)"),
        ("yamux", "a peer broke the rules of the stream multiplexer (specs/libp2p.md)"),
    ];

    /// <summary>The meaning of a code, or null.</summary>
    public static ErrorMeaning? Find(string code) =>
        All.FirstOrDefault(e => e.Code == code)
        ?? Families.Where(f => code == f.Family || code.StartsWith(f.Family + "-", StringComparison.Ordinal))
            .Select(f => new ErrorMeaning(code, null, f.Means, null)).FirstOrDefault();
}
