using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <summary>What a person said of two reports: a signed <c>link</c> record of a trusted author, or the
/// operator's own decision.</summary>
/// <param name="Id">Digest of the record (or of the local decision): a claim is counted once.</param>
/// <param name="A">A report.</param>
/// <param name="B">Another report.</param>
/// <param name="Same">True for <c>same-event</c> and <c>duplicate</c>, false for
/// <c>not-same-event</c>.</param>
/// <param name="Author">Digest of the author's identity; of several claims of one author the last
/// counts.</param>
/// <param name="Created">Unix seconds, orders the claims of one author.</param>
/// <param name="Own">Whether the operator of this node said it: it then outweighs what others say.</param>
public sealed record ClusterLink(
    Digest Id, Digest A, Digest B, bool Same, Digest Author, long Created, bool Own = false);

/// <summary>What people together say of two reports.</summary>
public enum Ruling
{
    /// <summary>Nobody said anything: the machine decides.</summary>
    None,

    /// <summary>The same event.</summary>
    Same,

    /// <summary>Two events.</summary>
    Different,

    /// <summary>They disagree: the machine decides, and the dispute is shown.</summary>
    Disputed,
}

/// <summary>The claims of people about pairs of reports.</summary>
internal sealed class LinkTable
{
    private readonly Dictionary<(Digest, Digest), SortedDictionary<Digest, ClusterLink>> _pairs = [];
    private readonly Dictionary<Digest, ClusterLink> _byId = [];
    private readonly Dictionary<Digest, HashSet<Digest>> _others = [];

    /// <summary>Pairs that something was said of.</summary>
    public IEnumerable<(Digest A, Digest B)> Pairs => _pairs.Keys;

    /// <summary>Adds a claim; false if it is known.</summary>
    public bool Add(ClusterLink link)
    {
        if (link.A == link.B || !_byId.TryAdd(link.Id, link))
        {
            return false;
        }

        (Digest, Digest) pair = Ordered(link.A, link.B);
        if (!_pairs.TryGetValue(pair, out SortedDictionary<Digest, ClusterLink>? claims))
        {
            _pairs[pair] = claims = [];
        }

        claims[link.Id] = link;
        Others(link.A).Add(link.B);
        Others(link.B).Add(link.A);
        return true;
    }

    /// <summary>Takes a claim back (retracted, or its author no longer trusted).</summary>
    public ClusterLink? Remove(Digest id)
    {
        if (!_byId.Remove(id, out ClusterLink? link))
        {
            return null;
        }

        (Digest, Digest) pair = Ordered(link.A, link.B);
        _pairs[pair].Remove(id);
        if (_pairs[pair].Count == 0)
        {
            _pairs.Remove(pair);
            Others(link.A).Remove(link.B);
            Others(link.B).Remove(link.A);
        }

        return link;
    }

    /// <summary>Reports that a report is linked with, in either sense.</summary>
    public IReadOnlyCollection<Digest> Linked(Digest id) =>
        _others.TryGetValue(id, out HashSet<Digest>? found) ? found : [];

    /// <summary>The claims about a pair, by id.</summary>
    public IReadOnlyCollection<ClusterLink> Claims(Digest a, Digest b) =>
        _pairs.TryGetValue(Ordered(a, b), out SortedDictionary<Digest, ClusterLink>? claims) ? claims.Values
            : [];

    /// <summary>What people together say of a pair: the last claim of each author; the operator's own
    /// outweighs all others; authors of one weight who disagree leave it to the machine.</summary>
    public Ruling Rule(Digest a, Digest b)
    {
        IReadOnlyCollection<ClusterLink> claims = Claims(a, b);
        if (claims.Count == 0)
        {
            return Ruling.None;
        }

        ClusterLink[] last =
        [
            .. claims.GroupBy(c => c.Author)
                .Select(g => g.OrderByDescending(c => c.Created).ThenByDescending(c => c.Id).First()),
        ];
        bool own = last.Any(c => c.Own);
        bool[] said = [.. last.Where(c => c.Own == own).Select(c => c.Same).Distinct()];
        return said.Length > 1 ? Ruling.Disputed : said[0] ? Ruling.Same : Ruling.Different;
    }

    private static (Digest, Digest) Ordered(Digest a, Digest b) => a < b ? (a, b) : (b, a);

    private HashSet<Digest> Others(Digest id)
    {
        if (!_others.TryGetValue(id, out HashSet<Digest>? found))
        {
            _others[id] = found = [];
        }

        return found;
    }
}
