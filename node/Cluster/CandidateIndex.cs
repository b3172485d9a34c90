using IncidentMesh.Node.Embed;

namespace IncidentMesh.Node.Cluster;

/// <summary>Finds the reports that are worth comparing with one: those near it in meaning, and those that
/// share rare words with it. Whether two reports are compared depends on them alone, so that it does not
/// matter in which order they came.</summary>
internal sealed class CandidateIndex
{
    /// <summary>Lowest cosine, length taken off, at which a pair is compared.</summary>
    public const float CosineFloor = 0.25f;

    /// <summary>Approximate scores are off by less than this.</summary>
    private const float ScanMargin = 0.02f;

    /// <summary>Words below this weight are too frequent to look up.</summary>
    private const float LookedUp = 5.0f;

    /// <summary>Summed weight of shared looked-up words from which a pair is compared: two rare
    /// words.</summary>
    private const float WordsFloor = 15f;

    private readonly QuantizedRows _rows = new();
    private readonly Dictionary<string, List<int>> _postings = new(StringComparer.Ordinal);
    private readonly List<float> _bonuses = [];

    /// <summary>Adds the report of a slot, or replaces what the slot held.</summary>
    public void Set(int slot, ItemProfile profile)
    {
        while (_rows.Count <= slot)
        {
            _rows.Add(default);
            _bonuses.Add(0);
        }

        _bonuses[slot] = PairJudge.LengthBonus(profile, profile);

        Span<float> vector = stackalloc float[Vectors.Dimensions];
        if (profile.HasVector)
        {
            profile.CopyVectorTo(vector);
            _rows.Set(slot, vector);
        }

        foreach (string word in Words(profile))
        {
            if (!_postings.TryGetValue(word, out List<int>? slots))
            {
                _postings[word] = slots = [];
            }

            slots.Add(slot);
        }
    }

    /// <summary>Takes a report out.</summary>
    public void Clear(int slot, ItemProfile profile)
    {
        _rows.Set(slot, default);
        foreach (string word in Words(profile))
        {
            List<int> slots = _postings[word];
            slots.Remove(slot);
            if (slots.Count == 0)
            {
                _postings.Remove(word);
            }
        }
    }

    /// <summary>The slots that a report is compared with, its own included if it is in the index. The exact
    /// <see cref="CosineFloor"/> is the caller's to apply (<see cref="IsNear"/>).</summary>
    /// <param name="profile">The report.</param>
    /// <param name="room">Used by one search at a time.</param>
    public HashSet<int> Find(ItemProfile profile, Room room)
    {
        room.Grow(_rows.Count);
        var found = new HashSet<int>();
        if (profile.HasVector)
        {
            AddNear(profile, room.Scores, found);
        }

        AddSharers(profile, room.Sums, found);
        return found;
    }

    private void AddNear(ItemProfile profile, float[] scores, HashSet<int> found)
    {
        Span<float> vector = stackalloc float[Vectors.Dimensions];
        profile.CopyVectorTo(vector);
        _rows.Score(vector, scores);

        // What two long texts have is what the shorter one has.
        float bonus = PairJudge.LengthBonus(profile, profile);
        for (int slot = 0; slot < _rows.Count; slot++)
        {
            if (scores[slot] - Math.Min(bonus, _bonuses[slot]) >= CosineFloor - ScanMargin)
            {
                found.Add(slot);
            }
        }
    }

    private void AddSharers(ItemProfile profile, float[] sums, HashSet<int> found)
    {
        List<int> summed = [];
        for (int i = 0; i < profile.Title.Words.Length; i++)
        {
            float weight = profile.Title.Weights[i];
            List<int> slots = weight >= LookedUp
                ? _postings.GetValueOrDefault(profile.Title.Words[i], []) : [];
            foreach (int slot in slots)
            {
                if (sums[slot] == 0)
                {
                    summed.Add(slot);
                }

                sums[slot] += weight;
                if (sums[slot] >= WordsFloor)
                {
                    found.Add(slot);
                }
            }
        }

        summed.ForEach(slot => sums[slot] = 0);
    }

    /// <summary>Whether a pair is compared for its cosine or its rare words.</summary>
    public static bool IsNear(ItemProfile a, ItemProfile b, float cosine) =>
        cosine - PairJudge.LengthBonus(a, b) >= CosineFloor || SharedWeight(a, b) >= WordsFloor;

    private static float SharedWeight(ItemProfile a, ItemProfile b)
    {
        float sum = 0;
        for (int i = 0; i < a.Title.Words.Length; i++)
        {
            float weight = a.Title.Weights[i];
            sum += weight >= LookedUp && b.Title.Has(a.Title.Words[i]) ? weight : 0;
        }

        return sum;
    }

    private static IEnumerable<string> Words(ItemProfile profile) =>
        profile.Title.Words.Where((_, i) => profile.Title.Weights[i] >= LookedUp);

    /// <summary>Numbers for each slot that a search fills.</summary>
    public sealed class Room
    {
        /// <summary>Approximate cosines.</summary>
        public float[] Scores { get; private set; } = [];

        /// <summary>Summed weights of shared words; all 0 between searches.</summary>
        public float[] Sums { get; private set; } = [];

        /// <summary>Makes room for so many slots.</summary>
        public void Grow(int slots)
        {
            if (Scores.Length < slots)
            {
                (Scores, Sums) = (new float[slots * 2], new float[slots * 2]);
            }
        }
    }
}
