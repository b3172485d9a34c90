using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <content>Counts who tells of an event independently.</content>
public sealed partial class ClusterEngine
{
    private readonly Dictionary<Digest, SortedDictionary<Digest, Testimony>> _attestations = [];
    private readonly Dictionary<Digest, Digest> _attested = [];

    /// <summary>Adds what an attestation says of a report.</summary>
    public void AddAttestation(Digest report, Testimony testimony)
    {
        if (!_attestations.TryGetValue(report, out SortedDictionary<Digest, Testimony>? known))
        {
            _attestations[report] = known = [];
        }

        known[testimony.Id] = testimony;
        _attested[testimony.Id] = report;
    }

    /// <summary>Takes an attestation back.</summary>
    /// <returns>The report that it was about, or null if it was not there.</returns>
    public Digest? RemoveAttestation(Digest id)
    {
        if (!_attested.Remove(id, out Digest report))
        {
            return null;
        }

        _attestations.GetValueOrDefault(report)?.Remove(id);
        return report;
    }

    /// <summary>What people said of an earlier version of a report holds for the current one.</summary>
    public void Carry(Digest earlier, Digest current)
    {
        Digest Now(Digest id) => id == earlier ? current : id;
        ClusterLink[] links = [.. _links.Linked(earlier).SelectMany(o => _links.Claims(earlier, o))];
        foreach (ClusterLink link in links)
        {
            RemoveLink(link.Id);
            AddLink(link with { A = Now(link.A), B = Now(link.B) });
        }

        if (_attestations.Remove(earlier, out SortedDictionary<Digest, Testimony>? testimonies))
        {
            foreach (Testimony testimony in testimonies.Values)
            {
                AddAttestation(current, testimony);
            }
        }
    }

    /// <summary>Independent sources of the event of a report, and who disputes it.</summary>
    public Corroboration Sources(Digest id) =>
        Corroboration.Of(Members(id).SelectMany(member => Testimonies(_slotOf[member])));

    /// <summary>How many sources of the event of a report are independent of each other.</summary>
    public int Independent(Digest id) => Sources(id).Sources.Count;

    /// <summary>How many reports and attestations support the event of a report.</summary>
    public int Told(Digest id) => Members(id).SelectMany(member => Testimonies(_slotOf[member]))
        .Where(t => t.Supports).DistinctBy(t => t.Id).Count();

    private IEnumerable<Testimony> Testimonies(int slot)
    {
        ItemProfile profile = _slots[slot]!;
        ClusterItem item = profile.Item;
        Digest author = item.Author == default ? item.Id : item.Author;
        yield return new Testimony(item.Id, author, Supports: true,
            [
                EvidenceRoots.Record(item.Id),
                .. item.Hashes.Select(EvidenceRoots.Hash),
                .. profile.Keys.Select(EvidenceRoots.Key).OfType<string>(),
            ]);
        SortedDictionary<Digest, Testimony> attested = _attestations.GetValueOrDefault(item.Id) ?? [];
        foreach (IGrouping<Digest, Testimony> ofAuthor in attested.Values.GroupBy(t => t.Author))
        {
            yield return ofAuthor.MaxBy(t => (t.Created, t.Id))!;
        }
    }
}
