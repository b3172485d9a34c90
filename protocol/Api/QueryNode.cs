namespace IncidentMesh.Protocol.Api;

/// <summary>How a field is compared with a value. Grammar: <c>op = ":" | ">=" | "&lt;=" | ">" |
/// "&lt;"</c>.</summary>
public enum QueryOperator
{
    /// <summary><c>:</c> equals, lies in, or is one of.</summary>
    Is,

    /// <summary><c>&gt;=</c></summary>
    AtLeast,

    /// <summary><c>&lt;=</c></summary>
    AtMost,

    /// <summary><c>&gt;</c></summary>
    Above,

    /// <summary><c>&lt;</c></summary>
    Below,
}

/// <summary>One node of a parsed query (<c>specs/query.md</c>). Nodes compare by value; lists by their
/// members in order.</summary>
public abstract record QueryNode
{
    private protected QueryNode()
    {
    }
}

/// <summary>All of the terms hold. At least two terms, none of which is itself a
/// <see cref="QueryAnd"/>.</summary>
/// <param name="Terms">The terms, in the order typed.</param>
public sealed record QueryAnd(IReadOnlyList<QueryNode> Terms) : QueryNode
{
    /// <inheritdoc/>
    public bool Equals(QueryAnd? other) => other is not null && Terms.SequenceEqual(other.Terms);

    /// <inheritdoc/>
    public override int GetHashCode() => QueryHash.Of(Terms);
}

/// <summary>Any of the terms holds. At least two terms, none of which is itself a
/// <see cref="QueryOr"/>.</summary>
/// <param name="Terms">The terms, in the order typed.</param>
public sealed record QueryOr(IReadOnlyList<QueryNode> Terms) : QueryNode
{
    /// <inheritdoc/>
    public bool Equals(QueryOr? other) => other is not null && Terms.SequenceEqual(other.Terms);

    /// <inheritdoc/>
    public override int GetHashCode() => ~QueryHash.Of(Terms);
}

/// <summary>The term does not hold.</summary>
/// <param name="Term">What is denied.</param>
public sealed record QueryNot(QueryNode Term) : QueryNode;

/// <summary>A bare word: found in the text, and by its meaning.</summary>
/// <param name="Text">The word as typed.</param>
public sealed record QueryWord(string Text) : QueryNode;

/// <summary>A quoted phrase: found in the text word for word, without regard to case and
/// diacritics.</summary>
/// <param name="Text">The text between the quotes, unescaped.</param>
public sealed record QueryPhrase(string Text) : QueryNode;

/// <summary>A field compared with a value, e.g. <c>country:DE,FR</c>.</summary>
/// <param name="Field">The field, from <see cref="QueryFields"/>.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Value">With what.</param>
public sealed record QueryClause(QueryField Field, QueryOperator Operator, QueryValue Value) : QueryNode;

/// <summary>The right-hand side of a clause.</summary>
public abstract record QueryValue
{
    private protected QueryValue()
    {
    }
}

/// <summary>One value.</summary>
/// <param name="Text">The value, unescaped.</param>
public sealed record QueryText(string Text) : QueryValue;

/// <summary><c>a..b</c>, both ends included. One end may be open, not both.</summary>
/// <param name="From">The low end, or null when open.</param>
/// <param name="To">The high end, or null when open.</param>
public sealed record QueryRange(string? From, string? To) : QueryValue;

/// <summary><c>a,b</c>: any of at least two values.</summary>
/// <param name="Values">The values, in the order typed.</param>
public sealed record QueryAnyOf(IReadOnlyList<string> Values) : QueryValue
{
    /// <inheritdoc/>
    public bool Equals(QueryAnyOf? other) => other is not null && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => QueryHash.Of(Values);
}

/// <summary><c>*</c>: the field is present, whatever it says.</summary>
public sealed record QueryPresent : QueryValue;

internal static class QueryHash
{
    public static int Of<T>(IReadOnlyList<T> items)
    {
        var hash = new HashCode();
        foreach (T item in items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }
}
