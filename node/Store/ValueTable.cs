using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Store;

/// <summary>Numbers for the values of a column, from 1; 0 stands for none. Values that differ in case only
/// are one. Past the limit every new value counts as <see cref="Other"/>, so that peers cannot grow it
/// without end.</summary>
internal sealed class ValueTable
{
    /// <summary>What stands for the values that found no room.</summary>
    public const string Other = "other";

    private readonly Dictionary<string, ushort> _codes = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _values = [""];

    /// <summary>One more than the highest number.</summary>
    public int Count => _values.Count;

    public string? ValueOf(ushort code) => code == 0 ? null : _values[code];

    public ushort CodeOf(string? value)
    {
        if (string.IsNullOrEmpty(value)) { return 0; }
        if (value.Length > Limits.Store.ValueChars) { value = value[..Limits.Store.ValueChars]; }
        if (_codes.TryGetValue(value, out ushort code)) { return code; }
        if (_values.Count >= Limits.Store.DistinctValues) { return CodeOfOther(); }
        code = (ushort)_values.Count;
        _codes.Add(value, code);
        _values.Add(value);
        return code;
    }

    /// <summary>Which numbers stand for one of the values, as a table over all numbers.</summary>
    public bool[] Select(Func<string, bool> wanted)
    {
        var chosen = new bool[_values.Count];
        for (int code = 1; code < chosen.Length; code++) { chosen[code] = wanted(_values[code]); }
        return chosen;
    }

    public void Write(BinaryWriter to)
    {
        to.Write(_values.Count);
        foreach (string value in _values) { to.Write(value); }
    }

    public void Read(BinaryReader from)
    {
        int count = from.ReadInt32();
        if (count is < 1 or > Limits.Store.DistinctValues + 1) { throw Bad(); }
        for (int i = 0; i < count; i++)
        {
            string value = from.ReadString();
            if (i > 0 && (value.Length == 0 || CodeOf(value) != i)) { throw Bad(); }
        }
    }

    private static InvalidDataException Bad() => new("value table");

    // The last number is kept for it, so that it fits when the table is full.
    private ushort CodeOfOther()
    {
        if (_codes.TryGetValue(Other, out ushort code)) { return code; }
        code = (ushort)_values.Count;
        _codes.Add(Other, code);
        _values.Add(Other);
        return code;
    }
}
