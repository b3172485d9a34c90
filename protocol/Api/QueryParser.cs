using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace IncidentMesh.Protocol.Api;

/// <summary>Recursive descent over the grammar of <see cref="Query"/>; the first error wins. One use
/// only.</summary>
internal sealed class QueryParser(string text)
{
    /// <summary>Prefixes of ids and addresses of other systems: <c>AIID:14</c> is a word, not a
    /// field.</summary>
    private static readonly HashSet<string> Schemes = new(StringComparer.OrdinalIgnoreCase)
    {
        "aiid", "avid", "cve", "cwe", "atlas", "aiaaic", "aim", "oecd", "doi", "urn", "pkg", "http", "https",
    };

    private int at;
    private int clauses;
    private QueryError? failure;

    public bool TryParse(out QueryNode? root, [NotNullWhen(false)] out QueryError? error)
    {
        root = null;
        if (CheckCharacters())
        {
            SkipSpace();
            root = at == text.Length ? null : ParseOr(0);
            if (failure is null && at < text.Length)
            {
                Fail(at, "a \")\" without its \"(\"", "take it out, or put the text in quotes");
            }
        }

        error = failure;
        return failure is null;
    }

    /// <summary>Whether a value can be printed without quotes.</summary>
    public static bool IsBareAtom(string atom) =>
        atom.Length > 0 && atom != "*" && atom[0] != '.' && atom[^1] != '.'
            && !atom.Contains("..", StringComparison.Ordinal)
        && !atom.Any(c => EndsWord(c) || c == ',');

    private static bool EndsWord(char c) => c is '(' or ')' or '"' || char.IsWhiteSpace(c);

