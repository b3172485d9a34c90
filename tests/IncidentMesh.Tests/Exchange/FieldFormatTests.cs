using System.Text.Json;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using Xunit;

namespace IncidentMesh.Tests.Exchange;

/// <summary>Files of other systems as those write them.</summary>
public sealed class FieldFormatTests : IDisposable
{
    private readonly ImportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_answer_of_aiids_interface_is_read_and_its_articles_are_not()
    {
        List<ImportRow> rows = ImportFolder.Read(folder.Write("dump.json", """
            {"data":{"reports":[
              {"report_number":7,"title":"A","url":"https://e.org/a",
               "date_published":"2020-01-02T00:00:00.000Z",
               "language":"en","authors":["Ann"],"tags":["x"],"text":"the article","description":"d",
               "is_incident_report":true},
              {"report_number":8,"title":"B","is_incident_report":false},
              {"title":"C"}],
             "incidents":[{"incident_id":3,"title":"I","date":"2019-05-06","description":"d",
               "AllegedDeployerOfAISystem":[{"entity_id":"novara","name":"Novara"}],
               "implicated_systems":[{"entity_id":"fs","name":"FaceSure"}],"reports":[{"report_number":7}]}]}}
            """), ImportFormat.AiidObjects);
        IncidentBody report = Assert.IsType<IncidentBody>(rows[0].Body);
        Assert.Equal("d", report.Description);
        Assert.Equal(new ExternalId("AIID-report", "7"), Assert.Single(report.ExternalIds));
        Assert.Equal(Forms.ToUnixSeconds("2020-01-02"), rows[0].Created);
        string json = BodyJson.Write("incident", report.ToMap());
        Assert.DoesNotContain("article", json, StringComparison.Ordinal);
        Assert.Contains("models", rows[1].Error, StringComparison.Ordinal);
        Assert.Contains("report_number", rows[2].Error, StringComparison.Ordinal);
        IncidentBody incident = Assert.IsType<IncidentBody>(rows[3].Body);
        Assert.Equal(new Party("Novara", "novara"), Assert.Single(incident.Deployers));
        Assert.Equal("FaceSure", Assert.Single(incident.Systems).Name);
    }

    [Fact]
    public void A_case_study_of_atlas_keeps_its_steps_in_order()
    {
        ImportRow row = Assert.Single(ImportFolder.Read(folder.Write("study.yaml", """
            ---
            id: AML.CS0099
            name: A case
            object-type: case-study
            summary: "Two\n\nparagraphs"
            incident-date: 2024-10-01
            incident-date-granularity: MONTH
            procedure:
            - tactic: '{{initial_access.id}}'
              technique: '{{prompt_infil.id}}'
              description: One.
            - tactic: AML.TA0007
              technique: AML.T0054
              description: Two.
            target: An agent
            actor: A lab
            case-study-type: exercise
            references:
            - title: T
              url: https://e.org/t
            """), ImportFormat.Atlas));
        ModelRiskBody body = Assert.IsType<ModelRiskBody>(row.Body);
        Assert.Equal("2024-10", body.Occurred!.Start);
        Assert.Equal(["prompt_infil", "AML.T0054"], body.Techniques.Select(one => one.Id));
        Assert.Equal("initial_access", body.Techniques[0].Tactic);
        Assert.Equal("demonstrated", body.Maturity);
        Assert.Equal("https://atlas.mitre.org/studies/AML.CS0099", Assert.Single(body.ExternalIds).Url);
    }

    [Theory]
    [InlineData("name: x\nincident-date: &a 2024\nprocedure: [*a, *a]\n", "an alias")]
    [InlineData("name: [\n", "not YAML")]
    [InlineData("name: x\n", "no case study")]
    public void Yaml_that_cannot_be_read_says_why(string text, string why) =>
        Assert.Contains(why, ImportFolder.Refused(folder.Write("a.yaml", text)), StringComparison.Ordinal);

