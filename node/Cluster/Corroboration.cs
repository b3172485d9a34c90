using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <summary>What one record says of an event: a report of it, or an attestation of such a report.</summary>
/// <param name="Id">Digest of the record.</param>
/// <param name="Author">Digest of the author's identity.</param>
/// <param name="Supports">False for a dispute.</param>
/// <param name="Roots">What it rests on besides its author: canonical addresses, hashes of evidence, other
/// records. Empty for an own inquiry.</param>
/// <param name="Created">Unix seconds: of several attestations of one report by one author the last
/// counts.</param>
public sealed record Testimony(
    Digest Id, Digest Author, bool Supports, IReadOnlyList<string> Roots, long Created = 0);

/// <summary>Testimonies that count as one source.</summary>
/// <param name="Authors">Who they are, in the order of their first record's id.</param>
/// <param name="Root">What joins several authors, the smallest of it; null where it is one author.</param>
public sealed record IndependentSource(IReadOnlyList<Digest> Authors, string? Root);

/// <summary>Corroboration that counts (<c>specs/same-event.md</c>, "Independent sources"): those of one
/// author, and those that rest on the same evidence, count once. A function of the set of testimonies,
/// whatever their order.</summary>
/// <param name="Sources">Who supports it, each independent of the others.</param>
/// <param name="Disputes">Who disputes it, counted the same way.</param>
public sealed record Corroboration(
    IReadOnlyList<IndependentSource> Sources, IReadOnlyList<IndependentSource> Disputes)
{
    /// <summary>Nothing is known.</summary>
    public static Corroboration None { get; } = new([], []);

    /// <summary>Counts testimonies; a record that is given twice counts once.</summary>
    public static Corroboration Of(IEnumerable<Testimony> testimonies)
    {
        Testimony[] all = [.. testimonies.DistinctBy(t => t.Id).OrderBy(t => t.Id)];
        return new Corroboration(
            Sort([.. all.Where(t => t.Supports)]), Sort([.. all.Where(t => !t.Supports)]));
    }

    private static IndependentSource[] Sort(Testimony[] testimonies)
    {
        DisjointSets sources = new(testimonies.Length);
        var holders = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < testimonies.Length; i++)
        {
            foreach (string root in testimonies[i].Roots.Append($"author {testimonies[i].Author}"))
            {
                if (!holders.TryAdd(root, i))
                {
                    sources.Join(i, holders[root]);
                }
            }
        }

        return
        [
            .. Enumerable.Range(0, testimonies.Length).GroupBy(sources.Find).OrderBy(group => group.Key)
                .Select(group => SourceOf([.. group.Select(i => testimonies[i])])),
        ];
    }

    private static IndependentSource SourceOf(Testimony[] joined)
    {
        Digest[] authors = [.. joined.Select(t => t.Author).Distinct()];
        string? root = joined.SelectMany(t => t.Roots.Select(root => (root, t.Author))).Distinct()
            .GroupBy(pair => pair.root).Where(group => group.Count() > 1)
            .Select(group => group.Key).Min(StringComparer.Ordinal);
        return new IndependentSource(authors, root);
    }
}
