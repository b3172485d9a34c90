using System.Text;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Exchange;

public sealed class ImportTests : IDisposable
{
    private const string Header =
        "_id,incident_id,date,reports,Alleged deployer of AI system,Alleged developer of AI "
        + "system,Alleged harmed or nearly harmed parties,description,title\n";

    private readonly ImportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_aiid_title_becomes_an_incident_without_the_editors_grouping()
    {
        string file = folder.Write("titles.jsonl", """
            {"report_id": 50, "incident_id": 14, "language": "en", "title": "B", "url": "https://example.org"}

            {"report_id": "51", "incident_id": 14, "language": "de", "title": "Zweiter Titel", "url": "no"}
            """);
        List<ImportRow> rows = ImportFolder.Read(file, ImportFormat.AiidTitles);
        Assert.Equal([1L, 3L], rows.Select(row => row.Line));
        var body = Assert.IsType<IncidentBody>(rows[0].Body);
        Assert.Equal(("B", "en", null),
            (body.Title, rows[0].Language, rows[0].Created));
        Assert.Equal("AIID-report:50", Assert.Single(body.ExternalIds).ToString());
        Assert.Equal("https://example.org", Assert.Single(body.Evidence).Url);
        Assert.Empty(Assert.IsType<IncidentBody>(rows[1].Body).Evidence);
        Assert.DoesNotContain("14", BodyJson.Write("incident", rows[0].Body!.ToMap()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_aiid_incident_keeps_its_number_date_and_parties()
    {
        string file = folder.Write("incidents.csv", Header
            + "ObjectId(1),23,2017-11-08,\"[242,243]\",\"[\"\"navya\"\",\"\"keolis-north-america\"\"]\","
            + "\"[\"\"navya\"\"]\",[],"
            + "\"A shuttle, on its first day,\nhit a truck.\",\"Bus \"\"Arma\"\" in accident\"\r\n"
            + "ObjectId(2),24,2018-01-01,[],[],[],[],Second,Second title\n");
        List<ImportRow> rows = ImportFolder.Read(file, ImportFormat.AiidIncidents);
        Assert.All(rows, row => Assert.Null(row.Error));
        Assert.Equal([2L, 4L], rows.Select(row => row.Line));
        var body = Assert.IsType<IncidentBody>(rows[0].Body);
        Assert.Equal("Bus \"Arma\" in accident", body.Title);
        Assert.Equal("A shuttle, on its first day,\nhit a truck.", body.Description);
        Assert.Equal("2017-11-08", body.Occurred?.Start);
        Assert.Equal("AIID:23", Assert.Single(body.ExternalIds).ToString());
        Assert.Equal(new Party("keolis north america", "keolis-north-america"), body.Deployers[1]);
        Assert.Equal(new DateTimeOffset(2017, 11, 8, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(),
            rows[0].Created);
    }

    [Fact]
    public void Bad_rows_are_told_with_line_and_reason_and_the_rest_is_imported()
    {
        string file = folder.Write("incidents.csv", Header
            + "1,x,2018-01-01,[],[],[],[],d,t\n"
            + "2,2,2018-13-01,[],[],[],[],d,t\n"
            + "3,3,2018-01-01,[],[],[],[],d\n"
            + "4,4,2018-01-01,[],not json,[],[],d,t\n"
            + "5,5,2018-01-01,[],[],[],[],\"never closed,t\n"
            + "6,6,2018-01-01,[],[],[],[],\"d\"x,t\n"
            + "7,7,2018-01-01,[],[],[],[],d,\n"
            + "8,8,2018-01-01,[],[],[],[],d,good\n"
            + "9,9,2018-01-01,[],[],[],[],\"d,t\n"
            + "10,10,2018-01-01,[],[],[],[],d,good\n");
        List<ImportRow> rows = ImportFolder.Read(file, ImportFormat.AiidIncidents);
        Assert.Equal(
            [
                (2, "\"incident_id\": expected a number"), (3, "\"date\": expected a date"),
                (4, "8 cells where the header has 9"),
                (5, "\"Alleged deployer of AI system\": expected a list of texts"),
                    (6, "text after the closing quote of cell 8"),
                (7, "text after the closing quote of cell 8"), (8, "\"title\": is missing"), (9, null),
                (10, "a quote is not closed"), (11, null),
            ],
            rows.Select(row => ((int)row.Line, row.Error)));
        string errors = ErrorsFile.Beside(file);
        using (var bad = new ErrorsFile(errors))
        {
            foreach (ImportRow row in rows.Where(row => row.Error is not null))
            {
                bad.Add(row);
            }

            Assert.Equal(8, bad.Count);
        }

        Assert.EndsWith("incidents.csv.errors.jsonl", errors, StringComparison.Ordinal);
        Assert.Contains("\"line\":10,\"why\":\"a quote is not closed\"", File.ReadAllLines(errors)[7],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_are_not_text_too_long_or_not_json_spoil_only_themselves()
    {
        byte[] bytes =
        [
            .. Encoding.UTF8.GetBytes("{\"title\":\"first\"}\n"), 0xff, 0xfe, (byte)'\n',
            .. Encoding.UTF8.GetBytes($"{{\"title\":\"{new string('x', Limits.Exchange.LineBytes)}\"}}\n"),
            .. Encoding.UTF8.GetBytes(
            "{\"title\":}\n[1]\n{\"title\":\"\\ud800\"}\n{\"title\":3}\n{\"title\":\"last\"}"),
        ];
        List<ImportRow> rows = ImportFolder.Read(folder.Write("own.jsonl", bytes), ImportFormat.Lines);
        Assert.Equal(
            [null, "not UTF-8", "longer than", "not JSON", "expected a JSON object", "broken", "title", null],
            rows.Select(row => row.Error is null ? null
                : new[] { "not UTF-8", "longer than", "not JSON", "expected a JSON object", "broken",
                "title" }
                    .FirstOrDefault(row.Error.Contains)));
        Assert.True(rows[2].Text!.Length < Limits.Exchange.LineBytes);
    }

    [Fact]
    public void A_first_line_that_is_too_long_spoils_only_itself()
    {
        string large = $"{{\"title\":\"{new string('x', Limits.Exchange.LineBytes)}\"}}\n";
        List<ImportRow> rows = ImportFolder.Read(
            folder.Write("own.jsonl", large + "{\"title\":\"second\"}\n"), ImportFormat.Lines);
        Assert.Contains("longer than", rows[0].Error);
        Assert.Null(rows[1].Error);
        const string Avid = """
            {"data_type":"AVID","metadata":{"report_id":"AVID-1"},"affects":{"artifacts":[
            {"type":"Model","name":"m"}]},"problemtype":{"description":{"lang":"eng","value":"t"}}}
            """;
        rows = ImportFolder.Read(
            folder.Write("avid.jsonl", large + Avid.ReplaceLineEndings("") + "\n"), ImportFormat.Avid);
        Assert.Equal([true, false], rows.Select(row => row.Error is not null));
        Assert.Contains("longer than", ImportFolder.Refused(folder.Write("x.jsonl", large + large)));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_line_has_a_longest_length(int over, bool read)
    {
        const string Start = "{\"title\":\"t\",\"x\":\"";
        string line = Start + new string('x', Limits.Exchange.LineBytes - Start.Length - 2 + over) + "\"}";
        ImportRow row =
            Assert.Single(
            ImportFolder.Read(folder.Write("own.jsonl", line), ImportFormat.Lines, ImportFormat.Lines));
        Assert.Equal(read, row.Error!.Contains("unknown field", StringComparison.Ordinal));
    }

    [Fact]
    public void A_report_written_over_several_lines_is_one_row_and_so_is_what_is_none()
    {
        ImportRow row = Assert.Single(ImportFolder.Read(
            folder.Write("one.json", "{\n  \"title\": \"One\",\n  \"country\": \"DE\"\n}\n"),
            ImportFormat.Lines));
        Assert.Null(row.Error);
        Assert.Equal(2, ImportFolder.Read(
            folder.Write("two.json", "[\n{\"title\": \"One\"},\n{\"title\": \"Two\"}\n]"),
            ImportFormat.Lines, ImportFormat.Lines).Count(r => r.Error is null));
        ImportRow schema = Assert.Single(ImportFolder.Read(
            folder.Write("schema.json", "{\n  \"$schema\": \"x\",\n  \"title\": \"A schema\"\n}\n"),
            ImportFormat.Lines));
        Assert.Contains("$schema", schema.Error);
    }

    [Fact]
    public void An_avid_report_becomes_a_model_risk()
    {
        string file = folder.Write("AVID-2025-R0001.json", """
            {"data_type":"AVID","metadata":{"report_id":"AVID-2025-R0001"},
             "affects":{
                 "developer":["OpenAI"],"deployer":[],"artifacts":[
                 {"type":"Model","name":"m1"},{"type":"System","name":"s1"},{"type":"Dataset","name":"d1"}]},
             "problemtype":{
                 "classof":"LLM Evaluation","type":"Measurement","description":{
                 "lang":"eng","value":"Evaluation of m1"}},
             "metrics":[
                 {"scorer":"model_graded_qa","metrics":"accuracy","value":0.0515},{
                 "scorer":"s","metrics":"e","value":1e-05},
              {"name":"g","detection_method":{"type":"Static Threshold","name":"x"},"results":{
                  "rows":[{"detector":"dan.DAN","passed":3,"score":0.25,"total_evaluated":12}]}}],
             "references":[
                 {"type":"source","label":"Log","url":"https://example.org/log"},{
                 "label":"bad","url":"../img.png"}],
             "description":{"lang":"eng","value":"Long text"},
             "impact":{
                 "avid":{"vuln_id":"AVID-2025-V001","risk_domain":["Security"],"sep_view":[
                 "S0403: Adversarial Example"],"lifecycle_view":["L05: Evaluation"]},
              "cvss":{"version":"3.1","vectorString":"CVSS:3.1/AV:N","baseScore":9.8,
                 "baseSeverity":"CRITICAL"},"cwe":[{"cweId":"CWE-79","description":"x","lang":"eng"}]},
             "credit":[{"lang":"eng","value":"Harsh Raj"}],"reported_date":"2025-05-26"}
            """);
        ImportRow row = Assert.Single(ImportFolder.Read(file, ImportFormat.Avid));
        Assert.Null(row.Error);
        var body = Assert.IsType<ModelRiskBody>(row.Body);
        Assert.Equal(
            ("Evaluation of m1", "Long text", "evaluation", "L05", "CVSS:3.1/AV:N", "2025-05-26", "en"),
            (body.Title, body.Description, body.RiskClass, body.LifecyclePhase, body.CvssVector,
                body.DisclosureDate,
                row.Language));
        Assert.Equal(("m1", "s1", "d1"), (body.Models[0].Name, body.Systems[0].Name, body.Datasets[0].Name));
        Assert.Equal(new Severity("critical", "cvss-3.1", "CRITICAL 9.8"), body.Severity);
        Assert.Equal(["inspect:model_graded_qa/accuracy=0.0515", "inspect:s/e=0.00001", "garak:dan.DAN=0.25"],
            body.Evals.Select(eval => $"{eval.Metric}={eval.Value}"));
        Assert.Equal(12, body.Evals[2].N);
        Assert.Equal("AVID-2025-R0001", Assert.Single(body.ExternalIds).ToString());
        Assert.Contains(new Tag("avid-vulnerability", "AVID-2025-V001"), body.Tags);
        Assert.Equal(["security"], body.RiskDomains);
        Assert.Equal(["S0403"], body.SepView);
        Assert.Equal(["CWE-79"], body.Cwes);
        Assert.Equal("https://example.org/log", Assert.Single(body.Evidence).Url);
    }

    [Fact]
    public void A_folder_of_avid_is_read_in_the_order_of_its_names_and_a_foreign_file_spoils_only_itself()
    {
        const string Report = """
            {"data_type":"AVID","metadata":{"report_id":"AVID-1"},"problemtype":{
                "classof":"CVE Entry","type":"Advisory",
             "description":{"lang":"eng","value":"t"}},"affects":{"artifacts":[{"type":"System","name":"s"}]},
             "references":[
                 {"url":"https://nvd.nist.gov/vuln/detail/cve-2024-12345"}],"reported_date":"2025-05-26"}
            """;
        folder.Write("2022/b.json", Report);
        folder.Write("2022/a.json", "{}");
        folder.Write("2022/c.json", "{\"data_type\":\"AVID\",\"metadata\":null}");
        List<ImportRow> rows = ImportFolder.Read(folder.Path, ImportFormat.Avid, ImportFormat.Avid);
        Assert.Equal(["\"data_type\" is not \"AVID\"", null, "\"metadata\": has no report_id or vuln_id"],
            rows.Select(row => row.Error));
        Assert.Equal(["AVID-1", "CVE-2024-12345"],
            Assert.IsType<ModelRiskBody>(rows[1].Body).ExternalIds.Select(id => id.ToString()));
    }

    [Fact]
    public void The_same_file_gives_the_same_bodies_so_that_importing_again_adds_nothing()
    {
        string file =
            folder.Write("incidents.csv",
            Header + "1,23,2017-11-08,[],\"[\"\"b\"\",\"\"a\"\"]\",[],[],d,t\n");
        byte[][] Bodies() => [.. ImportFolder.Read(file, ImportFormat.AiidIncidents)
            .Select(row => DagCbor.Write(row.Body!.ToMap()))];
        Assert.Equal(Bodies(), Bodies());
    }

    [Fact]
    public void A_file_of_no_known_form_is_refused_with_what_it_lacks()
    {
        Assert.Contains("no file", ImportFolder.Refused(Path.Combine(folder.Path, "none.csv")),
            StringComparison.Ordinal);
        Assert.Contains("empty", ImportFolder.Refused(folder.Write("empty.csv", "\n\n")),
            StringComparison.Ordinal);
        Assert.Contains("lacks the column \"date\"",
            ImportFolder.Refused(folder.Write("a.csv", "incident_id,title\n1,x\n")),
                StringComparison.Ordinal);
        Assert.Contains("no \"title\"", ImportFolder.Refused(folder.Write("a.jsonl", "{\"x\":1}\n")),
            StringComparison.Ordinal);
        Assert.Contains("not text", ImportFolder.Refused(folder.Write("a.bin", [0xff, 0xd8, 0x00])),
            StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(folder.Path, "sub"));
        Assert.Contains("holds no .json", ImportFolder.Refused(Path.Combine(folder.Path, "sub")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_samples_of_the_demo_are_plain_lines()
    {
        string file = Path.Combine(Repo.Root, "node", "Samples", "reports.jsonl");
        List<ImportRow> rows = ImportFolder.Read(file, ImportFormat.Lines);
        Assert.All(rows, row => Assert.Null(row.Error));
        Assert.All(rows, row =>
        {
            var report = Assert.IsAssignableFrom<ReportBody>(row.Body);
            Assert.NotNull(report.Severity);
            Assert.NotEmpty(report.HarmTypes);
            Assert.NotEmpty(report.Systems);
            Assert.NotEmpty(report.Evidence);
            Assert.NotNull(report.Occurred);
            Assert.Empty(report.MissingMandatory());
        });
    }

    [Fact]
    public void A_plain_line_with_a_wrong_value_or_field_says_which()
    {
        string file = folder.Write("own.jsonl", """
            {"type":"incident","title":"t","severity":"huge"}
            {"type":"incident","title":"t","sevrity":"incident"}
            {"type":"incidents","title":"t"}
            {"type":"incident","title":"t","created":"soon"}
            {"type":"incident","body":{"title":"t"},"created":"2026-01-02"}
            """);
        List<ImportRow> rows = ImportFolder.Read(file, ImportFormat.Lines);
        Assert.Contains("\"huge\"", rows[0].Error, StringComparison.Ordinal);
        Assert.Equal("unknown field \"sevrity\"", rows[1].Error);
        Assert.Contains("incidents", rows[2].Error, StringComparison.Ordinal);
        Assert.Contains("created", rows[3].Error, StringComparison.Ordinal);
        Assert.Null(rows[4].Error);
    }
}
