using System.Globalization;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Search;

/// <summary>The rows that a clause over the columns selects.</summary>
internal sealed class FieldColumns(ReportTable table, ISearchNames names, Instant now)
{
    /// <summary>The values of a clause that has no range and is not <c>*</c>.</summary>
    public static IReadOnlyList<string> Values(QueryValue value) => value switch
    {
        QueryText one => [one.Text],
        QueryAnyOf many => many.Values,
        _ => [],
    };

    public RowSet Select(QueryClause clause) => clause.Field.Name switch
    {
        "type" => Code(clause, table.Types, row => table.Facts[row].Type),
        "author" => Author(clause),
        "standing" => ByAuthor(clause, author => names.Standing(author)),
        "role" => ByAuthor(clause, names.Role),
        "country" => Codes(clause, table.Countries, row => table.Facts[row].Countries),
        "severity" => Severity(clause),
        "harm" => Codes(clause, table.Harms, row => table.Facts[row].Harms),
        "ai-role" => Code(clause, table.AiRoles, row => table.Facts[row].AiRole),
        "lang" => Code(clause, table.Languages, row => table.Facts[row].Language, LanguageMatches),
        "stage" => Code(clause, table.Stages, row => table.Facts[row].Stage),
        "tlp" => Code(clause, table.Tlps, row => table.Facts[row].Tlp),
        "sector" => Codes(clause, table.Sectors, row => table.Facts[row].Sectors),
        "since" or "until" or "occurred" or "received" or "due" => Time(clause),
        "state" => State(clause),
        "has" => Where(clause, Has),
        "is" => Where(clause, Is),
        "basis" => Where(clause, Basis),
        "sources" => Sources(clause),
        _ => new RowSet(table.Count),
    };

    private static bool LanguageMatches(string language, string wanted) =>
        language.Equals(wanted, StringComparison.OrdinalIgnoreCase)
        || (language.Length > wanted.Length && language[wanted.Length] == '-'
            && language.StartsWith(wanted, StringComparison.OrdinalIgnoreCase));

    private static bool WordMatches(string word, string wanted) =>
        word.Equals(wanted, StringComparison.OrdinalIgnoreCase)
        || word.Replace(' ', '-').Equals(wanted.Replace(' ', '-'), StringComparison.OrdinalIgnoreCase);

    private RowSet Rows(Func<int, bool> holds) =>
        RowSet.Where(table.Count, row => table.Facts[row].Alive && holds(row));

    private RowSet Code(
        QueryClause clause, Interner column, Func<int, int> code, Func<string, string, bool>? matches = null)
    {
        bool[] chosen = Chosen(clause, column, matches ?? WordMatches);
        return Rows(row => chosen[code(row)]);
    }

    private RowSet Codes(QueryClause clause, Interner column, Func<int, int[]> codes)
    {
        bool[] chosen = Chosen(clause, column, WordMatches);
        return Rows(row =>
        {
            foreach (int code in codes(row))
            {
                if (chosen[code])
                {
                    return true;
                }
            }

            return false;
        });
    }

    private static bool[] Chosen(QueryClause clause, Interner column, Func<string, string, bool> matches)
    {
        IReadOnlyList<string> wanted = Values(clause.Value);
        return column.Select(word => clause.Value is QueryPresent || wanted.Any(one => matches(word, one)));
    }

    private RowSet Author(QueryClause clause)
    {
        if (clause.Value is QueryPresent)
        {
            return Rows(_ => true);
        }

        var chosen = new bool[table.Authors.Count];
        foreach (int code in Values(clause.Value).SelectMany(names.Authors).Select(table.AuthorCode)
            .Where(code => code >= 0))
        {
            chosen[code] = true;
        }

        return Rows(row => chosen[table.Facts[row].Author]);
    }

    private RowSet ByAuthor(QueryClause clause, Func<Protocol.Wire.Digest, string?> of)
    {
        IReadOnlyList<string> wanted = Values(clause.Value);
        bool[] chosen = [.. table.Authors.Select(of).Select(
            word => word is not null
                && (clause.Value is QueryPresent
                || wanted.Contains(word, StringComparer.OrdinalIgnoreCase)))];
        return Rows(row => chosen[table.Facts[row].Author]);
    }

    private RowSet Severity(QueryClause clause)
    {
        IReadOnlyList<string> wanted = Values(clause.Value);
        bool[] chosen = table.Severities.Select(severity => clause.Value is QueryPresent
            || wanted.Any(one => QuerySeverity.Matches(severity, clause.Operator, one)));
        return Rows(row => chosen[table.Facts[row].Severity]);
    }

