namespace IncidentMesh.Protocol.Api;

/// <summary>A record that waits in quarantine.</summary>
/// <param name="Report">The record, as lists show it.</param>
/// <param name="Why">Why it is here.</param>
/// <param name="Warning">What looks wrong about its author, or null.</param>
/// <param name="Key">The key that signed, as multibase text.</param>
/// <param name="FirstOfKey">Nothing else of this key was ever seen here.</param>
/// <param name="Peer">Who delivered it, or null where that is no longer known.</param>
/// <param name="Bytes">Envelope and body.</param>
/// <param name="DaysLeft">Days until it leaves by itself; null where it stays, as its accept was taken back
/// or its author is no longer trusted.</param>
public sealed record QuarantineItem(
    ReportItem Report,
    string Why,
    string? Warning,
    string Key,
    bool FirstOfKey,
    string? Peer,
    int Bytes,
    int? DaysLeft);

/// <summary>Two reports that may tell of one event and on which nobody has decided, or people
/// disagree.</summary>
/// <param name="A">One report.</param>
/// <param name="B">The other.</param>
/// <param name="Probability">0 to 1.</param>
/// <param name="Label"><c>very-likely likely</c>.</param>
/// <param name="Reasons">In words.</param>
public sealed record ProposedPairView(
    ReportItem A, ReportItem B, double Probability, string Label, IReadOnlyList<string> Reasons);

/// <summary>An author whose records wait.</summary>
/// <param name="Author">The author.</param>
/// <param name="Waiting">Records in quarantine.</param>
/// <param name="Bytes">Bytes of them.</param>
/// <param name="First">When the first of them came.</param>
/// <param name="Why">Why this node stands to the author as it does.</param>
/// <param name="Warning">What looks wrong, or null.</param>
public sealed record WaitingAuthor(
    AuthorView Author, int Waiting, long Bytes, DateTimeOffset First, string Why, string? Warning);

/// <summary>A record that waits, for a minute at most, for the identity event that its header
/// names.</summary>
/// <param name="Id">CID.</param>
/// <param name="Author">CID of its author.</param>
/// <param name="Missing">CID of the event.</param>
/// <param name="Peer">Who delivered it.</param>
/// <param name="SecondsLeft">Until it is given up.</param>
public sealed record PendingItem(string Id, string Author, string Missing, string Peer, double SecondsLeft);

/// <summary>Room of the quarantine, used and in all.</summary>
/// <param name="Records">Records held.</param>
/// <param name="MostRecords">Records that it may hold.</param>
/// <param name="Bytes">Bytes held.</param>
/// <param name="MostBytes">Bytes that it may hold.</param>
public sealed record QuarantineRoom(int Records, int MostRecords, long Bytes, long MostBytes);

/// <summary>What waits for the operator's decision.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Quarantine">Newest first.</param>
/// <param name="Duplicates">Most probable first.</param>
/// <param name="Authors">Most waiting records first.</param>
/// <param name="Pending">Oldest first.</param>
/// <param name="Room">Of the quarantine.</param>
/// <param name="QuarantineTotal">Records in quarantine, those beyond the limit included.</param>
/// <param name="Dropped">Ids that were dropped and can be brought back, latest first.</param>
public sealed record ReviewView(
    string Schema,
    IReadOnlyList<QuarantineItem> Quarantine,
    IReadOnlyList<ProposedPairView> Duplicates,
    IReadOnlyList<WaitingAuthor> Authors,
    IReadOnlyList<PendingItem> Pending,
    QuarantineRoom Room,
    int QuarantineTotal,
    IReadOnlyList<string> Dropped)
{
    /// <summary>Pairs that wait, those beyond the limit included; null where a node does not say.</summary>
    public int? DuplicatesTotal { get; init; }

    /// <summary>Authors that wait, those beyond the limit included; null where a node does not say.</summary>
    public int? AuthorsTotal { get; init; }
}

/// <summary>Decide: <c>POST /v1/review</c>.</summary>
/// <param name="Action"><c>accept drop undo</c> of quarantined records; <c>cannot-tell ask-again</c> of one
/// proposed pair. That two reports tell of the same event, or not, is a signed <c>link</c>.</param>
/// <param name="Ids">Records, or the two of a pair.</param>
public sealed record ReviewRequest(string Action, IReadOnlyList<string> Ids);

/// <summary>A record that could not be decided on.</summary>
/// <param name="Id">As given.</param>
/// <param name="Why">In words.</param>
public sealed record ReviewFailure(string Id, string Why);

/// <summary>What became of a decision.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Action">What was decided.</param>
/// <param name="Done">CIDs that it holds for now.</param>
/// <param name="Failed">Those that it does not, and why.</param>
public sealed record ReviewDone(
    string Schema, string Action, IReadOnlyList<string> Done, IReadOnlyList<ReviewFailure> Failed);
