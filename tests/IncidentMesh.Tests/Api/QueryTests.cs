using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Api;

public class QueryTests
{
    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void An_empty_query_is_everything(string text)
    {
        Assert.Null(Parse(text).Root);
        Assert.Equal("", Parse(text).ToString());
    }

    [Fact]
    public void The_example_of_the_manual_parses_to_its_seven_terms()
    {
        Query query =
            Parse("type:incident country:DE severity>=serious since:2026-01 \"facial recognition\" lang:* "
            + "author:@bnetza -state:retracted");
        Assert.Equal(8, query.Terms.Count);
        Assert.Equal(new QueryPhrase("facial recognition"), query.Terms[4]);
        var severity = Assert.IsType<QueryClause>(query.Terms[2]);
        Assert.Equal(("severity", QueryOperator.AtLeast, new QueryText("serious")),
            (severity.Field.Name, severity.Operator, severity.Value));
        Assert.IsType<QueryPresent>(Assert.IsType<QueryClause>(query.Terms[5]).Value);
        Assert.IsType<QueryNot>(query.Terms[7]);
    }

    [Theory]
    [InlineData("a b OR c", "a b OR c")]
    [InlineData("( a (b OR c) )", "a (b OR c)")]
    [InlineData("(a OR b) OR c", "a OR b OR c")]
    [InlineData("-(a b)", "-(a b)")]
    [InlineData("-(-a)", "-(-a)")]
    [InlineData("Country:DE,\"FR\"", "country:DE,FR")]
    [InlineData("tlp:CLEAR", "tlp:clear")]
    [InlineData("occurred:2025..", "occurred:2025..")]
    [InlineData("occurred:..2025-03", "occurred:..2025-03")]
    [InlineData("sources:2..5 sources>=3", "sources:2..5 sources>=3")]
    [InlineData("developer:\"*\"", "developer:\"*\"")]
    [InlineData("system:\"a \\\"b\\\" \\\\\"", "system:\"a \\\"b\\\" \\\\\"")]
    [InlineData("author:x:key4", "author:x:key4")]
    [InlineData("AIID:14 CVE-2024-1 https://e.org/a?b=c", "AIID:14 CVE-2024-1 https://e.org/a?b=c")]
    [InlineData("ORchid non-profit -x", "ORchid non-profit -x")]
    [InlineData("顔認証で誤って逮捕　市", "顔認証で誤って逮捕 市")]
    public void The_printer_gives_the_canonical_text(string text, string printed)
    {
        Query query = Parse(text);
        Assert.Equal(printed, query.ToString());
        Assert.Equal(query, Parse(printed));
    }

    [Theory]
    [InlineData("sevrity:serious", 1, "unknown field \"sevrity\"",
        "did you mean severity? incidentmesh explain field severity")]
    [InlineData("a 顔😀 language:de", 6, "unknown field \"language\"", "did you mean lang?")]
    [InlineData("zzzzzz:1", 1, "unknown field \"zzzzzz\"", "put it in quotes")]
    [InlineData("country:", 9, "no value after country:", "country:DE,FR")]
    [InlineData("country: DE", 9, "no value after country:", "leave no space")]
    [InlineData("country:DE,", 12, "a value of country is missing", "")]
    [InlineData("country>DE", 9, "country has no order, so it takes no >", "")]
    [InlineData("country:a..b", 9, "country takes no range", "")]
    [InlineData("severity>=huge", 11, "severity has no value \"huge\"", "one of hazard")]
    [InlineData("type:incdent", 6, "type has no value \"incdent\"", "did you mean incident?")]
    [InlineData("since:2026-13", 7, "\"2026-13\" is no time", "2026-01-31")]
    [InlineData("since>=2026", 8, "since has no order, so it takes no >=", "since:mon")]
    [InlineData("since:2025..2026", 7, "since takes no range", "")]
    [InlineData("sources>=many", 10, "\"many\" is no whole number", "")]
    [InlineData("sources:5..2", 9, "the range runs backwards", "sources:2..5")]
    [InlineData("sources:..", 9, "a range needs an end", "")]
    [InlineData("sources>=1,2", 10, ">= takes one value", "")]
    [InlineData("occurred:2025,2026..2027", 19, "a list cannot hold a range", "")]
    [InlineData("id:7q3", 4, "\"7q3\" is too short for an id", "at least 4")]
    [InlineData("\"open", 1, "a quote is not closed", "")]
    [InlineData("\"\"", 1, "the phrase is empty", "")]
    [InlineData("system:\"\"", 8, "the value is empty", "")]
    [InlineData("(a", 1, "a \"(\" without its \")\"", "")]
    [InlineData("a)", 2, "a \")\" without its \"(\"", "")]
    [InlineData("()", 2, "nothing before \")\"", "")]
    [InlineData("(", 2, "the query ends too early", "")]
    [InlineData("a OR", 5, "the query ends too early", "")]
    [InlineData("OR a", 1, "nothing before OR", "")]
    [InlineData("a AND b", 3, "AND is not needed", "")]
    [InlineData("NOT b", 1, "NOT is written -", "")]
    [InlineData("a - b", 3, "nothing after \"-\"", "")]
    [InlineData("--a", 1, "nothing after \"-\"", "")]
    [InlineData("a\u001b[2J", 2, "character U+001B cannot be searched for", "")]
    public void A_malformed_query_says_where_why_and_what_instead(string text, int column, string message,
        string hint)
    {
        Assert.False(Query.TryParse(text, out _, out QueryError? error));
        Assert.Equal((column, message), (error.Column, error.Message));
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
        Assert.Equal($"{message} at column {column}", error.ToString());
    }

