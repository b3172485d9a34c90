using System.Text.Json;

namespace IncidentMesh.Protocol.Api;

/// <summary>A relation to another record in a request.</summary>
/// <param name="How">e.g. <c>supersedes</c>, <c>about</c>.</param>
/// <param name="To">Id in any form that commands take.</param>
public sealed record RelationRequest(string How, string To);

/// <summary>Sign and store a record: <c>POST /v1/records</c>.</summary>
public sealed record SubmitRequest
{
    /// <summary>Record type.</summary>
    public required string Type { get; init; }

    /// <summary>BCP 47 tag, or null.</summary>
    public string? Lang { get; init; }

    /// <summary>The body in its JSON form (<c>specs/records.md</c>).</summary>
    public required JsonElement Body { get; init; }

    /// <summary>Relations to other records.</summary>
    public IReadOnlyList<RelationRequest> Relations { get; init; } = [];

    /// <summary>Look for reports of the same event before answering.</summary>
    public bool Similar { get; init; }

    /// <summary>Reports of which a <c>link</c> says, signed right after this one, that they tell of the same
    /// event.</summary>
    public IReadOnlyList<string> SameAs { get; init; } = [];

    /// <summary>What looks like private data in it and is published all the same (<c>email</c>,
    /// <c>phone</c>, <c>minor</c>): the node refuses what is not named.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];
}

/// <summary>What became of a submission. It is on disk when this is answered.</summary>
/// <param name="Id">CID.</param>
/// <param name="Short">8 characters of it.</param>
/// <param name="Stored">On disk.</param>
/// <param name="Sent">Handed to one peer at least.</param>
/// <param name="Peers">Peers that it was handed to.</param>
/// <param name="Known">It was there before: nothing was added.</param>
/// <param name="Warnings">In words.</param>
/// <param name="Similar">Reports that may tell of the same event.</param>
/// <param name="Held">When it is signed and sent, where its source is anonymous: until then it has no id, and
/// lies among the drafts. Null for what was signed.</param>
/// <param name="Draft">Its number there.</param>
public sealed record SubmitView(
    string Id,
    string Short,
    bool Stored,
    bool Sent,
    int Peers,
    bool Known,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<SimilarView> Similar,
    DateTimeOffset? Held = null,
    int? Draft = null);

/// <summary>Import a file or folder of this machine: <c>POST /v1/import</c>.</summary>
/// <param name="Path">Full path, which the node opens itself.</param>
/// <param name="Format"><c>auto aiid avid atlas csv stix misp jsonl</c>.</param>
/// <param name="ErrorsFile">Where rows that are left out go, or null for the place beside the file.</param>
/// <param name="MapFile">Full path of a file that says what the columns of a table mean, or null.</param>
/// <param name="DryRun">Read and check, and store nothing.</param>
/// <param name="Append">Whether rows that are left out go after what the errors file has.</param>
/// <param name="Source">What the errors file calls the file; null for its path.</param>
public sealed record ImportRequest(
    string Path, string Format, string? ErrorsFile, string? MapFile = null, bool DryRun = false,
    bool Append = false, string? Source = null);

/// <summary>A row of an import that was left out.</summary>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Why">In words.</param>
/// <param name="File">Name of the file, where a folder is imported; else null.</param>
public sealed record ImportReason(long Line, string Why, string? File = null);

/// <summary>What became of an import, or, while it runs, how far it is.</summary>
/// <param name="Read">Rows read.</param>
/// <param name="New">Records stored.</param>
/// <param name="Known">Rows that were there before.</param>
/// <param name="Bad">Rows left out.</param>
/// <param name="Reasons">Why, for the first of them.</param>
/// <param name="ErrorsFile">Where every row that was left out stands, or null where there is none.</param>
/// <param name="Seconds">Time until the last row was on disk.</param>
/// <param name="EmbedBacklog">Reports that wait for the model.</param>
/// <param name="Done">False for progress.</param>
/// <param name="Loss">What became of the fields of the source, of each format; null for progress.</param>
public sealed record ImportView(
    long Read,
    long New,
    long Known,
    long Bad,
    IReadOnlyList<ImportReason> Reasons,
    string? ErrorsFile,
    double Seconds,
    int EmbedBacklog,
    bool Done,
    IReadOnlyList<LossView>? Loss = null);

/// <summary>Change a standing: <c>POST /v1/trust</c>.</summary>
/// <param name="Action"><c>add remove deny name follow unfollow</c>.</param>
/// <param name="Subject">Id or name of an author.</param>
/// <param name="Name">The operator's own name for them, or null.</param>
public sealed record TrustRequest(string Action, string Subject, string? Name);

/// <summary>Change the peers: <c>POST /v1/peers</c>.</summary>
/// <param name="Action"><c>add remove ban unban</c>.</param>
/// <param name="Peer">Multiaddr with a peer id, or a peer id.</param>
public sealed record PeerRequest(string Action, string Peer);

/// <summary>A check that failed.</summary>
/// <param name="Id">CID or file.</param>
/// <param name="Check">Which.</param>
/// <param name="Why">In words.</param>
public sealed record VerifyFailure(string Id, string Check, string Why);

/// <summary>What <c>verify</c> found.</summary>
/// <param name="Ok">Nothing failed.</param>
/// <param name="Checked">Records looked at.</param>
/// <param name="Failed">What failed.</param>
/// <param name="Unknown">Ids that were not found, or could not be judged.</param>
public sealed record VerifyView(
    bool Ok, int Checked, IReadOnlyList<VerifyFailure> Failed, IReadOnlyList<string> Unknown);

/// <summary>An error as programs read it.</summary>
/// <param name="Code">A stable word.</param>
/// <param name="Message">In words, lower case, no full stop.</param>
/// <param name="Hint">What to do, or null.</param>
/// <param name="Exit">Exit code of the command line.</param>
public sealed record ErrorBody(string Code, string Message, string? Hint, int Exit);

/// <summary><c>{"error":{…}}</c>.</summary>
/// <param name="Error">The error.</param>
public sealed record ErrorView(ErrorBody Error);
