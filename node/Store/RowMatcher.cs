using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Store;

/// <summary>A <see cref="RowFilter"/> made ready for one state of the columns: a table of the chosen
/// numbers for each column asked for, so that a row costs a look-up a column.</summary>
internal readonly struct RowMatcher
{
    // The arrays themselves, so that a row costs no way over their owner.
    private readonly int[] _flags, _author;
    private readonly long[] _created;
    private readonly ushort[] _type, _severity, _language, _countrySet;
    private readonly bool[]? _types, _severities, _countrySets, _languages, _authors;
    private readonly long _since, _before;
    private readonly int _with, _without;

    public RowMatcher(ColumnArrays arrays, RowFilter filter)
    {
        (_flags, _author, _created) = (arrays.Flags, arrays.Author, arrays.Created);
        (_type, _severity, _language) = (arrays.Type, arrays.Severity, arrays.Language);
        _countrySet = arrays.CountrySet;
        _types = Choose(arrays.Types, filter.Types);
        _severities = Choose(arrays.Severities, filter.Severities);
        _languages = Choose(arrays.Languages, filter.Languages);
        (_since, _before) = (filter.Since, filter.Before);
        (_with, _without) = ((int)filter.With, (int)(filter.Without | RowFlags.Dropped));
        if (filter.Countries is { } countries)
        {
            _countrySets = arrays.CountrySets.Select(
                set => set.Split(',').Any(c => countries.Contains(c, StringComparer.OrdinalIgnoreCase)));
        }
        if (filter.Authors is { } authors)
        {
            _authors = new bool[arrays.Authors.Count];
            foreach (Digest author in authors)
            {
                if (arrays.Authors.Find(author) is >= 0 and int number) { _authors[number] = true; }
            }
        }
    }

    /// <summary>Whether no row can match, because a value asked for does not occur at all.</summary>
    public bool MatchesNothing => NoneOf(_types) || NoneOf(_severities) || NoneOf(_languages)
        || NoneOf(_countrySets) || NoneOf(_authors);

    public long Since => _since;

    public long Before => _before;

    public bool Matches(int row)
    {
        int flags = _flags[row];
        if ((flags & _with) != _with || (flags & _without) != 0) { return false; }
        if (_severities is not null && !_severities[_severity[row]]) { return false; }
        if (_countrySets is not null && !_countrySets[_countrySet[row]]) { return false; }
        if (_languages is not null && !_languages[_language[row]]) { return false; }
        if (_types is not null && !_types[_type[row]]) { return false; }
        if (_authors is not null && !_authors[_author[row]]) { return false; }
        long created = _created[row];
        return created >= _since && created < _before;
    }

    private static bool NoneOf(bool[]? chosen) => chosen is not null && !chosen.AsSpan().Contains(true);

    private static bool[]? Choose(ValueTable table, IReadOnlyCollection<string>? values) => values is null
        ? null
        : table.Select(v => values.Contains(v, StringComparer.OrdinalIgnoreCase));
}
