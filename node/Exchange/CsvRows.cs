using System.Diagnostics.CodeAnalysis;
using System.Text;
using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Exchange;

/// <summary>A row of a CSV file.</summary>
/// <param name="Line">Its first line.</param>
/// <param name="Fields">Its cells; empty where <paramref name="Error"/> is set.</param>
/// <param name="Error">Why it cannot be read, or null.</param>
/// <param name="Text">The row as it stands.</param>
internal readonly record struct CsvRow(long Line, IReadOnlyList<string> Fields, string? Error, string Text);

/// <summary>Rows of RFC 4180, read as a stream: cells in quotes may hold commas, doubled quotes and line
/// ends. A quote that is never closed spoils its first line only; reading goes on with the next.
/// <code>
/// row  = cell { "," cell } eol        cell = { any but "," quote eol } | quote { any but quote | quote
/// quote } quote
/// </code></summary>
internal static class CsvRows
{
    public static IEnumerable<CsvRow> Read(IEnumerable<TextLine> lines, char separator = ',')
    {
        using IEnumerator<TextLine> source = lines.GetEnumerator();
        var waiting = new Queue<TextLine>();
        while (TryNext(source, waiting, out TextLine first))
        {
            if (first.Error is not null || first.Text.Length > 0)
            {
                yield return ReadRow(source, ref waiting, first, separator);
            }
        }
    }

    private static bool TryNext(IEnumerator<TextLine> source, Queue<TextLine> waiting, out TextLine line)
    {
        if (waiting.TryDequeue(out line))
        {
            return true;
        }

        bool more = source.MoveNext();
        line = more ? source.Current : default;
        return more;
    }

    private static CsvRow ReadRow(
        IEnumerator<TextLine> source, ref Queue<TextLine> waiting, TextLine first, char separator)
    {
        if (first.Error is not null)
        {
            return new CsvRow(first.Number, [], first.Error, first.Text);
        }

        var text = new StringBuilder(first.Text);
        var more = new List<TextLine>();
        while (true)
        {
            string row = text.ToString();
            if (TrySplit(row, separator, out List<string>? fields, out string? error))
            {
                return new CsvRow(first.Number, fields, null, row);
            }

            bool open = error is null;
            if (open && more.Count < Limits.Exchange.RowLines && text.Length < Limits.Exchange.LineBytes
                && TryNext(source, waiting, out TextLine next))
            {
                more.Add(next);
                text.Append('\n').Append(next.Text);
                open = next.Error is null;
                if (open)
                {
                    continue;
                }
            }

            waiting = new Queue<TextLine>(more.Concat(waiting));
            return new CsvRow(first.Number, [], error ?? "a quote is not closed", first.Text);
        }
    }

    /// <summary>False with no error where a quote is still open.</summary>
    private static bool TrySplit(string row, char separator, out List<string> fields, out string? error)
    {
        fields = [];
        error = null;
        int at = 0;
        while (true)
        {
            if (at < row.Length && row[at] == '"')
            {
                if (!TryQuoted(row, ref at, out string? cell))
                {
                    return false;
                }

                fields.Add(cell);
            }
            else
            {
                int comma = row.IndexOf(separator, at);
                int end = comma < 0 ? row.Length : comma;
                fields.Add(row[at..end]);
                at = end;
            }

            if (at == row.Length)
            {
                return true;
            }

            if (row[at] != separator)
            {
                error = $"text after the closing quote of cell {fields.Count}";
                return false;
            }

            at++;
        }
    }

    private static bool TryQuoted(string row, ref int at, [NotNullWhen(true)] out string? cell)
    {
        var content = new StringBuilder();
        int start = at + 1;
        while (true)
        {
            int quote = row.IndexOf('"', start);
            if (quote < 0)
            {
                cell = null;
                return false;
            }

            content.Append(row, start, quote - start);
            bool doubled = quote + 1 < row.Length && row[quote + 1] == '"';
            if (!doubled)
            {
                at = quote + 1;
                cell = content.ToString();
                return true;
            }

            content.Append('"');
            start = quote + 2;
        }
    }
}
