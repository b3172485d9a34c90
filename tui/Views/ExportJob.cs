using System.Globalization;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;

namespace IncidentMesh.Tui.Views;

/// <summary>Writes what a query finds into a file of this machine, page by page; an existing file is never
/// overwritten.</summary>
internal sealed class ExportJob(Desk desk, string query, string format, string name)
{
    private const int Page = 200;
    private const string Header = "id,short,type,created,tlp,lang,country,severity,harm,state,author,"
        + "standing,reports,independent,external_ids,title";

    private string Path => name.EndsWith('.' + format, StringComparison.Ordinal) ? name : $"{name}.{format}";

    public void Run()
    {
        desk.Say("exporting");
        desk.Courier.Ask(
            (node, stop) => format == "csv" ? WriteTableAsync(node, stop) : WriteLinesAsync(node, stop),
            count => desk.Say($"{Words.Count(count, "report")} written to {SafeText.Show(Path)}", Ink.Good),
            desk.Failed);
    }

    private async Task<int> WriteLinesAsync(INodeClient node, CancellationToken stop)
    {
        await using StreamWriter file = Create();
        int count = 0;
        await foreach (string line in node.ExportAsync(query, stop).ConfigureAwait(false))
        {
            await file.WriteLineAsync(line.AsMemory(), stop).ConfigureAwait(false);
            count++;
        }

        return count;
    }

    private async Task<int> WriteTableAsync(INodeClient node, CancellationToken stop)
    {
        await using StreamWriter file = Create();
        await file.WriteAsync((Header + "\r\n").AsMemory(), stop).ConfigureAwait(false);
        int count = 0;
        string? cursor = null;
        do
        {
            SearchView page =
                await node.SearchAsync(query, Page, cursor, "new", null, stop).ConfigureAwait(false);
            foreach (ReportItem item in page.Items)
            {
                await file.WriteAsync((Row(item) + "\r\n").AsMemory(), stop).ConfigureAwait(false);
                count++;
            }

            cursor = page.Cursor;
        }
        while (cursor is not null);
        return count;
    }

    private StreamWriter Create()
    {
        try
        {
            return new StreamWriter(new FileStream(Path, FileMode.CreateNew));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new NodeFailure(
                "file", $"cannot write {Path}: {e.Message.ToLowerInvariant()}", "give another name", 2);
        }
    }

    /// <summary>One line of RFC 4180, without its end.</summary>
    internal static string Row(ReportItem item) => string.Join(',', new[]
    {
        item.Id, item.Short, item.Type, item.Created.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        item.Tlp, item.Lang ?? "", string.Join(' ', item.Countries), item.Severity?.Value ?? "",
        string.Join(' ', item.Harm), item.State, item.Author.Name ?? item.Author.Id, item.Author.Standing,
        item.Cluster?.Reports.ToString(CultureInfo.InvariantCulture) ?? "",
        item.Cluster?.Independent.ToString(CultureInfo.InvariantCulture) ?? "",
        string.Join(' ', item.ExternalIds), item.Title,
    }.Select(CsvCell.Write));
}
