namespace IncidentMesh.Bench;

/// <summary>How well clusters and rankings agree with labels.</summary>
internal static class DedupScores
{
    /// <summary>BCubed F1 (Bagga and Baldwin 1998): for each item, the share of its cluster that is of its
    /// incident, and the share of its incident that is in its cluster.</summary>
    public static double BCubed(int[] clusters, int[] incidents)
    {
        ILookup<int, int> byCluster = Lookup(clusters), byIncident = Lookup(incidents);
        double precision = 0, recall = 0;
        for (int i = 0; i < clusters.Length; i++)
        {
            int both = byCluster[clusters[i]].Count(j => incidents[j] == incidents[i]);
            precision += (double)both / byCluster[clusters[i]].Count();
            recall += (double)both / byIncident[incidents[i]].Count();
        }

        return F1(precision / clusters.Length, recall / clusters.Length);
    }

    /// <summary>F1 over pairs of items in one cluster.</summary>
    public static double PairF1(int[] clusters, int[] incidents)
    {
        double proposed = Lookup(clusters).Sum(c => Pairs(c.Count()));
        double right = Lookup(clusters).Sum(c => c.GroupBy(i => incidents[i]).Sum(g => Pairs(g.Count())));
        return proposed == 0 ? 0 : F1(right / proposed, right / AllPairs(incidents));
    }

    /// <summary>Pairs of items of one incident.</summary>
    public static double AllPairs(int[] incidents) => Lookup(incidents).Sum(g => Pairs(g.Count()));

    /// <summary>Highest recall at which precision is still at least <paramref name="precision"/>.</summary>
    /// <param name="ranked">Whether each proposed pair is right, best first.</param>
    /// <param name="precision">The precision asked for.</param>
    /// <param name="total">Right pairs there are.</param>
    public static double RecallAt(IReadOnlyList<bool> ranked, double precision, double total)
    {
        double recall = 0;
        int right = 0;
        for (int i = 0; i < ranked.Count; i++)
        {
            right += ranked[i] ? 1 : 0;
            recall = right >= precision * (i + 1) ? right / total : recall;
        }

        return recall;
    }

    private static ILookup<int, int> Lookup(int[] labels) =>
        Enumerable.Range(0, labels.Length).ToLookup(i => labels[i]);

    private static double Pairs(double n) => n * (n - 1) / 2;

    private static double F1(double precision, double recall) =>
        precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
}
