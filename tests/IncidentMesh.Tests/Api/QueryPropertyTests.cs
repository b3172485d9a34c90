using System.Text;
using CsCheck;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Api;

public class QueryPropertyTests
{
    private static readonly Gen<string> Atom = Gen.OneOf(
        Gen.Char["abc.,()\"\\*- :é顔"].Array[1, 8].Select(chars => new string(chars))
            .Where(text => text.Trim().Length > 0),
        Gen.Char['a', 'z'].Array[4, 9].Select(chars => new string(chars)));

    private static readonly Gen<string> Time = OneOf(["2026", "2026-01", "7d", "mon", "yesterday"]);

    private static readonly Gen<QueryNode> Leaf = Gen.OneOf(
        Gen.Char["abcxyz-.é顔"].Array[1, 6].Select(chars => new string(chars)).Where(text => text[0] != '-')
            .Select(text => (QueryNode)new QueryWord(text)),
        Atom.Select(text => (QueryNode)new QueryPhrase(text)),
        OneOf(QueryFields.All).SelectMany(Clause));

    private static readonly Gen<QueryNode> Tree =
        Gen.Recursive<QueryNode>((depth, below) => depth > 3 ? Leaf : Gen.Frequency(
        (3, Leaf),
        (1, below.Array[2, 4].Select(terms => (QueryNode)new QueryAnd(
            [.. terms.SelectMany(term => term is QueryAnd and ? and.Terms : [term])]))),
        (1, below.Array[2, 4].Select(terms => (QueryNode)new QueryOr(
            [.. terms.SelectMany(term => term is QueryOr or ? or.Terms : [term])]))),
        (1, below.Select(term => (QueryNode)new QueryNot(term)))));

    [Fact]
    public void What_is_printed_parses_to_the_same_tree() =>
        Tree.Where(tree => tree.ToString().Length < 40_000)
        .Sample(tree =>
        {
            var query = Query.Of(tree);
            if (query.Nodes().Count() > 100 || query.ToString().Length > 4_000)
            {
                return true;
            }

            return Query.TryParse(query.ToString(), out Query? again, out _) && query.Equals(again)
                && query.GetHashCode() == again.GetHashCode();
        });

    [Fact]
    public void No_text_throws_and_each_error_lies_inside_the_text() =>
        Gen.Char["aOR cn:><=.,*()\"\\-1 \u0001\ud83d\ude00語"].Array[0, 40].Select(chars => new string(chars))
            .Sample(text =>
            Query.TryParse(text, out Query? query, out QueryError? error)
                ? Query.TryParse(query.ToString(), out Query? again, out _) && query.Equals(again)
                : error.Column >= 1 && error.Column <= text.Length + 1 && error.Hint.Length > 0);

    [Fact]
    public void Real_queries_with_one_byte_changed_do_not_throw() =>
        Gen.Select(OneOf(QueryFields.All), Gen.Int[0, 200], Gen.Char).Sample((field, place, other) =>
        {
            var text = new StringBuilder($"{field.Example} -({field.Example} OR \"a b\") word");
            text[place % text.Length] = other;
            return Query.TryParse(text.ToString(), out _, out QueryError? error) == (error is null);
        });

    [Fact]
    public void Edit_distance_is_a_metric_on_small_words() =>
        Gen.Select(Gen.Char["abc"].Array[0, 5], Gen.Char["abc"].Array[0, 5]).Sample((a, b) =>
        {
            (string left, string right) = (new string(a), new string(b));
            int distance = QuerySuggestion.Distance(left, right);
            return distance == QuerySuggestion.Distance(right, left) && (distance == 0) == (left == right)
                && distance <= Math.Max(left.Length, right.Length)
                && distance >= Math.Abs(left.Length - right.Length);
        });

    private static Gen<T> OneOf<T>(IReadOnlyList<T> values) =>
        Gen.Int[0, values.Count - 1].Select(i => values[i]);

    private static Gen<QueryNode> Clause(QueryField field)
    {
        Gen<string> value = field.Kind switch
        {
            QueryFieldKind.Choice or QueryFieldKind.Severity => OneOf(field.Values),
            QueryFieldKind.Time => Time,
            QueryFieldKind.Number => Gen.Int[0, 99].Select(number => number.ToString()),
            QueryFieldKind.Id => Atom.Where(text => text.Length >= 4),
            _ => Atom,
        };
        Gen<QueryNode> one =
            value.Select(text => (QueryNode)new QueryClause(field, QueryOperator.Is, new QueryText(text)));
        var shapes = new List<Gen<QueryNode>> { one };
        if (!field.IsBound)
        {
            shapes.Add(value.Array[2, 4]
                .Select(texts => (QueryNode)new QueryClause(field, QueryOperator.Is, new QueryAnyOf(texts))));
            shapes.Add(Gen.Const((QueryNode)new QueryClause(field, QueryOperator.Is, new QueryPresent())));
        }

        if (field.Ordered)
        {
            shapes.Add(
                value.Select(text =>
                (QueryNode)new QueryClause(field, QueryOperator.AtLeast, new QueryText(text))));
            shapes.Add(
                value.Select(text =>
                (QueryNode)new QueryClause(field, QueryOperator.Below, new QueryText(text))));
        }

        if (field.Ranged)
        {
            shapes.Add(
                value.Select(text =>
                (QueryNode)new QueryClause(field, QueryOperator.Is, new QueryRange(text, null))));
            shapes.Add(
                value.Select(text =>
                (QueryNode)new QueryClause(field, QueryOperator.Is, new QueryRange(text, text))));
        }

        return Gen.OneOf([.. shapes]);
    }
}
