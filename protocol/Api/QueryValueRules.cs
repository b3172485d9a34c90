using System.Globalization;

namespace IncidentMesh.Protocol.Api;

/// <summary>Which operators and values each kind of field takes (<c>specs/query.md</c>, values). Returns the
/// value in its canonical spelling, or the message and hint of an error.</summary>
internal static class QueryValueRules
{
    private const int ShortestId = 4;

    public static (QueryValue? Value, string? Message, string? Hint) Check(
        QueryField field, QueryOperator comparison, QueryValue value)
    {
        string symbol = QueryPrinter.Symbol(comparison);
        if (comparison != QueryOperator.Is && !field.Ordered)
        {
            return Wrong($"{field.Name} has no order, so it takes no {symbol}", $"write {field.Example}");
        }

        if (comparison != QueryOperator.Is && value is not QueryText)
        {
            return Wrong($"{symbol} takes one value",
                $"write {field.Name}{symbol}VALUE, or {field.Name}: with a list or range");
        }

        if (value is QueryRange && !field.Ranged)
        {
            return Wrong($"{field.Name} takes no range",
                $"write {field.Example}, or put the value in quotes");
        }

        if (field.IsBound && value is not QueryText)
        {
            return Wrong($"{field.Name} takes one time", $"write {field.Example}");
        }

        return value switch
        {
            QueryText one => CheckEach(field, [one.Text], texts => new QueryText(texts[0])),
            QueryAnyOf many => CheckEach(field, many.Values, texts => new QueryAnyOf(texts)),
            QueryRange range => CheckRange(field, range),
            _ => (value, null, null),
        };
    }

    private static (QueryValue?, string?, string?) CheckRange(QueryField field, QueryRange range)
    {
        if (range is { From: null, To: null })
        {
            return Wrong("a range needs an end", $"write {field.Name}:* for any value");
        }

        string[] ends = [.. new[] { range.From, range.To }.OfType<string>()];
        (QueryValue? same, string? message, string? hint) = CheckEach(field, ends, _ => range);
        bool backwards = field.Kind == QueryFieldKind.Number && range is { From: not null, To: not null }
            && same is not null && Number(range.From) > Number(range.To);
        return backwards ? Wrong("the range runs backwards", $"write {field.Name}:{range.To}..{range.From}")
            : (same, message, hint);
    }

    private static (QueryValue?, string?, string?) CheckEach(
        QueryField field, IReadOnlyList<string> texts, Func<string[], QueryValue> build)
    {
        var canonical = new string[texts.Count];
        for (int i = 0; i < texts.Count; i++)
        {
            (string? spelled, string? message, string? hint) = CheckOne(field, texts[i]);
            if (spelled is null)
            {
                return (null, message, hint);
            }

            canonical[i] = spelled;
        }

        return (build(canonical), null, null);
    }

    private static (string?, string?, string?) CheckOne(QueryField field, string text)
    {
        switch (field.Kind)
        {
            case QueryFieldKind.Choice or QueryFieldKind.Severity:
                string lower = text.ToLowerInvariant();
                if (field.Values.Contains(lower))
                {
                    return (lower, null, null);
                }

                string? near = QuerySuggestion.Nearest(text, field.Values);
                return (null, $"{field.Name} has no value \"{Shorten(text)}\"", near is null
                    ? $"one of {string.Join(", ", field.Values)}" : $"did you mean {near}?");
            case QueryFieldKind.Time:
                return QueryTime.IsTime(text) ? (text.ToLowerInvariant(), null, null)
                    : (null, $"\"{Shorten(text)}\" is no time",
                        "2026, 2026-01, 2026-01-31, 2026-01-31T08:30Z, 7d, 12h, mon, today, yesterday, now");
            case QueryFieldKind.Number:
                return text.Length <= 9 && text.All(char.IsAsciiDigit) ? (text, null, null)
                    : (null, $"\"{Shorten(text)}\" is no whole number", $"e.g. {field.Example}");
            case QueryFieldKind.Id:
                return text.Length >= ShortestId ? (text, null, null)
                    : (null, $"\"{Shorten(text)}\" is too short for an id",
                    $"give at least {ShortestId} characters");
            default:
                return (text, null, null);
        }
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private static (QueryValue?, string?, string?) Wrong(string message, string hint) =>
        (null, message, hint);

    private static string Shorten(string word) =>
        word.Length <= 40 ? word : string.Concat(word.AsSpan(0, 39), "…");
}
