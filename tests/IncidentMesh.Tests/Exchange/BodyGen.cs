using CsCheck;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Tests.Exchange;

/// <summary>Random bodies that keep every rule of their type, made out of the rules.</summary>
internal static class BodyGen
{
    private static readonly Gen<string> Words = OneOf(
        "Mann zu Unrecht festgenommen", "顔認証で誤って逮捕", "=1+1", "-5 %", "'quoted'", "a, b; \"c\"",
        "[Update] x", "{not json", "two\nlines", "café", "عربي", "<script>alert(1)</script>", "ns:value",
        "🚦", "tab\there", "@x");

    private static readonly Gen<string> Text =
        Gen.Select(Words, Gen.Int[0, 99], (word, number) => $"{word} {number}");

    private static Gen<string> OneOf(params string[] values) =>
        Gen.Int[0, values.Length - 1].Select(place => values[place]);

    public static Gen<IpldMap> Of(string type)
    {
        Schema schema = Schema.Of(type)!;
        Gen<IpldMap> map = Map(schema, 40);
        return map.Select(body => Fit(schema, body));
    }

    // What rules between fields forbid is left out.
    private static IpldMap Fit(Schema schema, IpldMap body)
    {
        body = body.Without(RecordBody.Salt).With("title", new IpldText("A title, \"quoted\""))
            .With("systems", new IpldList([new AiSystem("FaceSure").ToMap()]));
        foreach (FieldProblem problem in schema.Check(body))
        {
            body = body.Without(problem.Path.Split('.', '[')[0]);
        }

        return body;
    }

    private static Gen<IpldMap> Map(Schema schema, int percent)
    {
        Gen<(string Name, bool In, IpldNode Node)>[] fields = [.. schema.Fields.Select(field => Gen.Select(
            Gen.Int[0, 99], Node(field.Rule),
            (dice, node) => (field.Name, field.Required || dice < percent, node)))];
        Gen<IpldMap> all = Gen.Const(IpldMap.Empty);
        foreach (Gen<(string Name, bool In, IpldNode Node)> one in fields)
        {
            all = Gen.Select(all, one, (map, field) => field.In ? map.With(field.Name, field.Node) : map);
        }

        return all;
    }

    private static Gen<IpldNode> Node(FieldRule rule) => rule switch
    {
        VocabularyRule vocabulary => OneOf([.. vocabulary.Vocabulary.Entries.Select(e => e.Value)])
            .Select(value => (IpldNode)new IpldText(value)),
        BooleanRule => Gen.Bool.Select(value => (IpldNode)new IpldBoolean(value)),
        IntegerRule => Gen.Long[0, 1L << 40].Select(value => (IpldNode)new IpldInteger(value)),
        BytesRule bytes => Gen.Byte.Array[bytes.Length].Select(value => (IpldNode)new IpldBytes(value)),
        ListRule list => Node(list.Item).Array[1, 3].Select(items => (IpldNode)new IpldList(
            [.. items.DistinctBy(item => Convert.ToHexString(DagCbor.Write(item)))])),
        MapRule map => Map(map.Schema, 60).Select(value => (IpldNode)value),
        FormRule form => Form(form.Expects).Select(text => (IpldNode)new IpldText(text)),
        _ => Text.Select(text => (IpldNode)new IpldText(text)),
    };

    private static Gen<string> Form(string expects) => expects switch
    {
        _ when expects.Contains("URL", StringComparison.Ordinal)
            && !expects.Contains("package", StringComparison.Ordinal) =>
            Gen.Int[0, 9_999].Select(n => $"https://example.org/{n}?q=ä&x=1"),
        _ when expects.StartsWith("a time", StringComparison.Ordinal) =>
            OneOf("2026", "2026-11", "2026-11-19", "2026-11-19T14:05:00Z"),
        _ when expects.StartsWith("a decimal", StringComparison.Ordinal) =>
            OneOf("0.182", "-3", "12.50"),
        _ when expects.StartsWith("a package", StringComparison.Ordinal) =>
            Gen.Const("pkg:huggingface/o/m@1"),
        _ when expects.StartsWith("a BCP", StringComparison.Ordinal) => OneOf("de", "pt-BR"),
        _ when expects.StartsWith("a media", StringComparison.Ordinal) => Gen.Const("text/html"),
        _ when expects.StartsWith("an ISO", StringComparison.Ordinal) => OneOf("EUR", "USD"),
        _ when expects.StartsWith("a CWE", StringComparison.Ordinal) => OneOf("CWE-79", "CWE-1427"),
        _ => OneOf(expects.Split(' ')[^1]),
    };
}
