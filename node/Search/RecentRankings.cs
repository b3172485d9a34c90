namespace IncidentMesh.Node.Search;

/// <summary>The rankings of the queries that were asked last and have more pages. A record that arrives
/// changes what words weigh; with the ranking of its first page, a next page neither repeats nor leaves out a
/// record. A ranking that has fallen out is made anew.</summary>
internal sealed class RecentRankings
{
    /// <summary>Up to 2 MB each where all of 100,000 records are found.</summary>
    private const int Most = 16;

    private readonly Lock gate = new();
    private readonly LinkedList<((ulong Question, long Received) Key, Ranking Ranking)> recent = [];

    public Ranking? Find(ulong question, long received)
    {
        lock (gate)
        {
            foreach (((ulong, long) key, Ranking ranking) in recent)
            {
                if (key == (question, received))
                {
                    return ranking;
                }
            }

            return null;
        }
    }

    public void Keep(ulong question, long received, Ranking ranking)
    {
        lock (gate)
        {
            for (LinkedListNode<((ulong, long) Key, Ranking)>? node = recent.First; node is not null; node =
                node.Next)
            {
                if (node.Value.Key == (question, received))
                {
                    recent.Remove(node);
                    break;
                }
            }

            recent.AddFirst(((question, received), ranking));
            if (recent.Count > Most)
            {
                recent.RemoveLast();
            }
        }
    }
}
