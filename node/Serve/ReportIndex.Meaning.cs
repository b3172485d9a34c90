using IncidentMesh.Node.Embed;
using IncidentMesh.Node.Search;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

/// <content>Answers the search from the vectors.</content>
internal sealed partial class ReportIndex
{
    /// <summary>What the search asks of the vectors.</summary>
    private sealed class Meaning(ReportIndex index) : IMeaning
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

        public IReadOnlyList<MeaningHit>? NearestTo(string text, int limit)
        {
            if (index.Queue.Embedder is null || index._vectors is null)
            {
                return null;
            }

            // The search runs on threads that may wait: the model answers a query before its backlog.
            Task<EmbeddedText?> asked = index.Queue.EmbedNowAsync(text);
            return asked.Wait(Patience) && asked.Result is { } vector
                ? Nearest(vector.Graph, vector.Vector, limit) : null;
        }

        public IReadOnlyList<MeaningHit>? NearestTo(Digest record, int limit)
        {
            VectorIndex? vectors = index._vectors;
            return vectors?.Get(record) is { } vector
                ? [.. Nearest(vectors.Graph, vector, limit + 1).Where(h => h.Id != record).Take(limit)]
                    : null;
        }

        private IReadOnlyList<MeaningHit> Nearest(Digest graph, float[] vector, int limit) =>
            [.. index._vectors!.Nearest(graph, vector, limit).Select(n => new MeaningHit(n.Id, n.Cosine))];
    }
}
