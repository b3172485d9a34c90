using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Store;

/// <summary>The arrays behind <see cref="Columns"/>, one value a row in each: about 130 bytes a row with one
/// <c>prev</c>. Not guarded: <see cref="Columns"/> holds the lock.</summary>
internal sealed class ColumnArrays
{
    private const int FirstRows = 256;

    // With commas between, so many codes fit a value of a table.
    private const int CountriesKept = 20;

    public DigestIndex Ids { get; } = new();

    public DigestIndex Authors { get; } = new();

    /// <summary>Device keys; 32 bytes like a digest.</summary>
    public DigestIndex Keys { get; } = new();

    public ValueTable Types { get; } = new();

    public ValueTable Severities { get; } = new();

    public ValueTable Verdicts { get; } = new();

    public ValueTable Languages { get; } = new();

    /// <summary>Sets of countries, each as its sorted codes with commas between.</summary>
    public ValueTable CountrySets { get; } = new();

    public ValueTable Relations { get; } = new();

    public long[] Created = new long[FirstRows];
    public long[] Received = new long[FirstRows];
    public long[] Position = new long[FirstRows];
    public ulong[] ContentHash = new ulong[FirstRows];
    public int[] Author = new int[FirstRows];
    public int[] Key = new int[FirstRows];
    public int[] Seq = new int[FirstRows];
    public int[] Flags = new int[FirstRows];
    public ushort[] Type = new ushort[FirstRows];
    public ushort[] Severity = new ushort[FirstRows];
    public ushort[] Verdict = new ushort[FirstRows];
    public ushort[] Language = new ushort[FirstRows];
    public ushort[] CountrySet = new ushort[FirstRows];

    /// <summary>First link of a row in <see cref="LinkTo"/>; the links of row n end where those of n + 1
    /// start.</summary>
    public int[] LinkStart = new int[FirstRows + 1];

    public Digest[] LinkTo = new Digest[FirstRows];
    public ushort[] LinkHow = new ushort[FirstRows];

    /// <summary>Rows; equal to the number of ids.</summary>
    public int Count => Ids.Count;

    public int Links => LinkStart[Count];

    /// <summary>Adds a row with the next number; its flags are set by the caller.</summary>
    public int Append(in RowFields fields)
    {
        int row = Ids.Add(fields.Id);
        if (row + 1 >= Created.Length) { Resize(Created.Length * 2); }
        Span<byte> key = stackalloc byte[Digest.ByteLength];
        fields.Key.CopyTo(key);
        Created[row] = fields.Created;
        Received[row] = fields.Received.Milliseconds;
        Position[row] = fields.Position.Value;
        ContentHash[row] = fields.ContentHash;
        Author[row] = Authors.Add(fields.Author);
        Key[row] = Keys.Add(new Digest(key));
        Seq[row] = (int)Math.Min(fields.Seq, int.MaxValue);
        Type[row] = Types.CodeOf(fields.Type);
        Severity[row] = Severities.CodeOf(fields.Severity);
        Verdict[row] = Verdicts.CodeOf(fields.Verdict);
        Language[row] = Languages.CodeOf(fields.Language);
        CountrySet[row] = CountrySets.CodeOf(SetOf(fields.Countries));
        AppendLinks(row, fields.Links ?? []);
        return row;
    }

    public string[] CountriesOf(int row) =>
        CountrySets.ValueOf(CountrySet[row]) is { } set ? set.Split(',') : [];

    /// <summary>Makes room for a number of rows and links at once.</summary>
    public void Reserve(int rows, int links)
    {
        Ids.Reserve(rows);
        if (rows + 1 >= Created.Length) { Resize(rows + 2); }
        if (links > LinkTo.Length) { ResizeLinks(links); }
    }

    private void AppendLinks(int row, IReadOnlyList<RowLink> links)
    {
        int at = LinkStart[row];
        if (at + links.Count > LinkTo.Length) { ResizeLinks(Math.Max(LinkTo.Length * 2, at + links.Count)); }
        foreach (RowLink link in links)
        {
            (LinkTo[at], LinkHow[at]) = (link.To, Relations.CodeOf(link.How));
            at++;
        }
        LinkStart[row + 1] = at;
    }

    private void Resize(int rows)
    {
        Array.Resize(ref Created, rows);
        Array.Resize(ref Received, rows);
        Array.Resize(ref Position, rows);
        Array.Resize(ref ContentHash, rows);
        Array.Resize(ref Author, rows);
        Array.Resize(ref Key, rows);
        Array.Resize(ref Seq, rows);
        Array.Resize(ref Flags, rows);
        Array.Resize(ref Type, rows);
        Array.Resize(ref Severity, rows);
        Array.Resize(ref Verdict, rows);
        Array.Resize(ref Language, rows);
        Array.Resize(ref CountrySet, rows);
        Array.Resize(ref LinkStart, rows + 1);
    }

    private void ResizeLinks(int links)
    {
        Array.Resize(ref LinkTo, links);
        Array.Resize(ref LinkHow, links);
    }

    private static string? SetOf(IReadOnlyList<string>? countries)
    {
        if (countries is null || countries.Count == 0) { return null; }
        IEnumerable<string> codes = countries.Select(c => c.ToUpperInvariant())
            .Where(c => c.Length == 2 && c.All(char.IsAsciiLetter));
        return string.Join(',', codes.Distinct().Order(StringComparer.Ordinal).Take(CountriesKept));
    }
}
