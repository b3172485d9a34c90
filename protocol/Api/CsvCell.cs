namespace IncidentMesh.Protocol.Api;

/// <summary>A cell of a table of comma-separated values: RFC 4180, section 2, with texts of others kept from
/// running as formulas where the table is opened (OWASP, CSV injection). <c>specs/exchange.md</c>,
/// "CSV".</summary>
public static class CsvCell
{
    // The apostrophe is among them, so that taking the guard off is exact.
    private const string Guarded = "=+-@\t\r'";

    /// <summary>A text as a cell: with an apostrophe before what a spreadsheet takes for a formula, quoted
    /// where it needs quotes.</summary>
    public static string Write(string text)
    {
        string safe = text.Length > 0 && Guarded.Contains(text[0], StringComparison.Ordinal)
            ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe
            : "\"" + safe.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }

    /// <summary>The text of a cell, already without its quotes, that <see cref="Write"/> made.</summary>
    public static string Unguard(string cell) =>
        cell.Length > 1 && cell[0] == '\'' && Guarded.Contains(cell[1], StringComparison.Ordinal)
            ? cell[1..] : cell;
}
