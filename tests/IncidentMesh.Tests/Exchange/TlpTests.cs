using IncidentMesh.Node.Exchange;
using IncidentMesh.Protocol.Records;
using Xunit;

namespace IncidentMesh.Tests.Exchange;

/// <summary>What is imported is published to all: what is marked for fewer stays out, whatever says
/// so.</summary>
public sealed class TlpTests : IDisposable
{
    private const string Red1 = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed";
    private const string White1 = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9";
    private const string Amber2 = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421";
    private const string Own = "marking-definition--00000000-0000-4000-8000-000000000001";
    private const string Avid = """
        "data_type":"AVID","metadata":{"report_id":"AVID-2026-R0001"},"problemtype":{
        "classof":"AIID Incident","description":{"lang":"eng","value":"t"}}
        """;

    private readonly ImportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("RED", """{"type":"incident","tlp":"RED","body":{"title":"t"}}""")]
    [InlineData("RED", """{"type":"incident","body":{"title":"t","tlp":"red"}}""")]
    [InlineData("AMBER+STRICT", """{"title":"t","TLP":"TLP:AMBER+STRICT"}""")]
    [InlineData("RED", """{"title":"t","tags":[{"ns":"tlp","value":"red"}]}""")]
    [InlineData("RED", """{"title":"t","tags":[{"ns":"x","value":"TLP:RED"}]}""")]
    [InlineData("GREEN", """{"report_id":1,"title":"t","tlp":"green"}""")]
    [InlineData("GREEN", """{"data":{"reports":[{"report_number":1,"title":"t","tlp":"green"}]}}""")]
    [InlineData("AMBER", "{\"tlp\":\"amber\"," + Avid + "}")]
    [InlineData("AMBER", "title,tlp\nt,AMBER\n")]
    [InlineData("RED", "name: t\ntlp: RED\nincident-date: 2024-10-01\n")]
    [InlineData("RED", """{"Event":{"info":"t","Tag":[{"name":"tlp:red"}]}}""")]
    [InlineData("RED", """{"Event":{"info":"t","Tag":[{"name":"TLP=\"RED\""}]}}""")]
    [InlineData("RED", "{\"type\":\"bundle\",\"objects\":[{\"type\":\"incident\",\"id\":\"incident--1\","
        + "\"name\":\"t\",\"object_marking_refs\":[\"" + Red1 + "\"]}]}")]
    [InlineData("AMBER", "{\"type\":\"bundle\",\"objects\":[{\"type\":\"incident\",\"id\":\"incident--1\","
        + "\"name\":\"t\",\"granular_markings\":[{\"marking_ref\":\"" + Amber2 + "\"}]}]}")]
    [InlineData("GREEN", "{\"type\":\"bundle\",\"objects\":[{\"type\":\"incident\",\"id\":\"incident--1\","
        + "\"name\":\"t\",\"object_marking_refs\":[\"" + Own + "\"]},{\"type\":\"marking-definition\","
        + "\"id\":\"" + Own + "\",\"definition_type\":\"tlp\",\"definition\":{\"tlp\":\"green\"}}]}")]
    [InlineData("RED", """
        {"type":"bundle","objects":[{"type":"incident","id":"incident--1","name":"t","labels":["tlp:red"]}]}
        """)]
    public void A_row_for_fewer_than_all_is_left_out(string label, string text) =>
        Assert.EndsWith($"marked TLP:{label}: what is imported is published to all", Single(text).Error);

    [Theory]
    [InlineData("""{"type":"incident","tlp":"CLEAR","body":{"title":"t"}}""")]
    [InlineData("""{"title":"t","tlp":"WHITE"}""")]
    [InlineData("title,tlp\nt,CLEAR\n")]
    [InlineData("""{"Event":{"info":"t","Tag":[{"name":"tlp:white"}]}}""")]
    [InlineData("{\"type\":\"bundle\",\"objects\":[{\"type\":\"incident\",\"id\":\"incident--1\","
        + "\"name\":\"t\",\"object_marking_refs\":[\"" + White1 + "\"]}]}")]
    public void A_row_for_all_is_read(string text)
    {
        ImportRow row = Single(text);
        Assert.Null(row.Error);
        Assert.Empty(((ReportBody)row.Body!).Tags);
    }

    [Fact]
    public void A_label_that_is_no_text_is_a_bad_row() =>
        Assert.Equal("\"tlp\": expected text, found a number", Single("""{"title":"t","tlp":4}""").Error);

    [Fact]
    public void Parts_of_an_event_that_were_deleted_or_are_for_fewer_are_left_out()
    {
        ImportRow row = Single("""
            {"Event":{"info":"t","Attribute":[
              {"type":"link","value":"https://e.org/a","deleted":true},
              {"type":"link","value":"https://e.org/b","Tag":[{"name":"tlp:red"}]},
              {"type":"link","value":"https://e.org/c","deleted":false}],
             "Object":[
              {"name":"incident","deleted":true,"Attribute":[{"object_relation":"description","value":"x"}]},
              {"name":"vulnerability","Attribute":[
                {"object_relation":"text","value":"y","deleted":"1"},
                {"object_relation":"summary","value":"z"}]}]}}
            """);
        Assert.StartsWith("event (no uuid): models", row.Error);
        row = Single("""
            {"Event":{"info":"t","Attribute":[
              {"type":"link","value":"https://e.org/a","deleted":true},
              {"type":"link","value":"https://e.org/b","Tag":[{"name":"tlp:red"}]},
              {"type":"link","value":"https://e.org/c","deleted":false}],
             "Object":[{"name":"vulnerability","deleted":true},
              {"name":"incident","Attribute":[
                {"object_relation":"description","value":"x","deleted":1},
                {"object_relation":"name","value":"y"}]}]}}
            """);
        IncidentBody body = Assert.IsType<IncidentBody>(row.Body);
        Assert.Equal("https://e.org/c", Assert.Single(body.Evidence).Url);
        Assert.Null(body.Description);
        Assert.Equal(["Attribute[deleted]", "Attribute[tlp]", "Object[deleted]"],
            row.Fields.Where(name => name.EndsWith("ed]", StringComparison.Ordinal)
                || name.EndsWith("[tlp]", StringComparison.Ordinal)).Order());
        Assert.All(["Attribute[deleted]", "Attribute[tlp]", "Object[deleted]"],
            name => Assert.Equal(Mapping.Unmapped, Mapping.Of("misp").OfTheirs(name)!.Import));
    }

    [Fact]
    public void What_a_report_is_linked_to_and_is_for_fewer_is_left_out()
    {
        ImportRow row = Single("{\"type\":\"bundle\",\"objects\":["
            + "{\"type\":\"incident\",\"id\":\"incident--1\",\"name\":\"t\"},"
            + "{\"type\":\"software\",\"id\":\"software--1\",\"name\":\"secret\",\"object_marking_refs\":[\""
            + Red1 + "\"]},{\"type\":\"software\",\"id\":\"software--2\",\"name\":\"known\"},"
            + "{\"type\":\"relationship\",\"id\":\"r--1\",\"relationship_type\":\"involves\","
            + "\"source_ref\":\"incident--1\",\"target_ref\":\"software--1\"},"
            + "{\"type\":\"relationship\",\"id\":\"r--2\",\"relationship_type\":\"involves\","
            + "\"source_ref\":\"incident--1\",\"target_ref\":\"software--2\"}]}");
        Assert.Equal("known", Assert.Single(Assert.IsType<IncidentBody>(row.Body).Systems).Name);
        Assert.Contains("linked[tlp]", row.Fields);
        Assert.Equal(Mapping.Unmapped, Mapping.Of("stix").OfTheirs("linked[tlp]")!.Import);
    }

    private ImportRow Single(string text)
    {
        string file = folder.Write("rows", text);
        Assert.True(
            Importer.TryOpen(file, ImportFormat.Auto, out var rows, out _, out string? problem), problem);
        return Assert.Single(rows);
    }
}
