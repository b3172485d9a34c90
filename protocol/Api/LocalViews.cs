namespace IncidentMesh.Protocol.Api;

/// <summary>Mark records on this node alone: <c>POST /v1/marks</c>. Null leaves a mark as it is.</summary>
/// <param name="Ids">Records, in any form that commands take.</param>
/// <param name="Read">Read, or unread again.</param>
/// <param name="Bookmarked">Bookmarked, or not.</param>
/// <param name="Note">A private note; empty takes it back.</param>
public sealed record MarkRequest(
    IReadOnlyList<string> Ids, bool? Read = null, bool? Bookmarked = null, string? Note = null);

/// <summary>The marks of a record.</summary>
/// <param name="Id">CID.</param>
/// <param name="Read">Read on this node.</param>
/// <param name="Bookmarked">Bookmarked on this node.</param>
/// <param name="Note">The private note, or null.</param>
public sealed record MarkItem(string Id, bool Read, bool Bookmarked, string? Note);

/// <summary>The records that were marked.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Items">As they are marked now.</param>
public sealed record MarkListView(string Schema, IReadOnlyList<MarkItem> Items);

/// <summary>A query under a name.</summary>
/// <param name="Name">What <c>saved:NAME</c> says.</param>
/// <param name="Query">The query.</param>
/// <param name="Alert">Whether new hits are told.</param>
/// <param name="Unseen">Hits that came since they were last looked at; 0 without an alert.</param>
/// <param name="Seen">When they were last looked at; null without an alert.</param>
public sealed record SavedSearch(string Name, string Query, bool Alert, int Unseen, DateTimeOffset? Seen);

/// <summary>All saved queries, by name.</summary>
/// <param name="Schema">Always <c>incidentmesh/1</c>.</param>
/// <param name="Items">The queries.</param>
public sealed record SavedListView(string Schema, IReadOnlyList<SavedSearch> Items);

/// <summary>Change the saved queries: <c>POST /v1/searches</c>.</summary>
/// <param name="Action"><c>save</c>, <c>drop</c>, or <c>seen</c>: its new hits were looked at.</param>
/// <param name="Name">Letters, digits, <c>-</c> and <c>_</c>, 64 at most.</param>
/// <param name="Query">For <c>save</c>.</param>
/// <param name="Alert">For <c>save</c>: tell of new hits.</param>
public sealed record SavedRequest(string Action, string Name, string? Query = null, bool Alert = false);