    [Fact]
    public void Yaml_is_read_to_its_depth_and_no_deeper()
    {
        string Nested(int levels) => "name: " + new string('[', levels) + new string(']', levels) + "\n";
        Assert.NotNull(YamlJson.Parse(Nested(Limits.Exchange.Depth - 1), out _));
        Assert.Null(YamlJson.Parse(Nested(Limits.Exchange.Depth), out string? error));
        Assert.Contains("nested deeper", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_is_read_with_a_map_of_its_columns()
    {
        string map = folder.Write("map.json", """
            { // what the columns mean
              "type": "incident", "lang": "de", "separator": ";", "list": "|",
              "columns": { "Titel": "title", "Tag": "occurred", "Stufe": "severity", "Firma": "developers",
                           "Akte": "external_ids.BNetzA", "Link": "evidence", "Land": "countries" },
              "values": { "severity": { "schwer": "serious-incident" } },
              "always": { "attribution": "Stadt Köln" },
            }
            """);
        string table = folder.Write("t.csv", """
            Titel;Tag;Stufe;Firma;Akte;Link;Land;Notiz
            Falscher Treffer;2026-11-19;schwer;Novara|Acme;17/26;https://e.org/a;DE|FR;x
            Zweiter;gestern;schwer;;;;;
            Dritter;2026
            """);
        Assert.True(
            Importer.TryOpen(table, ImportFormat.Auto, out var rows, out _, out string? why, map), why);
        List<ImportRow> read = [.. rows];
        IncidentBody body = Assert.IsType<IncidentBody>(read[0].Body);
        Assert.Equal("serious-incident", body.Severity!.Value);
        Assert.Equal(["Novara", "Acme"], body.Developers.Select(one => one.Name));
        Assert.Equal(new ExternalId("BNetzA", "17/26"), Assert.Single(body.ExternalIds));
        Assert.Equal(["DE", "FR"], body.Countries);
        Assert.Equal("Stadt Köln", body.Attribution);
        Assert.Equal("de", read[0].Language);
        Assert.Contains("column Notiz", read[0].Fields);
        Assert.Contains("\"Tag\"", read[1].Error, StringComparison.Ordinal);
        Assert.Equal((4L, "2 cells where the header has 8"), (read[2].Line, read[2].Error));
    }

    [Fact]
    public void Several_columns_fill_one_list()
    {
        string map = folder.Write("map.json", """
            { "columns": { "T": "title", "A": "countries", "B": "countries", "C": "developers",
                           "D": "developers", "E": "external_ids.X", "F": "external_ids.Y" },
              "always": { "attribution": "Stadt Köln", "developers": "Acme" } }
            """);
        string table = folder.Write("t.csv", """
            T,A,B,C,D,E,F
            t,DE,FR;ES,Novara,"[{""name"":""Z""}]",1,2
            """);
        Assert.True(
            Importer.TryOpen(table, ImportFormat.Auto, out var rows, out _, out string? why, map), why);
        IncidentBody body = Assert.IsType<IncidentBody>(Assert.Single(rows).Body);
        Assert.Equal(["DE", "FR", "ES"], body.Countries);
        Assert.Equal(["Novara", "Z", "Acme"], body.Developers.Select(one => one.Name));
        Assert.Equal(["X:1", "Y:2"], body.ExternalIds.Select(id => id.ToString()));
    }

    [Theory]
    [InlineData("{\"columns\":{\"a\":\"titel\"}}", "there is no field \"titel\"")]
    [InlineData("{\"columns\":{}}", "names no column")]
    [InlineData("{\"colums\":{\"a\":\"title\"}}", "\"colums\" is none of")]
    [InlineData("[", "not JSON at line 1")]
    [InlineData("{\"columns\":{\"a\":\"title\",\"b\":\"title\"}}",
        "column \"a\" and column \"b\" are one field, \"title\"")]
    [InlineData("{\"columns\":{\"a\":\"occurred\",\"b\":\"occurred.start\"}}", "are one field")]
    [InlineData("{\"columns\":{\"a\":\"title\"},\"always\":{\"title\":\"x\"}}",
        "column \"a\" and \"always\" are one field, \"title\"")]
    [InlineData("{\"columns\":{\"a\":\"title\"},\"always\":{\"lang\":\"de\"}}",
        "there is no field \"lang\"")]
    [InlineData("{\"columns\":{\"a\":\"title\"},\"always\":{\"severity\":\"huge\"}}",
        "\"always\": severity.value: \"huge\" is not in")]
    [InlineData("{\"columns\":{\"a\":\"title\"},\"always\":{\"evidence\":\"no address\"}}",
        "\"always\": evidence[0].url")]
    [InlineData("{\"columns\":{\"a\":\"title\",\"b\":\"type\"},\"always\":{\"severity\":\"huge\"}}",
        "\"always\": severity.value")]
    public void A_wrong_map_says_what_is_wrong(string map, string why)
    {
        string table = folder.Write("t.csv", "a\nx\n");
        Assert.False(Importer.TryOpen(
            table, ImportFormat.Auto, out _, out _, out string? problem, folder.Write("m.json", map)));
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_of_elsewhere_is_read_through_its_relationships()
    {
        List<ImportRow> rows = ImportFolder.Read(folder.Write("b.json", """
            {"type":"bundle","id":"bundle--1","objects":[
              {"type":"incident","id":"incident--1","name":"I","created":"2026-01-02T03:04:05.000Z",
               "external_references":[{"source_name":"press","url":"https://e.org/p","description":"P"},
                                      {"source_name":"AIID","external_id":"14"}],"labels":["x"]},
              {"type":"identity","id":"identity--1","name":"City"},
              {"type":"location","id":"location--1","country":"de"},
              {"type":"relationship","id":"r--1","relationship_type":"targets","source_ref":"incident--1",
               "target_ref":"identity--1"},
              {"type":"relationship","id":"r--2","relationship_type":"targets","source_ref":"incident--1",
               "target_ref":"location--1"},
              {"type":"vulnerability","id":"vulnerability--1","name":"V"},
              {"type":"incident","id":"incident--2"},
              {"type":"malware","id":"malware--1","name":"M"}]}
            """), ImportFormat.Stix);
        Assert.Equal(3, rows.Count);
        IncidentBody body = Assert.IsType<IncidentBody>(rows[0].Body);
        Assert.Equal("City", Assert.Single(body.HarmedParties).Name);
        Assert.Equal(["DE"], body.Countries);
        Assert.Equal(["AIID:14", "STIX:incident--1"], body.ExternalIds.Select(id => id.ToString()));
        Assert.Equal("https://e.org/p", Assert.Single(body.Evidence).Url);
        Assert.Equal((6L, 7L), (rows[1].Line, rows[2].Line));
        Assert.Contains("vulnerability--1: models", rows[1].Error, StringComparison.Ordinal);
        Assert.Contains("incident--2: title: is missing", rows[2].Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_of_elsewhere_is_an_incident_with_its_links_and_tags()
    {
        ImportRow row = Assert.Single(ImportFolder.Read(folder.Write("e.json", """
            {"Event":{"uuid":"5d8dc046-15a1-4ca3-a09f-000000000001","info":"Chatbot","date":"2026-03-04",
              "timestamp":"1772582400","threat_level_id":"2","Tag":[{"name":"tlp:clear"},
              {"name":"workflow:state=\"complete\""}],
              "Attribute":[{"type":"link","category":"External analysis","value":"https://e.org/l"},
                           {"type":"ip-dst","value":"192.0.2.1"},
                           {"type":"vulnerability","value":"CVE-2026-1234"}]}}
            """), ImportFormat.Misp));
        IncidentBody body = Assert.IsType<IncidentBody>(row.Body);
        Assert.Equal("2026-03-04", body.Occurred!.Start);
        Assert.Equal("https://e.org/l", Assert.Single(body.Evidence).Url);
        Assert.Equal(new Tag("workflow:state", "complete"), Assert.Single(body.Tags));
        Assert.Equal(["CVE", "MISP"], body.ExternalIds.Select(id => id.Scheme));
        Assert.Null(body.Severity);
    }

    [Fact]
    public void A_vulnerability_of_misp_has_the_relations_of_its_template()
    {
        ModelRiskBody body = new() { Title = "t", Description = "d", Models = [new Model("m")] };
        string text = Exported.Text("misp", Exported.View(body));
        using JsonDocument json = JsonDocument.Parse(text);
        JsonElement made = json.RootElement.GetProperty("response")[0].GetProperty("Event")
            .GetProperty("Object")[0];
        Assert.Equal(["summary", "text"], made.GetProperty("Attribute").EnumerateArray()
            .Select(one => one.GetProperty("object_relation").GetString()));
        ImportRow row = Assert.Single(ImportFolder.Read(folder.Write("e.json", text), ImportFormat.Misp));
        Assert.Equal("d", Assert.IsType<ModelRiskBody>(row.Body).Description);
    }

    [Fact]
    public void Text_of_others_stays_text_in_a_case_file_and_in_a_table()
    {
        IncidentBody body = new()
        {
            Title = "<script>alert(1)</script> [x](javascript:1)",
            Description = "# no heading\n=HYPERLINK(\"http://e.org\")\n\u001b[31m\u202e",
            Evidence = [new Evidence("https://e.org/a?b=\"><b>")],
        };
        ReportView view = Exported.View(body);
        string html = Exported.Text("html", view);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', html);
        Assert.DoesNotContain('\u202e', html);
        string markdown = Exported.Text("markdown", view);
        Assert.Contains("\\<script\\>", markdown, StringComparison.Ordinal);
        Assert.Contains("\\[x\\](javascript:1)", markdown, StringComparison.Ordinal);
        Assert.Contains("> \\# no heading", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", markdown, StringComparison.Ordinal);
        body.Title = "=1+1";
        Assert.Contains(",'=1+1,", Exported.Text("csv", Exported.View(body)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_report_counts_what_is_kept_and_what_is_missing()
    {
        Assert.True(Exporter.TryMake("oecd", out Exporter? exporter));
        IncidentBody body =
            new() { Title = "t", Severity = new Severity("high", "cvss-3.1"), Credits = ["Ann"] };
        exporter.Write(TextWriter.Null, ExportItem.Of(Exported.View(body))!);
        LossView loss = exporter.Loss.View();
        string Of(string field) => loss.Fields.Single(one => one.Field == field).Fidelity;
        Assert.Equal(("direct", "partial", "unmapped"), (Of("title"), Of("severity"), Of("credits")));
        Assert.Equal(["ai_role", "description", "evidence", "harm_types"], loss.Missing.Keys);
        string json = Exported.Text("oecd", Exported.View(body));
        Assert.DoesNotContain("10. Severity", json, StringComparison.Ordinal);
        Assert.Contains("\"1. Title\":{\"title\":\"t\"}", json, StringComparison.Ordinal);
    }
}