    private RowSet Time(QueryClause clause)
    {
        string field = clause.Field.Name;
        if (clause.Value is QueryPresent)
        {
            return Rows(row =>
                field == "received" || (field == "due" ? table.Facts[row].Due : table.Facts[row].OccurredFrom)
                != long.MinValue);
        }

        IReadOnlyList<(QueryOperator Operator, QueryPeriod Period)[]> any = Periods(clause);
        return Rows(row =>
        {
            ref ReportTable.Row facts = ref table.Facts[row];
            (long from, long to) = field switch
            {
                "occurred" => (facts.OccurredFrom, facts.OccurredTo),
                "received" => (facts.Received, facts.Received + 1),
                "due" => (facts.Due, facts.Due + 1),
                _ => (facts.Created, facts.Created + 1),
            };
            return from != long.MinValue
                && any.Any(all => all.All(one => Matches(one.Operator, one.Period, from, to)));
        });
    }

    /// <summary>The comparisons of a time clause: any of the lists, all of a list.</summary>
    private List<(QueryOperator Operator, QueryPeriod Period)[]> Periods(QueryClause clause)
    {
        bool forwards = clause.Field.Name == "due";
        if (clause.Value is QueryRange range)
        {
            var both = new List<(QueryOperator, QueryPeriod)>();
            if (range.From is not null
                && QueryTime.TryResolve(range.From, now, forwards, out QueryPeriod from))
            {
                both.Add((QueryOperator.AtLeast, from));
            }

            if (range.To is not null && QueryTime.TryResolve(range.To, now, forwards, out QueryPeriod to))
            {
                both.Add((QueryOperator.AtMost, to));
            }

            return [[.. both]];
        }

        QueryOperator comparison = clause.Field.Name switch
        {
            "since" => QueryOperator.AtLeast,
            "until" => QueryOperator.AtMost,
            _ => clause.Operator,
        };
        var any = new List<(QueryOperator, QueryPeriod)[]>();
        foreach (string value in Values(clause.Value))
        {
            if (QueryTime.TryResolve(value, now, forwards, out QueryPeriod period))
            {
                any.Add([(comparison, period)]);
            }
        }

        return any;
    }

    /// <summary>An event that lasts satisfies a comparison when one of its moments does.</summary>
    private static bool Matches(QueryOperator comparison, QueryPeriod period, long from, long to) =>
        comparison switch
    {
        QueryOperator.Is => from < period.To.Milliseconds && to > period.From.Milliseconds,
        QueryOperator.AtLeast => to > period.From.Milliseconds,
        QueryOperator.AtMost => from < period.To.Milliseconds,
        QueryOperator.Above => to > period.To.Milliseconds,
        _ => from < period.From.Milliseconds,
    };

    private RowSet State(QueryClause clause)
    {
        IReadOnlyList<string> wanted = Values(clause.Value);
        bool[] chosen = [.. Enum.GetValues<ReportState>().Select(
            state => clause.Value is QueryPresent || wanted.Contains(state.ToString().ToLowerInvariant()))];
        return Rows(row => chosen[(int)table.States[row].State]);
    }

    private RowSet Where(QueryClause clause, Func<int, string, bool> holds)
    {
        IReadOnlyList<string> wanted =
            clause.Value is QueryPresent ? clause.Field.Values : Values(clause.Value);
        return Rows(row => wanted.Any(one => holds(row, one)));
    }

    private bool Has(int row, string what) => what switch
    {
        "evidence" => table.Facts[row].Evidence,
        "translation" => Marked(row, ReportMarks.Translation),
        _ => Marked(row, ReportMarks.Gap),
    };

    private bool Is(int row, string what) => what switch
    {
        "unread" => !Marked(row, ReportMarks.Read),
        "mine" => Marked(row, ReportMarks.Mine),
        "bookmarked" => Marked(row, ReportMarks.Bookmarked),
        _ => Marked(row, ReportMarks.Disputed),
    };

    private bool Basis(int row, string what) => Marked(row, what switch
    {
        "first-hand" => ReportMarks.FirstHand,
        "document" => ReportMarks.Document,
        _ => ReportMarks.Replication,
    });

    private bool Marked(int row, ReportMarks mark) => (table.States[row].Marks & mark) != 0;

    private RowSet Sources(QueryClause clause)
    {
        if (clause.Value is QueryRange range)
        {
            int from = range.From is null ? 0 : Number(range.From);
            int to = range.To is null ? int.MaxValue : Number(range.To);
            return Rows(row => table.States[row].Sources >= from && table.States[row].Sources <= to);
        }

        int[] wanted = [.. Values(clause.Value).Select(Number)];
        return Rows(row => clause.Value is QueryPresent
            || wanted.Any(number => Compare(clause.Operator, table.States[row].Sources, number)));
    }

    private static bool Compare(QueryOperator comparison, int value, int number) => comparison switch
    {
        QueryOperator.Is => value == number,
        QueryOperator.AtLeast => value >= number,
        QueryOperator.AtMost => value <= number,
        QueryOperator.Above => value > number,
        _ => value < number,
    };

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
