namespace IncidentMesh.Protocol.Api;

/// <summary>Something that was decided about a record or its author.</summary>
/// <param name="At">When.</param>
/// <param name="Who"><c>you</c>, or who signed it.</param>
/// <param name="What">In words.</param>
/// <param name="Signed">CID of the signed record; null for what holds on this node alone.</param>
public sealed record DecisionView(DateTimeOffset At, string Who, string What, string? Signed);

/// <summary>Whether somebody can read a record, or has it.</summary>
/// <param name="Who">Reader or peer, as asked.</param>
/// <param name="Answer"><c>yes no unknown</c>.</param>
/// <param name="Why">In words.</param>
public sealed record ReaderView(string Who, string Answer, string Why);

/// <summary>Who can read a record and why it stands here as it does
/// (<c>GET /v1/reports/{id}/explain</c>).</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Id">CID.</param>
/// <param name="Title">Its title.</param>
/// <param name="Tlp">Label.</param>
/// <param name="Readers">Who can read it, in words.</param>
/// <param name="Relayed">What relays and peers get, in words.</param>
/// <param name="Author">Who signed.</param>
/// <param name="Standing">Why this node stands to the author as it does.</param>
/// <param name="Disposition"><c>store quarantine decline</c>: what policy makes of it.</param>
/// <param name="Rule">The rule behind that.</param>
/// <param name="Decisions">What was decided, oldest first.</param>
/// <param name="Reader">The answer for one reader, where asked.</param>
/// <param name="Peer">The answer for one peer, where asked.</param>
public sealed record ExplainView(
    string Schema,
    string Id,
    string Title,
    string Tlp,
    string Readers,
    string Relayed,
    AuthorView Author,
    string Standing,
    string Disposition,
    string Rule,
    IReadOnlyList<DecisionView> Decisions,
    ReaderView? Reader,
    ReaderView? Peer);

/// <summary>A key of this node.</summary>
/// <param name="Kind"><c>root next device host draft</c>.</param>
/// <param name="Public">Multikey, or the peer id of the host key; null where it is not known here.</param>
/// <param name="State">In words.</param>
/// <param name="Here">Whether its secret lies on this machine.</param>
/// <param name="Sealed">Whether a passphrase protects it here.</param>
public sealed record KeyItem(string Kind, string? Public, string State, bool Here, bool Sealed);

/// <summary>The keys of this node and its identity.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Identity">CID of the identity.</param>
/// <param name="Items">The keys.</param>
public sealed record KeyListView(string Schema, string Identity, IReadOnlyList<KeyItem> Items);

/// <summary>Reconcile now: <c>POST /v1/sync</c>.</summary>
/// <param name="Peer">Peer id or address; null for all that are connected.</param>
/// <param name="Full">With a salt of its own, which finds what a forger hid from the plain exchange.</param>
public sealed record SyncRequest(string? Peer = null, bool Full = false);
