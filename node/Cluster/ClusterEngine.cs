using IncidentMesh.Node.Embed;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <summary>Finds which reports tell of the same event. Incremental: a new report is compared with its
/// candidates and its component is clustered again, nothing else. Deterministic and independent of order:
/// the same reports, links and vectors give the same clusters (<c>specs/same-event.md</c>).</summary>
/// <remarks>One owner; no member may be called from two threads at once. Changes are cheap, the clustering
/// itself happens when something is next asked.</remarks>
public sealed partial class ClusterEngine
{
    private readonly WordWeights _weights;
    private readonly PairJudge _judge;
    private readonly CandidateIndex _candidates;
    private readonly PairTable _pairs = new();
    private readonly LinkTable _links = new();
    private readonly List<ItemProfile?> _slots = [];
    private readonly Stack<int> _free = new();
    private readonly List<int> _freed = [];
    private readonly Dictionary<Digest, int> _slotOf = [];
    private readonly Dictionary<string, SortedDictionary<Digest,
        int>> _signatures = new(StringComparer.Ordinal);
    private readonly Dictionary<ExactKey, HashSet<int>> _evidence = [];
    private readonly Dictionary<Digest, Digest> _redirects = [];
    private readonly HashSet<int> _dirty = [];

    /// <summary>An empty engine.</summary>
    /// <param name="graph">Hash of the graph that made the vectors; vectors of another are never mixed
    /// in.</param>
    /// <param name="weights">The word tables of the model folder.</param>
    /// <param name="model">The pair model of the model folder.</param>
    public ClusterEngine(Digest graph, WordWeights weights, PairModel model)
    {
        Graph = graph;
        _weights = weights;
        _judge = new PairJudge(model);
        _candidates = new CandidateIndex();
    }

    /// <summary>Hash of the graph whose vectors are compared.</summary>
    public Digest Graph { get; }

    /// <summary>Largest component that average linkage runs over; tests set a smaller one.</summary>
    internal int ComponentLimit { get; init; } = Limits.Cluster.ReportsPerComponent;

    /// <summary>Reports in the engine.</summary>
    public int Count => _slotOf.Count;

    /// <summary>Loads the tables and the pair model from a model folder.</summary>
    /// <exception cref="IOException">A file is missing.</exception>
    public static ClusterEngine Load(string modelFolder, Digest graph) =>
        new(graph, WordWeights.Load(modelFolder), PairModel.Load(modelFolder));

    /// <summary>Whether a report is in the engine.</summary>
    public bool Contains(Digest id) => _slotOf.ContainsKey(id);

    private int AddUncompared(ItemProfile profile)
    {
        ClusterItem item = profile.Item;
        Remove(item.Id);
        _redirects.Remove(item.Id);
        if (!_free.TryPop(out int slot))
        {
            slot = _slots.Count;
            _slots.Add(null);
        }

        _slots[slot] = profile;
        _slotOf[item.Id] = slot;
        _candidates.Set(slot, profile);
        foreach (string signature in profile.Signatures)
        {
            Group(signature)[item.Id] = slot;
        }

        foreach (ExactKey key in profile.Keys.Where(IsEvidence))
        {
            HashSet<int> sharers = Sharers(key);
            sharers.Add(slot);
            MarkIfCrowdChanged(sharers);
        }

        _dirty.Add(slot);
        MarkLinked(item.Id);
        return slot;
    }

    /// <summary>Takes a report out (retracted, erased, superseded). Its id goes on to redirect to its last
    /// cluster.</summary>
    /// <returns>False if it was not there.</returns>
    public bool Remove(Digest id)
    {
        if (!_slotOf.Remove(id, out int slot))
        {
            return false;
        }

        ItemProfile profile = _slots[slot]!;
        int[] left = [.. MembersOf(slot).Where(s => s != slot && _slots[s] is not null)];
        if (left.Length > 0)
        {
            _redirects[id] = left.Min(s => _slots[s]!.Item.Id);
        }

        _dirty.UnionWith(ComponentOf(slot));
        foreach (string signature in profile.Signatures)
        {
            Group(signature).Remove(id);
        }

        foreach (ExactKey key in profile.Keys.Where(IsEvidence))
        {
            HashSet<int> sharers = Sharers(key);
            sharers.Remove(slot);
            MarkIfCrowdChanged(sharers);
        }

        _candidates.Clear(slot, profile);
        _slots[slot] = null;
        Forget(slot);
        foreach (int other in _pairs.Clear(slot))
        {
            Compare(other);
            _dirty.Add(other);
        }

        // Not used again before the clusters that list it are settled.
        _freed.Add(slot);
        return true;
    }

    /// <summary>Adds what a person said. It takes effect as soon as both reports are here.</summary>
    public void AddLink(ClusterLink link)
    {
        if (_links.Add(link))
        {
            Mark(link.A);
            Mark(link.B);
        }
    }

    /// <summary>Takes back what a person said.</summary>
    public void RemoveLink(Digest id)
    {
        if (_links.Remove(id) is ClusterLink link)
        {
            Mark(link.A);
            Mark(link.B);
        }
    }

    private static bool IsEvidence(ExactKey key) => key.Kind is KeyKind.Url or KeyKind.Document;

    private static int Units(double probability) => (int)Math.Round(probability * AverageLinkage.One);

    private SortedDictionary<Digest, int> Group(string signature)
    {
        if (!_signatures.TryGetValue(signature, out SortedDictionary<Digest, int>? group))
        {
            _signatures[signature] = group = [];
        }

        return group;
    }

    private HashSet<int> Sharers(ExactKey key)
    {
        if (!_evidence.TryGetValue(key, out HashSet<int>? sharers))
        {
            _evidence[key] = sharers = [];
        }

        return sharers;
    }

    /// <summary>When a key becomes common, or stops being so, the clusters that it joined change.</summary>
    private void MarkIfCrowdChanged(HashSet<int> sharers)
    {
        if (sharers.Count is Limits.Cluster.SharersOfEvidence or (Limits.Cluster.SharersOfEvidence + 1))
        {
            _dirty.UnionWith(sharers);
        }
    }

    private void MarkLinked(Digest id)
    {
        foreach (Digest other in _links.Linked(id))
        {
            Mark(other);
        }
    }

    private void Mark(Digest id)
    {
        if (_slotOf.TryGetValue(id, out int slot))
        {
            _dirty.Add(slot);
        }
    }
}
