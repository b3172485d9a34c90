using System.Diagnostics;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Protocol.Records;
using Xunit;

namespace IncidentMesh.Tests.Exchange;

/// <summary>The public data sets, where they are at hand.</summary>
public sealed class SharedDataTests : IDisposable
{
    private readonly ImportFolder folder = new();

    public void Dispose() => folder.Dispose();

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
        Assert.SkipUnless(Repo.Shared is not null, "there is no shared data beside the repository");
        string archive = Path.Combine(Repo.Shared, "data", "avid", "avid-db-8eda5f4.tar.xz");
        Assert.SkipUnless(Unpack(archive), "tar or xz is missing");
        List<ImportRow> rows = ImportFolder.Read(folder.Path, ImportFormat.Avid);
        Assert.Equal(1794, rows.Count);
        ImportRow[] bad = [.. rows.Where(row => row.Error is not null)];
        string[] reasons = [.. bad.GroupBy(row => row.Error).Select(group => $"{group.Count()} {group.Key}")];
        Assert.Equal(["6 \"metadata\": has no report_id or vuln_id"], reasons);
        Assert.InRange(rows.Count(row => row.Body is IncidentBody), 10, 30);
        Assert.All(rows.Except(bad), row => Assert.NotNull(row.Created));
        Assert.InRange(rows.Count(row => row.Body is ModelRiskBody { Evals.Count: > 0 }), 400, 1_000);
    }

    private bool Unpack(string archive)
    {
        try
        {
            using var tar = Process.Start(new ProcessStartInfo("tar", ["xf", archive, "-C", folder.Path])
            {
                RedirectStandardError = true,
            })!;
            tar.WaitForExit();
            return tar.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
