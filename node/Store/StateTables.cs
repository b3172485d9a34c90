using IncidentMesh.Protocol;
using LiteDB;

namespace IncidentMesh.Node.Store;

/// <summary>The collections of the state database. Only the owner thread of <see cref="StateDb"/> sees one,
/// inside a call to <see cref="StateDb.ReadAsync"/> or <see cref="StateDb.WriteAsync"/>: LiteDB 5.0.20
/// breaks its free list when two threads write (upstream #2825).</summary>
public sealed class StateTables
{
    private readonly ILiteCollection<BsonDocument> _peers, _authors, _quarantine, _clusters, _alerts;

    internal StateTables(LiteDatabase database)
    {
        _peers = database.GetCollection("peers");
        _authors = database.GetCollection("authors");
        _quarantine = database.GetCollection("quarantine");
        _clusters = database.GetCollection("clusters");
        _alerts = database.GetCollection("alerts");
        _quarantine.EnsureIndex("author");
        _quarantine.EnsureIndex("peer");
        _authors.EnsureIndex("standing");
    }

    /// <summary>Puts a peer in, or in the place of what was known of it.</summary>
    public void Put(PeerRow row) => _peers.Upsert(new BsonDocument
    {
        ["_id"] = row.Peer,
        ["addresses"] = new BsonArray(row.Addresses.Select(a => new BsonValue(a))),
        ["first"] = row.FirstSeen.Milliseconds,
        ["last"] = row.LastSeen.Milliseconds,
        ["sync"] = row.LastSync is { } at ? at.Milliseconds : BsonValue.Null,
        ["failures"] = row.Failures,
        ["fault"] = row.LastFault,
    });

    /// <summary>Puts an author in, or in the place of what was known of her.</summary>
    public void Put(AuthorRow row) => _authors.Upsert(new BsonDocument
    {
        ["_id"] = row.Author, ["standing"] = row.Standing, ["voucher"] = row.Voucher, ["day"] = row.Day,
        ["today"] = row.Today, ["bytes"] = row.Bytes,
    });

    /// <summary>Puts a quarantined record in.</summary>
    public void Put(QuarantineRow row) => _quarantine.Upsert(new BsonDocument
    {
        ["_id"] = row.Record, ["author"] = row.Author, ["peer"] = row.Peer,
        ["since"] = row.Since.Milliseconds,
        ["bytes"] = row.Bytes,
    });

    /// <summary>Puts a decision in.</summary>
    public void Put(ClusterRow row) => _clusters.Upsert(new BsonDocument
    {
        ["_id"] = row.Cluster,
        ["members"] = new BsonArray(row.Members.Select(m => new BsonValue(m))),
        ["decided"] = row.Decided.Milliseconds,
        ["by"] = row.By,
    });

    /// <summary>Puts the state of an alert in.</summary>
    public void Put(AlertRow row) => _alerts.Upsert(new BsonDocument
    {
        ["_id"] = row.Search, ["told"] = row.Told.Milliseconds, ["unseen"] = row.Unseen,
    });

    /// <summary>Forgets a peer.</summary>
    public bool RemovePeer(string peer) => _peers.Delete(peer);

    /// <summary>Forgets a quarantined record.</summary>
    public bool RemoveQuarantined(string record) => _quarantine.Delete(record);

    /// <summary>Forgets an alert.</summary>
    public bool RemoveAlert(string search) => _alerts.Delete(search);

    /// <summary>A peer, or null.</summary>
    public PeerRow? Peer(string peer) => _peers.FindById(peer) is { } d ? PeerOf(d) : null;

    /// <summary>All peers.</summary>
    public IReadOnlyList<PeerRow> Peers() => [.. _peers.FindAll().Select(PeerOf)];

    /// <summary>An author, or null.</summary>
    public AuthorRow? Author(string author) => _authors.FindById(author) is { } d ? AuthorOf(d) : null;

    /// <summary>Authors of a standing, or all.</summary>
    public IReadOnlyList<AuthorRow> Authors(string? standing = null) => standing is null
        ? [.. _authors.FindAll().Select(AuthorOf)]
        : [.. _authors.Find(Query.EQ("standing", standing)).Select(AuthorOf)];

    /// <summary>Records in quarantine, of an author or all.</summary>
    public IReadOnlyList<QuarantineRow> Quarantined(string? author = null) => author is null
        ? [.. _quarantine.FindAll().Select(QuarantineOf)]
        : [.. _quarantine.Find(Query.EQ("author", author)).Select(QuarantineOf)];

    /// <summary>Decisions on clusters.</summary>
    public IReadOnlyList<ClusterRow> Clusters() => [.. _clusters.FindAll().Select(d => new ClusterRow(
        d["_id"].AsString, Texts(d["members"]), new Instant(d["decided"].AsInt64), d["by"].AsString))];

    /// <summary>The state of an alert, or null.</summary>
    public AlertRow? Alert(string search) => _alerts.FindById(search) is { } d
        ? new AlertRow(search, new Instant(d["told"].AsInt64), d["unseen"].AsInt32)
        : null;

    private static PeerRow PeerOf(BsonDocument d) => new(
        d["_id"].AsString, Texts(d["addresses"]), new Instant(d["first"].AsInt64),
        new Instant(d["last"].AsInt64),
        d["sync"].IsNull ? null : new Instant(d["sync"].AsInt64), d["failures"].AsInt32, Text(d["fault"]));

    private static AuthorRow AuthorOf(BsonDocument d) => new(
        d["_id"].AsString, d["standing"].AsString, Text(d["voucher"]), d["day"].AsInt64, d["today"].AsInt32,
        d["bytes"].AsInt64);

    private static QuarantineRow QuarantineOf(BsonDocument d) => new(
        d["_id"].AsString, d["author"].AsString, d["peer"].AsString, new Instant(d["since"].AsInt64),
        d["bytes"].AsInt32);

    private static string? Text(BsonValue value) => value.IsNull ? null : value.AsString;

    private static string[] Texts(BsonValue value) => [.. value.AsArray.Select(v => v.AsString)];
}
