using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>Writes what a query finds into a file of this machine, in any format that the node exports; an
/// existing file is never overwritten, and a file that is there is whole.</summary>
internal sealed class ExportJob(Desk desk, string query, ExportFormat format, string name)
{
    private const string Keys = "jbcsmaokh";

    private string FilePath => UserPath.Full(
        name.EndsWith(format.Extension, StringComparison.Ordinal) ? name : name + format.Extension);

    /// <summary>Asks for format and file, then exports.</summary>
    /// <param name="desk">The desk.</param>
    /// <param name="title">What is exported.</param>
    /// <param name="query">Finds it.</param>
    /// <param name="one">The report that a format of one report tells of, or null.</param>
    public static void Ask(Desk desk, string title, string query, ReportItem? one)
    {
        ExportFormat[] formats = [.. ExportFormat.All.Where(f => !f.OneReport || one is not null)];
        string name = UserPath.Full($"reports-{desk.Time.GetUtcNow():yyyyMMdd-HHmmss}");
        Choice Choice(ExportFormat f) => new($"{Keys[ExportFormat.All.ToList().IndexOf(f)]}", f.Word, f.Name);
        desk.Ask(new Dialog(
            title,
            [
                new(T("format"), [.. formats.Select(Choice)]),
                new(T("file"), [], name),
            ],
            answers =>
            {
                ExportFormat format = formats.First(f => f.Name == answers[0]);
                new ExportJob(desk, format.OneReport ? one!.Id : query, format, answers[1]).Run();
            }));
    }

    public void Run() => desk.Jobs.Start(
        T($"export to {SafeText.Show(Path.GetFileName(FilePath))}"), lost: true, WriteAsync,
        last =>
        {
            int lossy = last.Loss?.Fields.Count(f => f.Fidelity != "direct") ?? 0;
            string lost = lossy == 0 ? ""
                : "; " + Plural(lossy, $"{lossy} field not kept in full", $"{lossy} fields not kept in full");
            long retracted = last.Retracted;
            string left = retracted == 0 ? ""
                : "; " + Plural(retracted,
                    $"{retracted:N0} retracted report left out: {format.Name} cannot say that it is one",
                    $"{retracted:N0} retracted reports left out: {format.Name} cannot say what they are");
            long older = last.Superseded;
            left += older == 0 ? ""
                : "; " + Plural(older,
                    $"{older:N0} superseded version left out: {format.Name} has the current one alone",
                    $"{older:N0} superseded versions left out: {format.Name} has the current ones alone");
            // Its name stands before this.
            string folder = SafeText.Show(Path.GetDirectoryName(FilePath)!);
            return Plural(
                last.Written, $"{last.Written} report written to {folder}",
                $"{Words.Number(last.Written)} reports written to {folder}") + left + lost;
        });

    private async Task<ExportView> WriteAsync(INodeClient node, Job job, CancellationToken stop)
    {
        string partial = FilePath + ".partial";
        var last = new ExportView(0, 0, "");
        bool made = false;
        try
        {
            if (File.Exists(FilePath))
            {
                throw new IOException(T("the file exists"));
            }

            // One that an export left behind which was killed is written over, one that is being written not.
            var file = new StreamWriter(
                new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None));
            made = true;
            await using (file.ConfigureAwait(false))
            {
                IAsyncEnumerable<ExportView> pieces = node.ExportAsync(query, format.Name, stop);
                await foreach (ExportView piece in pieces.ConfigureAwait(false))
                {
                    await file.WriteAsync(piece.Text.AsMemory(), stop).ConfigureAwait(false);
                    job.Reached(piece.Written, piece.Total);
                    last = piece;
                }
            }

            if (!last.Done)
            {
                throw NodeFailure.NotUnderstood(T("the export breaks off"));
            }

            File.Move(partial, FilePath);
            return last;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new NodeFailure(
                "file", T($"cannot write {FilePath}: {e.Message.ToLowerInvariant()}"),
                T("give another name"), 2);
        }
        finally
        {
            if (made)
            {
                File.Delete(partial);
            }
        }
    }
}
