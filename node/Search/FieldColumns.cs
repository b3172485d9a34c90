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
        "type" => Code(clause, table.Types, table.Facts.Type),
        "author" => Author(clause),
        "standing" => ByAuthor(clause, author => names.Standing(author)),
        "role" => ByAuthor(clause, names.Role),
        "country" => Codes(clause, table.Countries, table.Facts.Countries),
        "severity" => Severity(clause),
        "harm" => Codes(clause, table.Harms, table.Facts.Harms),
        "ai-role" => Code(clause, table.AiRoles, table.Facts.AiRole),
        "lang" => Code(clause, table.Languages, table.Facts.Language, LanguageMatches),
        "stage" => Code(clause, table.Stages, table.Facts.Stage),
        "tlp" => Code(clause, table.Tlps, table.Facts.Tlp),
        "sector" => Codes(clause, table.Sectors, table.Facts.Sectors),
        "since" or "until" or "occurred" or "received" or "due" => Time(clause),
        "state" => State(clause),
        "has" => Has(clause),
        "is" => Is(clause),
        "basis" => Basis(clause),
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

    /// <summary>Dead rows may be in a set: the rows that are shown leave them out.</summary>
    private RowSet Rows(Func<int, bool> holds) => RowSet.Where(table.Count, holds);

    private RowSet Coded(int[] column, bool[] chosen)
    {
        var set = new RowSet(table.Count);
        for (int row = 0; row < set.Rows; row++)
        {
            if (chosen[column[row]])
            {
                set.Add(row);
            }
        }

        return set;
    }

    private RowSet Code(
        QueryClause clause, Interner words, int[] column, Func<string, string, bool>? matches = null) =>
        Coded(column, Chosen(clause, words, matches ?? WordMatches));

    private RowSet Codes(QueryClause clause, Interner words, int[][] column)
    {
        bool[] chosen = Chosen(clause, words, WordMatches);
        var set = new RowSet(table.Count);
        for (int row = 0; row < set.Rows; row++)
        {
            foreach (int code in column[row])
            {
                if (chosen[code])
                {
                    set.Add(row);
                    break;
                }
            }
        }

        return set;
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

        return Coded(table.Facts.Author, chosen);
    }

    private RowSet ByAuthor(QueryClause clause, Func<Protocol.Wire.Digest, string?> of)
    {
        IReadOnlyList<string> wanted = Values(clause.Value);
        bool[] chosen = [.. table.Authors.Select(of).Select(
            word => word is not null
                && (clause.Value is QueryPresent
                || wanted.Contains(word, StringComparer.OrdinalIgnoreCase)))];
        return Coded(table.Facts.Author, chosen);
    }

    private RowSet Severity(QueryClause clause)
    {
        IReadOnlyList<string> wanted = Values(clause.Value);
        bool[] chosen = table.Severities.Select(severity => clause.Value is QueryPresent
            || wanted.Any(one => QuerySeverity.Matches(severity, clause.Operator, one)));
        return Coded(table.Facts.Severity, chosen);
    }

    private RowSet Time(QueryClause clause)
    {
        string field = clause.Field.Name;
        if (clause.Value is QueryPresent)
        {
            return Rows(row =>
                field == "received" || (field == "due" ? table.Facts.Due[row] : table.Facts.OccurredFrom[row])
                != long.MinValue);
        }

        FactColumns facts = table.Facts;
        (long[] starts, long[] ends) = field switch
        {
            "occurred" => (facts.OccurredFrom, facts.OccurredTo),
            "received" => (facts.Received, facts.Received),
            "due" => (facts.Due, facts.Due),
            _ => (facts.Created, facts.Created),
        };
        var set = new RowSet(table.Count);
        foreach ((long after, long before) in Periods(clause))
        {
            for (int row = 0; row < set.Rows; row++)
            {
                long from = starts[row];
                if (from < before && from != long.MinValue && Math.Max(ends[row], from + 1) > after)
                {
                    set.Add(row);
                }
            }
        }

        return set;
    }

    /// <summary>What a time clause asks for, any of them: an event that ends after the one and begins before
    /// the other, so that one that lasts satisfies a comparison when one of its moments does.</summary>
    private IEnumerable<(long After, long Before)> Periods(QueryClause clause)
    {
        bool forwards = clause.Field.Name == "due";
        if (clause.Value is QueryRange range)
        {
            (long after, long before) = (long.MinValue, long.MaxValue);
            if (range.From is not null
                && QueryTime.TryResolve(range.From, now, forwards, out QueryPeriod from))
            {
                after = Bounds(QueryOperator.AtLeast, from).After;
            }

            if (range.To is not null && QueryTime.TryResolve(range.To, now, forwards, out QueryPeriod to))
            {
                before = Bounds(QueryOperator.AtMost, to).Before;
            }

            yield return (after, before);
        }

        QueryOperator comparison = clause.Field.Name switch
        {
            "since" => QueryOperator.AtLeast,
            "until" => QueryOperator.AtMost,
            _ => clause.Operator,
        };
        foreach (string value in Values(clause.Value))
        {
            if (QueryTime.TryResolve(value, now, forwards, out QueryPeriod period))
            {
                yield return Bounds(comparison, period);
            }
        }
    }

    private static (long After, long Before) Bounds(QueryOperator comparison, QueryPeriod period)
    {
        (long from, long to) = (period.From.Milliseconds, period.To.Milliseconds);
        return comparison switch
        {
            QueryOperator.Is => (from, to),
            QueryOperator.AtLeast => (from, long.MaxValue),
            QueryOperator.AtMost => (long.MinValue, to),
            QueryOperator.Above => (to, long.MaxValue),
            _ => (long.MinValue, from),
        };
    }

    private RowSet State(QueryClause clause)
    {
        IReadOnlyList<string> wanted = Values(clause.Value);
        bool[] chosen = [.. Enum.GetValues<ReportState>().Select(
            state => clause.Value is QueryPresent || wanted.Contains(state.ToString().ToLowerInvariant()))];
        return Rows(row => chosen[(int)table.States.State[row]]);
    }

    private RowSet Has(QueryClause clause)
    {
        IReadOnlyList<string> wanted = Wanted(clause);
        bool evidence = wanted.Contains("evidence");
        ReportMarks marks = (wanted.Contains("translation") ? ReportMarks.Translation : 0)
            | (wanted.Contains("gap") ? ReportMarks.Gap : 0);
        return Rows(row => (evidence && table.Facts.Evidence[row]) || (table.States.Marks[row] & marks) != 0);
    }

    private RowSet Is(QueryClause clause)
    {
        IReadOnlyList<string> wanted = Wanted(clause);
        bool unread = wanted.Contains("unread");
        ReportMarks marks = (wanted.Contains("mine") ? ReportMarks.Mine : 0)
            | (wanted.Contains("bookmarked") ? ReportMarks.Bookmarked : 0)
            | (wanted.Contains("disputed") ? ReportMarks.Disputed : 0);
        return Rows(row => (unread && (table.States.Marks[row] & ReportMarks.Read) == 0)
            || (table.States.Marks[row] & marks) != 0);
    }

    private RowSet Basis(QueryClause clause)
    {
        IReadOnlyList<string> wanted = Wanted(clause);
        ReportMarks marks = (wanted.Contains("first-hand") ? ReportMarks.FirstHand : 0)
            | (wanted.Contains("document") ? ReportMarks.Document : 0)
            | (wanted.Contains("replication") ? ReportMarks.Replication : 0);
        return Rows(row => (table.States.Marks[row] & marks) != 0);
    }

    /// <summary>The words of a choice; <c>*</c> is all of them.</summary>
    private static IReadOnlyList<string> Wanted(QueryClause clause) =>
        clause.Value is QueryPresent ? clause.Field.Values : Values(clause.Value);

    private RowSet Sources(QueryClause clause)
    {
        if (clause.Value is QueryRange range)
        {
            int from = range.From is null ? 0 : Number(range.From);
            int to = range.To is null ? int.MaxValue : Number(range.To);
            return Rows(row => table.States.Sources[row] >= from && table.States.Sources[row] <= to);
        }

        bool present = clause.Value is QueryPresent;
        int[] wanted = [.. Values(clause.Value).Select(Number)];
        return Rows(row => present
            || Array.Exists(wanted, number => Compare(clause.Operator, table.States.Sources[row], number)));
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