    private bool CheckCharacters()
    {
        if (text.Length > Limits.Query.Characters)
        {
            Fail(Limits.Query.Characters, "the query is too long",
                $"at most {Limits.Query.Characters} characters; save parts of it and use saved:NAME");
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            bool pair =
                char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (pair)
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]) || (char.IsControl(text[i]) && !char.IsWhiteSpace(text[i])))
            {
                Fail(i, $"character U+{(int)text[i]:X4} cannot be searched for", "take it out");
                return false;
            }
        }

        return true;
    }

    private QueryNode? ParseOr(int depth)
    {
        if (depth > Limits.Query.Depth)
        {
            return Fail(at, "brackets nest too deep", $"at most {Limits.Query.Depth} levels");
        }

        var terms = new List<QueryNode>();
        while (true)
        {
            QueryNode? term = ParseAnd(depth);
            if (term is null)
            {
                return null;
            }

            terms.AddRange(term is QueryOr or ? or.Terms : [term]);
            if (!TakeKeyword("OR"))
            {
                return terms.Count == 1 ? terms[0] : new QueryOr(terms);
            }
        }
    }

    private QueryNode? ParseAnd(int depth)
    {
        var terms = new List<QueryNode>();
        while (at < text.Length && text[at] != ')' && !PeekKeyword("OR"))
        {
            QueryNode? term = ParseClause(depth);
            if (term is null)
            {
                return null;
            }

            terms.AddRange(term is QueryAnd and ? and.Terms : [term]);
            SkipSpace();
        }

        return terms.Count switch
        {
            0 when PeekKeyword("OR") =>
                Fail(at, "nothing before OR", "write a OR b, or \"OR\" in quotes for the word"),
            0 when at < text.Length =>
                Fail(at, "nothing before \")\"", "put something in the brackets or take them out"),
            0 => Fail(at, "the query ends too early", "add what should follow"),
            1 => terms[0],
            _ => new QueryAnd(terms),
        };
    }

    private QueryNode? ParseClause(int depth)
    {
        if (++clauses > Limits.Query.Clauses)
        {
            return Fail(at, "too many clauses", $"at most {Limits.Query.Clauses}; country:DE,FR is one");
        }

        if (text[at] != '-')
        {
            return ParsePositive(depth);
        }

        at++;
        if (at == text.Length || char.IsWhiteSpace(text[at]) || text[at] is ')' or '-')
        {
            return Fail(at - 1, "nothing after \"-\"", "write -word with no space, or \"-\" in quotes");
        }

        QueryNode? term = ParsePositive(depth);
        return term is null ? null : new QueryNot(term);
    }

    private QueryNode? ParsePositive(int depth)
    {
        if (text[at] == '"')
        {
            int start = at;
            string? phrase = ParseQuoted();
            return phrase is null ? null
                : string.IsNullOrWhiteSpace(phrase)
                ? Fail(start, "the phrase is empty", "put words between the quotes")
                : new QueryPhrase(phrase);
        }

        return text[at] == '(' ? ParseGroup(depth) : ParseWordOrField();
    }

    private QueryNode? ParseGroup(int depth)
    {
        int start = at++;
        SkipSpace();
        QueryNode? inner = ParseOr(depth + 1);
        if (inner is null)
        {
            return null;
        }

        if (at == text.Length)
        {
            return Fail(start, "a \"(\" without its \")\"", "add \")\", or put the text in quotes");
        }

        at++;
        return inner;
    }

    private QueryNode? ParseWordOrField()
    {
        int start = at;
        int name = at;
        while (name < text.Length && (char.IsAsciiLetter(text[name]) || (text[name] == '-' && name > start)))
        {
            name++;
        }

        if (name > start && name < text.Length && text[name] is ':' or '>' or '<'
            && !Schemes.Contains(text[start..name]))
        {
            at = name;
            return ParseField(text[start..name], start);
        }

        while (at < text.Length && !EndsWord(text[at]))
        {
            at++;
        }

        string word = text[start..at];
        return word is "AND"
            ? Fail(start, "AND is not needed",
            "terms side by side must all hold; \"AND\" in quotes is the word")
            : word is "NOT" ? Fail(start, "NOT is written -", "write -word; \"NOT\" in quotes is the word")
            : new QueryWord(word);
    }

    private QueryNode? ParseField(string name, int start)
    {
        if (!QueryFields.TryGet(name, out QueryField? field))
        {
            string? near = QueryFields.Nearest(name);
            return Fail(start, $"unknown field \"{Shorten(name)}\"", near is null
                ? "put it in quotes to search for the text; incidentmesh explain field lists the fields"
                : $"did you mean {near}? incidentmesh explain field {near}");
        }

        QueryOperator comparison = TakeOperator();
        int valueStart = at;
        QueryValue? value = ParseValue(field, comparison);
        if (value is null)
        {
            return null;
        }

        (QueryValue? checkedValue, string? message, string? hint) =
            QueryValueRules.Check(field, comparison, value);
        return checkedValue is null ? Fail(valueStart, message!, hint!)
            : new QueryClause(field, comparison, checkedValue);
    }

    private QueryOperator TakeOperator()
    {
        char first = text[at++];
        bool equal = first != ':' && at < text.Length && text[at] == '=';
        at += equal ? 1 : 0;
        return first switch
        {
            ':' => QueryOperator.Is,
            '>' => equal ? QueryOperator.AtLeast : QueryOperator.Above,
            _ => equal ? QueryOperator.AtMost : QueryOperator.Below,
        };
    }

    private QueryValue? ParseValue(QueryField field, QueryOperator comparison)
    {
        int start = at;
        if (at == text.Length || char.IsWhiteSpace(text[at]) || text[at] is '(' or ')')
        {
            Fail(start, $"no value after {field.Name}{QueryPrinter.Symbol(comparison)}",
                $"leave no space before it, e.g. {field.Example}");
            return null;
        }

        if (text[at] == '*' && (at + 1 == text.Length || EndsWord(text[at + 1])))
        {
            at++;
            return new QueryPresent();
        }

        string? first = StartsRange() ? null : ParseAtom(field);
        if (failure is not null)
        {
            return null;
        }

        if (StartsRange())
        {
            at += 2;
            string? last =
                at == text.Length || (text[at] != '"' && EndsWord(text[at])) ? null : ParseAtom(field);
            return failure is null ? new QueryRange(first, last) : null;
        }

        return ParseRest(field, first!);
    }

    private QueryValue? ParseRest(QueryField field, string first)
    {
        var values = new List<string> { first };
        while (at < text.Length && text[at] == ',')
        {
            at++;
            string? next = ParseAtom(field);
            if (next is null)
            {
                return null;
            }

            if (values.Count == Limits.Query.Values)
            {
                Fail(at, "too many values", $"at most {Limits.Query.Values} in one list");
                return null;
            }

            values.Add(next);
        }

        if (StartsRange())
        {
            Fail(at, "a list cannot hold a range", "write (a OR b) with a range in each");
            return null;
        }

        return values.Count == 1 ? new QueryText(first) : new QueryAnyOf(values);
    }

    private string? ParseAtom(QueryField field)
    {
        int start = at;
        if (at < text.Length && text[at] == '"')
        {
            string? quoted = ParseQuoted();
            if (quoted is not null && string.IsNullOrWhiteSpace(quoted))
            {
                Fail(start, "the value is empty", $"e.g. {field.Example}");
                return null;
            }

            return quoted;
        }

        while (at < text.Length && !EndsWord(text[at]) && text[at] != ',' && !StartsRange())
        {
            at++;
        }

        if (at == start)
        {
            Fail(start, $"a value of {field.Name} is missing", $"e.g. {field.Example}");
            return null;
        }

        return text[start..at];
    }

    private string? ParseQuoted()
    {
        int start = at++;
        var content = new StringBuilder();
        while (at < text.Length && text[at] != '"')
        {
            bool escaped = text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\';
            at += escaped ? 1 : 0;
            content.Append(text[at++]);
        }

        if (at == text.Length)
        {
            Fail(start, "a quote is not closed", "add \" at the end");
            return null;
        }

        at++;
        return content.ToString();
    }

    private bool StartsRange() => at + 1 < text.Length && text[at] == '.' && text[at + 1] == '.';

    private bool PeekKeyword(string word) =>
        string.CompareOrdinal(text, at, word, 0, word.Length) == 0
        && (at + word.Length == text.Length || EndsWord(text[at + word.Length]));

    private bool TakeKeyword(string word)
    {
        bool found = PeekKeyword(word);
        if (found)
        {
            at += word.Length;
            SkipSpace();
        }

        return found;
    }

    private void SkipSpace()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private QueryNode? Fail(int where, string message, string hint)
    {
        int column = 1;
        for (int i = 0; i < where && i < text.Length; i++)
        {
            column += char.IsLowSurrogate(text[i]) ? 0 : 1;
        }

        failure ??= new QueryError(column, message, hint);
        return null;
    }

    private static string Shorten(string word) =>
        word.Length <= 40 ? word : string.Concat(word.AsSpan(0, 39), "…");
}
