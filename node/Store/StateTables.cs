using IncidentMesh.Protocol;
using LiteDB;

namespace IncidentMesh.Node.Store;

/// <summary>The collections of the state database. Only the owner thread of <see cref="StateDb"/> sees one,
/// inside a call to <see cref="StateDb.ReadAsync"/> or <see cref="StateDb.WriteAsync"/>: LiteDB 5.0.20
/// breaks its free list when two threads write (upstream #2825).</summary>
public sealed class StateTables
{
    private readonly ILiteCollection<BsonDocument> _peers, _alerts;

    internal StateTables(LiteDatabase database)
    {
        _peers = database.GetCollection("peers");
        _alerts = database.GetCollection("alerts");
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

    /// <summary>Puts the state of an alert in.</summary>
    public void Put(AlertRow row) => _alerts.Upsert(new BsonDocument
    {
        ["_id"] = row.Search, ["told"] = row.Told.Milliseconds, ["unseen"] = row.Unseen,
    });

    /// <summary>Forgets a peer.</summary>
    public bool RemovePeer(string peer) => _peers.Delete(peer);

    /// <summary>Forgets an alert.</summary>
    public bool RemoveAlert(string search) => _alerts.Delete(search);

    /// <summary>A peer, or null.</summary>
    public PeerRow? Peer(string peer) => _peers.FindById(peer) is { } d ? PeerOf(d) : null;

    /// <summary>All peers.</summary>
    public IReadOnlyList<PeerRow> Peers() => [.. _peers.FindAll().Select(PeerOf)];

    /// <summary>The state of an alert, or null.</summary>
    public AlertRow? Alert(string search) => _alerts.FindById(search) is { } d
        ? new AlertRow(search, new Instant(d["told"].AsInt64), d["unseen"].AsInt32)
        : null;

    private static PeerRow PeerOf(BsonDocument d) => new(
        d["_id"].AsString, Texts(d["addresses"]), new Instant(d["first"].AsInt64),
        new Instant(d["last"].AsInt64),
        d["sync"].IsNull ? null : new Instant(d["sync"].AsInt64), d["failures"].AsInt32, Text(d["fault"]));

    private static string? Text(BsonValue value) => value.IsNull ? null : value.AsString;

    private static string[] Texts(BsonValue value) => [.. value.AsArray.Select(v => v.AsString)];
}
