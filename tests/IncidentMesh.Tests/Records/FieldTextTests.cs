using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Records;

public class FieldTextTests
{
    private const string Deaths =
        "harm_quantity.deaths: expected an integer from 0 to 9,007,199,254,740,991";

    private const string Scale = "hazard, serious-hazard, incident, serious-incident, disaster";

    [Fact]
    public void Fields_are_set_from_what_was_typed()
    {
        IpldMap map = IpldMap.Empty;
        foreach ((string field, string value) in new[]
        {
            ("title", "A title"),
            ("severity", "serious-incident"),
            ("harm_types", "economic, rights"),
            ("misuse", "true"),
            ("occurred", "2026-11-19"),
            ("clocks.aware_at", "2026-11-20"),
            ("clocks.stage", "initial"),
            ("harm_quantity.deaths", "2"),
            ("evidence", "[{\"url\":\"https://e.org\"}]"),
        })
        {
            bool ok = FieldText.TrySet("incident", map, field, value, out IpldMap? changed, out var problem);
            Assert.True(ok, $"{problem}");
            map = changed!;
        }

        IncidentBody body = new(map);
        Assert.Empty(body.Check());
        Assert.Equal(new Severity("serious-incident", "oecd-severity"), body.Severity);
        Assert.Equal(["economic", "rights"], body.HarmTypes);
        Assert.True(body.Misuse);
        Assert.Equal(new Clocks(AwareAt: "2026-11-20", Stage: "initial"), body.Clocks);
        Assert.Equal(2, body.HarmQuantity!.Deaths);
        Assert.True(FieldText.TrySet("incident", map, "clocks.stage", "", out map!, out _));
        Assert.True(FieldText.TrySet("incident", map, "clocks.aware_at", "", out map!, out _));
        Assert.Null(new IncidentBody(map).Clocks);
    }

    [Fact]
    public void A_lone_surrogate_is_refused()
    {
        Assert.False(FieldText.TrySet("incident", IpldMap.Empty, "title", "\ud800", out _, out _));
        Assert.True(FieldText.TrySet("incident", IpldMap.Empty, "title", "\ud83d\ude00", out _, out _));
    }

    [Theory]
    [InlineData("countries", "DE,FR", """{"countries":["DE","FR"]}""")]
    [InlineData("countries", "[\"DE\"]", """{"countries":["DE"]}""")]
    [InlineData("deployers", "Novara, Acme", """{"deployers":[{"name":"Novara"},{"name":"Acme"}]}""")]
    [InlineData("actions_taken", "ceasing", """{"actions_taken":[{"kind":"ceasing"}]}""")]
    public void A_list_takes_plain_values(string field, string value, string body)
    {
        Assert.True(FieldText.TrySet("incident", IpldMap.Empty, field, value, out IpldMap? set, out _));
        Assert.Equal(body, BodyJson.Write("incident", set));
    }

    [Theory]
    [InlineData("titel", "x", "titel: is not a field; did you mean title?")]
    [InlineData("severity", "huge", "severity.value: \"huge\" is not in oecd-severity 1.0: " + Scale)]
    [InlineData("countries", "XYZW", "countries[0]: \"XYZW\" is not in iso-3166-1 2023-04: AD, AE, AF, …")]
    [InlineData("misuse", "yes", "misuse: expected true or false")]
    [InlineData("harm_quantity.deaths", "-1", Deaths)]
    [InlineData("harm_quantity.deaths", "-9223372036854775808", Deaths)]
    [InlineData("title.x", "y", "title: has no fields of its own")]
    [InlineData("evidence", "[{\"url\":1}]", "evidence[0].url: expected an http or https URL")]
    [InlineData(
        "evidence", "[1.5]", "evidence[0]: 1.5 is not a whole number of 53 bits: write decimals as text")]
    [InlineData("title", "a\0b", "title: text with a lone surrogate or U+0000")]
    public void What_cannot_be_set_is_said_with_the_field(string field, string value, string message)
    {
        Assert.False(
            FieldText.TrySet("incident", IpldMap.Empty, field, value, out _, out FieldProblem? problem));
        Assert.Equal(message, problem.ToString());
    }
}
