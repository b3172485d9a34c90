using IncidentMesh.Node.Exchange;
using IncidentMesh.Protocol.Records;
using Xunit;

namespace IncidentMesh.Tests.Exchange;

/// <summary>The public data sets, where they are at hand.</summary>
public sealed class SharedDataTests
{
    [Fact]
    public void Every_title_and_incident_of_aiid_is_imported()
    {
        Assert.SkipUnless(Repo.Shared is not null, "there is no shared data beside the repository");
        string aiid = Path.Combine(Repo.Shared, "data", "aiid");
        List<ImportRow> titles =
            ImportFolder.Read(Path.Combine(aiid, "titles_dev.jsonl"), ImportFormat.AiidTitles);
        Assert.Equal((2497, 0), (titles.Count, titles.Count(row => row.Error is not null)));
        List<ImportRow> incidents =
            ImportFolder.Read(Path.Combine(aiid, "incidents_dev.csv"), ImportFormat.AiidIncidents);
        Assert.Empty(incidents.Where(row => row.Error is not null).Select(row => $"{row.Line}: {row.Error}"));
        Assert.InRange(incidents.Count, 600, 700);
    }

    [Fact]
    public void Of_avid_all_is_imported_but_the_drafts_without_a_number()
    {
        string archive = Repo.SharedFile("data", "avid", "avid-db-8eda5f4.tar.xz");
        string avid = Archive.Unpack(archive);
        Assert.Equal(1_822, new[] { "*.json", "*.jsonl" }.Sum(pattern =>
            Directory.EnumerateFiles(avid, pattern, SearchOption.AllDirectories).Count()));
        List<ImportRow> rows = ImportFolder.Read(avid, ImportFormat.Auto);
        ImportRow[] bad = [.. rows.Where(row => row.Error is not null)];
        string[] reasons = [.. bad
            .Select(row => row.Error!.Replace(row.File, "FILE", StringComparison.Ordinal)
            .Split(" is none of ")[0]).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "\"metadata\": \"AVID-2026-R-1234\" is a placeholder, not a number that AVID gave",
                "\"metadata\": has no report_id or vuln_id",
                "FILE",
            ],
            reasons);
        ImportRow[] good = [.. rows.Except(bad)];
        Assert.Equal(1_788, good.Length);
        // The working files of its editors: decisions about drafts, and a list.
        Assert.Equal([".csv", ".jsonl"], bad
            .Where(row => row.Error!.Contains("none of", StringComparison.Ordinal))
            .Select(row => Path.GetExtension(row.File)).Order(StringComparer.Ordinal));
        Assert.InRange(rows.Count(row => row.Body is IncidentBody), 10, 30);
        Assert.Equal(40, good.Count(row => row.Body is ReportBody body && body.ExternalIds.Any(id =>
            id.Scheme == "AVID" && id.Id.Contains("-V", StringComparison.Ordinal))));
        Assert.All(good, row => Assert.NotNull(row.Created));
        Assert.InRange(rows.Count(row => row.Body is ModelRiskBody { Evals.Count: > 0 }), 400, 1_000);
    }

    [Fact]
    public void Every_case_study_of_atlas_is_imported()
    {
        string archive = Repo.SharedFile("data", "atlas", "atlas-case-studies-8ee2c68.tar.xz");
        string studies = Path.Combine(Archive.Unpack(archive), "data", "case-studies");
        List<ImportRow> rows = ImportFolder.Read(studies, ImportFormat.Auto);
        Assert.Equal((57, 0), (rows.Count, rows.Count(row => row.Error is not null)));
        Assert.Equal(40, rows.Count(row => row.Body is ModelRiskBody));
        Assert.Equal(449, rows.Sum(row => ((ReportBody)row.Body!).Techniques.Count));
        Assert.All(rows, row => Assert.NotNull(((ReportBody)row.Body!).Description));
    }
}
