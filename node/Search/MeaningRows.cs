using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Search;

/// <summary>Nearness in meaning as rows: asked once for each text of a query, cut off below a
/// floor.</summary>
internal sealed class MeaningRows(
    ReportTable table, IMeaning? source, IReadOnlyDictionary<string, IReadOnlyList<MeaningHit>?> asked)
{
    /// <summary>Neighbours looked at: more are never of one event, and each costs an exact product.</summary>
    public const int Neighbours = 200;

    /// <summary>A question of a few words and a report that answers it, in any language: see
    /// <c>specs/search.md</c>, "Meaning".</summary>
    public const float TextFloor = 0.25f;

    /// <summary>Two reports: their texts are longer, so that their cosines lie higher.</summary>
    public const float RecordFloor = 0.35f;

    private readonly Dictionary<string, RowSet?> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<int, float> cosines = [];

    /// <summary>Whether a source was asked and answered.</summary>
    public bool Answered { get; private set; }

    /// <summary>Whether a source was asked and could not answer.</summary>
    public bool Missing { get; private set; }

    /// <summary>Rows near to a text; null while there is no model.</summary>
    public RowSet? NearText(string text)
    {
        if (!texts.TryGetValue(text, out RowSet? rows))
        {
            rows = Rows(
                asked.TryGetValue(text, out IReadOnlyList<MeaningHit>? hits)
                    ? hits : source?.NearestTo(text, Neighbours),
                TextFloor);
            texts.Add(text, rows);
        }

        return rows?.Copy();
    }

    /// <summary>Rows near to a record; null while it has no vector.</summary>
    public RowSet? NearRecord(Digest record) => Rows(source?.NearestTo(record, Neighbours), RecordFloor);

    /// <summary>The best cosine that any of the questions gave to a row; only of rows that are
    /// near.</summary>
    public IReadOnlyDictionary<int, float> Cosines => cosines;

    private RowSet? Rows(IReadOnlyList<MeaningHit>? hits, float floor)
    {
        Answered |= hits is not null;
        Missing |= hits is null;
        if (hits is null)
        {
            return null;
        }

        var rows = new RowSet(table.Count);
        foreach (MeaningHit hit in hits)
        {
            if (hit.Cosine >= floor && table.TryRow(hit.Id, out int row))
            {
                rows.Add(row);
                cosines[row] = Math.Max(hit.Cosine, cosines.GetValueOrDefault(row, -1));
            }
        }

        return rows;
    }
}
