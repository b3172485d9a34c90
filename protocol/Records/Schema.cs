using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>A field of a body.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Rule">What it may hold.</param>
/// <param name="Help">What it means, in one line.</param>
/// <param name="Required">True where a body cannot do without it.</param>
/// <param name="Oecd">Number of the criterion in the OECD common reporting framework; 0 where there is
/// none.</param>
public sealed record Field(string Name, FieldRule Rule, string Help, bool Required = false, int Oecd = 0);

/// <summary>The fields of a kind of body, or of a map in one. Keys that it does not name are allowed and
/// kept.</summary>
public sealed class Schema
{
    /// <summary>OECD's mandatory criteria; the fourth, who submits, is answered by the author's
    /// identity.</summary>
    private static readonly int[] MandatoryCriteria = [1, 2, 3, 7, 10, 11];

    private readonly Dictionary<string, Field> _byName;
    private readonly Action<IpldMap, string, List<FieldProblem>>? _more;

    internal Schema(IReadOnlyList<Field> fields, Action<IpldMap, string, List<FieldProblem>>? more = null)
    {
        Fields = fields;
        _byName = fields.ToDictionary(f => f.Name, StringComparer.Ordinal);
        _more = more;
    }

    /// <summary>The fields in the order in which people are asked for them.</summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <summary>The schema of a type of record; null for one that this version does not understand.</summary>
    public static Schema? Of(string type) => Schemas.ByType.GetValueOrDefault(type);

    /// <summary>The field of that name, or null.</summary>
    public Field? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Every rule that a body breaks; empty when it is fit to be signed.</summary>
    public IReadOnlyList<FieldProblem> Check(IpldMap body)
    {
        ArgumentNullException.ThrowIfNull(body);
        List<FieldProblem> problems = [];
        Check(body, "", problems);
        return problems;
    }

    /// <summary>Names of fields of OECD's mandatory criteria that a report leaves out.</summary>
    public IReadOnlyList<string> MissingMandatory(IpldMap body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return [.. Fields
            .Where(f => MandatoryCriteria.Contains(f.Oecd) && !body.TryGet(f.Name, out _))
            .Select(f => f.Name)];
    }

    internal void Check(IpldMap map, string path, List<FieldProblem> problems)
    {
        foreach (KeyValuePair<string, IpldNode> entry in map.Entries)
        {
            if (_byName.TryGetValue(entry.Key, out Field? field))
            {
                field.Rule.Check(entry.Value, Join(path, entry.Key), problems);
            }
        }

        foreach (Field field in Fields)
        {
            if (field.Required && !map.TryGet(field.Name, out _))
            {
                problems.Add(new(Join(path, field.Name), "is missing"));
            }
        }

        _more?.Invoke(map, path, problems);
    }

    internal static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
