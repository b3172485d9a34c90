using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Exchange;

/// <summary>Counts what a conversion keeps and loses, field by field, after the table of its
/// format.</summary>
/// <param name="mapping">The table.</param>
/// <param name="export">True where ours becomes theirs.</param>
internal sealed class LossReport(Mapping mapping, bool export)
{
    private const string Rest = "(further fields)";
    private readonly Dictionary<string, long> _counts = [];
    private readonly Dictionary<string, long> _missing = [];
    private long _reports;

    /// <summary>Takes one report.</summary>
    /// <param name="fields">The fields that it has, on the side that is read; each once.</param>
    /// <param name="missing">The mandatory fields that it lacks, on the side that is written.</param>
    public void Add(IEnumerable<string> fields, IEnumerable<string> missing)
    {
        _reports++;
        foreach (string field in fields)
        {
            Count(_counts, field);
        }

        foreach (string field in missing)
        {
            Count(_missing, field);
        }
    }

    public LossView View()
    {
        LossField[] fields =
        [
            .. _counts.Select(count => Field(count.Key, count.Value))
                .GroupBy(field => (field.Field, field.Other, field.Fidelity))
                .Select(same => same.First() with { Count = same.Max(field => field.Count) })
                .OrderBy(field => Array.IndexOf(Order, field.Fidelity)).ThenBy(field => field.Field,
                    StringComparer.Ordinal),
        ];
        return new LossView(
            ApiSchema.Name, mapping.Format, export ? "export" : "import", _reports, fields,
            _missing.OrderBy(one => one.Key, StringComparer.Ordinal).ToDictionary());
    }

    private static readonly string[] Order = ["direct", "partial", "approximate", Mapping.Unmapped];

    private static void Count(Dictionary<string, long> counts, string field)
    {
        bool room = counts.ContainsKey(field) || counts.Count < Limits.Exchange.LossFields;
        string key = room ? field : Rest;
        counts[key] = counts.GetValueOrDefault(key) + 1;
    }

    private LossField Field(string name, long count)
    {
        MappedField? row = export ? mapping.OfOurs(name) : mapping.OfTheirs(name);
        string fidelity = (export ? row?.Export : row?.Import) ?? Mapping.Unmapped;
        string? other = fidelity == Mapping.Unmapped ? null : export ? row?.Theirs : row?.Ours;
        return new LossField(name, other, fidelity, row?.Note, count);
    }
}
