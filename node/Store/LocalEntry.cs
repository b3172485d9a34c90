using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Store;

/// <summary>What a person or the operator decided on this node alone; a frame of the log, never sent
/// (<c>specs/storage.md</c>, section 4). Ids are CIDs as text. Later entries win; a replay from the first
/// to the last gives what holds now.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(TrustAuthor), "trust")]
[JsonDerivedType(typeof(ForgetAuthor), "forget")]
[JsonDerivedType(typeof(DenyAuthor), "deny")]
[JsonDerivedType(typeof(NameAuthor), "name")]
[JsonDerivedType(typeof(FollowList), "follow")]
[JsonDerivedType(typeof(UnfollowList), "unfollow")]
[JsonDerivedType(typeof(WriteNote), "note")]
[JsonDerivedType(typeof(ReviewRecord), "review")]
[JsonDerivedType(typeof(JudgePair), "judge")]
[JsonDerivedType(typeof(MarkRecord), "mark")]
[JsonDerivedType(typeof(SaveSearch), "save-search")]
[JsonDerivedType(typeof(DropSearch), "drop-search")]
[JsonDerivedType(typeof(RememberPeer), "remember-peer")]
[JsonDerivedType(typeof(ForgetPeer), "forget-peer")]
[JsonDerivedType(typeof(BanPeer), "ban-peer")]
public abstract record LocalEntry
{
    private LocalEntry() { }

    /// <summary>Takes an author's records without limits.</summary>
    public sealed record TrustAuthor(string Author) : LocalEntry;

    /// <summary>Neither trusts nor denies an author any longer.</summary>
    public sealed record ForgetAuthor(string Author) : LocalEntry;

    /// <summary>Neither stores nor relays an author's records.</summary>
    public sealed record DenyAuthor(string Author) : LocalEntry;

    /// <summary>The operator's own name for an author; empty takes it back.</summary>
    public sealed record NameAuthor(string Author, string Name) : LocalEntry;

    /// <summary>Trusts whom an author's trust list names.</summary>
    public sealed record FollowList(string Author) : LocalEntry;

    /// <summary>No longer trusts whom an author's trust list names.</summary>
    public sealed record UnfollowList(string Author) : LocalEntry;

    /// <summary>A private note on a record; empty takes it back.</summary>
    public sealed record WriteNote(string Record, string Text) : LocalEntry;

    /// <summary>A quarantined record was let in or thrown away; null takes either back.</summary>
    public sealed record ReviewRecord(string Record, bool? Accepted) : LocalEntry;

    /// <summary>A proposed duplicate was put off: <c>cannot-tell</c>; empty asks again. A verdict is a signed
    /// link, not this.</summary>
    public sealed record JudgePair(string Record, string Other, string Answer) : LocalEntry;

    /// <summary>Read, bookmarked; null leaves a mark as it is.</summary>
    public sealed record MarkRecord(string Record, bool? Read = null, bool? Bookmarked = null) : LocalEntry;

    /// <summary>A query under a name, perhaps one that alerts.</summary>
    public sealed record SaveSearch(string Name, string Query, bool Alert = false) : LocalEntry;

    /// <summary>A saved query is gone.</summary>
    public sealed record DropSearch(string Name) : LocalEntry;

    /// <summary>A peer to dial again: its id and its addresses.</summary>
    public sealed record RememberPeer(string Peer, IReadOnlyList<string> Addresses) : LocalEntry;

    /// <summary>A peer not to dial any longer.</summary>
    public sealed record ForgetPeer(string Peer) : LocalEntry;

    /// <summary>A peer not to be let in.</summary>
    public sealed record BanPeer(string Peer) : LocalEntry;

    /// <summary>The frame that holds this entry.</summary>
    /// <exception cref="ArgumentException">Its JSON is over <see cref="Limits.Store.BodyBytes"/>.</exception>
    public LogEntry ToFrame(Instant now)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(this, LocalJson.Default.LocalEntry);
        return json.Length <= Limits.Store.BodyBytes
            ? new LogEntry(FrameKind.Local, default, json, now)
            : throw new ArgumentException($"a local entry of {json.Length} bytes is over the limit");
    }

    /// <summary>Reads the entry of a frame; false where its body is gone or a later version wrote
    /// it.</summary>
    public static bool TryRead(LogFrame frame, [NotNullWhen(true)] out LocalEntry? entry)
    {
        ArgumentNullException.ThrowIfNull(frame);
        entry = null;
        if (frame.Kind != FrameKind.Local || frame.BodyState != BodyState.Present) { return false; }
        try
        {
            entry = JsonSerializer.Deserialize(frame.Body.Span, LocalJson.Default.LocalEntry);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            // A form that this version does not know is kept in the log and skipped.
            return false;
        }
        return entry is not null;
    }
}

/// <summary>The JSON of local entries.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LocalEntry))]
internal sealed partial class LocalJson : JsonSerializerContext;