    [Fact]
    public void A_lone_surrogate_is_refused()
    {
        Assert.False(Query.TryParse("a" + (char)0xD800, out _, out QueryError? error));
        Assert.Equal((2, "character U+D800 cannot be searched for"), (error.Column, error.Message));
    }

    [Theory]
    [InlineData(Limits.Query.Characters, true)]
    [InlineData(Limits.Query.Characters + 1, false)]
    public void A_query_has_a_longest_length(int length, bool parses) =>
        Assert.Equal(parses, Query.TryParse(new string('a', length), out _, out _));

    [Theory]
    [InlineData(Limits.Query.Clauses, true)]
    [InlineData(Limits.Query.Clauses + 1, false)]
    public void A_query_has_a_largest_number_of_clauses(int count, bool parses) =>
        Assert.Equal(parses, Query.TryParse(string.Join(' ', Enumerable.Repeat("a", count)), out _, out _));

    [Theory]
    [InlineData(Limits.Query.Depth, true)]
    [InlineData(Limits.Query.Depth + 1, false)]
    public void Brackets_have_a_largest_depth(int depth, bool parses) =>
        Assert.Equal(parses,
            Query.TryParse(new string('(', depth) + "a" + new string(')', depth), out _, out _));

    [Theory]
    [InlineData(Limits.Query.Values, true)]
    [InlineData(Limits.Query.Values + 1, false)]
    public void A_list_has_a_largest_number_of_values(int count, bool parses) =>
        Assert.Equal(parses,
            Query.TryParse("tag:" + string.Join(',', Enumerable.Repeat("a", count)), out _, out _));

    [Fact]
    public void Every_field_has_help_and_an_example_that_parses()
    {
        Assert.All(QueryFields.All, field =>
        {
            Assert.Contains(Parse(field.Example).Nodes().OfType<QueryClause>(), clause =>
                clause.Field == field);
            Assert.EndsWith(".", field.Help, StringComparison.Ordinal);
            Assert.Equal(field.Values.Count > 0,
                field.Kind is QueryFieldKind.Choice or QueryFieldKind.Severity);
        });
        string[] manual =
        [
            .. ("type id author standing role country severity harm ai-role lang since until occurred "
            + "received stage due "
            + "tlp state system developer deployer sector model lineage tag has is basis sources cluster "
            + "similar about "
            + "url saved").Split(' '),
        ];
        Assert.Equal(manual, QueryFields.All.Select(field => field.Name));
    }

    [Fact]
    public void A_term_can_be_dropped()
    {
        Query query = Parse("a country:DE b");
        Assert.Equal("a b", query.Without(1).ToString());
        Assert.Equal(Query.Everything, Parse("a").Without(0));
    }

    [Theory]
    [InlineData("serious-hazard", QueryOperator.AtLeast, "serious", true)]
    [InlineData("serious-incident", QueryOperator.AtLeast, "serious", true)]
    [InlineData("disaster", QueryOperator.AtLeast, "serious", true)]
    [InlineData("incident", QueryOperator.AtLeast, "serious", false)]
    [InlineData("hazard", QueryOperator.AtLeast, "serious", false)]
    [InlineData("disaster", QueryOperator.Is, "serious", false)]
    [InlineData("serious-hazard", QueryOperator.AtLeast, "incident", false)]
    [InlineData("disaster", QueryOperator.Above, "incident", true)]
    [InlineData("incident", QueryOperator.Below, "serious-incident", true)]
    [InlineData("hazard", QueryOperator.Below, "serious-incident", false)]
    [InlineData("hazard", QueryOperator.AtMost, "serious", true)]
    [InlineData(null, QueryOperator.AtMost, "disaster", false)]
    public void Severity_is_two_branches(string? severity, QueryOperator comparison, string value,
        bool matches) =>
        Assert.Equal(matches, QuerySeverity.Matches(severity, comparison, value));

    internal static Query Parse(string text)
    {
        Assert.True(Query.TryParse(text, out Query? query, out QueryError? error), error?.ToString());
        return query;
    }
}
