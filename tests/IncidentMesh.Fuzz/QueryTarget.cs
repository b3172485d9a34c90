using System.Text;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Fuzz;

/// <summary>Any UTF-8 text is a query or an error with a place; what is printed parses to an equal
/// query.</summary>
internal static class QueryTarget
{
    public static void Run(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        if (!Query.TryParse(text, out Query? query, out QueryError? error))
        {
            Require(error.Column >= 1 && error.Message.Length > 0 && error.Hint.Length > 0,
                "an error without a place");
            return;
        }

        string printed = query.ToString();
        bool shorter = printed.Length <= Limits.Query.Characters;
        Require(!shorter || (Query.TryParse(printed, out Query? again, out _) && query.Equals(again)),
            "print does not parse back");
        foreach (QueryClause clause in query.Nodes().OfType<QueryClause>())
        {
            if (clause is { Field.Kind: QueryFieldKind.Time, Value: QueryText time })
            {
                Require(QueryTime.TryResolve(time.Text, new Instant(1), true, out _),
                    "a time that does not resolve");
            }
        }
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
