using System.Text;

namespace IncidentMesh.Protocol.Api;

/// <summary>Writes a tree in canonical form: one space between terms, quotes and brackets only where they are
/// needed.</summary>
internal static class QueryPrinter
{
    public static string Print(QueryNode? root)
    {
        var text = new StringBuilder();
        if (root is not null)
        {
            Write(text, root);
        }

        return text.ToString();
    }

    public static string Symbol(QueryOperator comparison) => comparison switch
    {
        QueryOperator.Is => ":",
        QueryOperator.AtLeast => ">=",
        QueryOperator.AtMost => "<=",
        QueryOperator.Above => ">",
        _ => "<",
    };

    private static void Write(StringBuilder text, QueryNode node)
    {
        switch (node)
        {
            case QueryOr or:
                Join(text, or.Terms, " OR ", _ => false);
                break;
            case QueryAnd and:
                Join(text, and.Terms, " ", term => term is QueryOr);
                break;
            case QueryNot not:
                text.Append('-');
                WriteTerm(text, not.Term, not.Term is QueryOr or QueryAnd or QueryNot);
                break;
            case QueryWord word:
                text.Append(word.Text);
                break;
            case QueryPhrase phrase:
                Quote(text, phrase.Text);
                break;
            case QueryClause clause:
                text.Append(clause.Field.Name).Append(Symbol(clause.Operator));
                WriteValue(text, clause.Value);
                break;
        }
    }

    private static void Join(
        StringBuilder text, IReadOnlyList<QueryNode> terms, string separator, Func<QueryNode, bool> bracketed)
    {
        for (int i = 0; i < terms.Count; i++)
        {
            text.Append(i == 0 ? "" : separator);
            WriteTerm(text, terms[i], bracketed(terms[i]));
        }
    }

    private static void WriteTerm(StringBuilder text, QueryNode term, bool bracketed)
    {
        text.Append(bracketed ? "(" : "");
        Write(text, term);
        text.Append(bracketed ? ")" : "");
    }

    private static void WriteValue(StringBuilder text, QueryValue value)
    {
        switch (value)
        {
            case QueryText one:
                WriteAtom(text, one.Text);
                break;
            case QueryAnyOf many:
                for (int i = 0; i < many.Values.Count; i++)
                {
                    text.Append(i == 0 ? "" : ",");
                    WriteAtom(text, many.Values[i]);
                }

                break;
            case QueryRange range:
                WriteEnd(text, range.From);
                text.Append("..");
                WriteEnd(text, range.To);
                break;
            case QueryPresent:
                text.Append('*');
                break;
        }
    }

    private static void WriteEnd(StringBuilder text, string? end)
    {
        if (end is not null)
        {
            WriteAtom(text, end);
        }
    }

    private static void WriteAtom(StringBuilder text, string atom)
    {
        if (QueryParser.IsBareAtom(atom))
        {
            text.Append(atom);
        }
        else
        {
            Quote(text, atom);
        }
    }

    private static void Quote(StringBuilder text, string quoted)
    {
        text.Append('"');
        text.Append(quoted.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal));
        text.Append('"');
    }
}
