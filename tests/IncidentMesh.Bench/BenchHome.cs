using IncidentMesh.Node.Store;

namespace IncidentMesh.Bench;

/// <summary>A node's folder with signed reports, as <c>--reports=N</c> and <c>--dir=FOLDER</c> ask for it.
/// One that is given keeps its archive for the next run; any other is deleted at the end.</summary>
internal sealed class BenchHome : IDisposable
{
    private readonly bool _given;

    private BenchHome(DataFolder folder, int reports, bool given) =>
        (Folder, Reports, _given) = (folder, reports, given);

    /// <summary>The folder.</summary>
    public DataFolder Folder { get; }

    /// <summary>Reports that a new archive gets.</summary>
    public int Reports { get; }

    /// <summary>Opens the folder; fills it where it is new.</summary>
    public static async Task<BenchHome> OpenAsync(BenchOutput output, int reports)
    {
        reports = output.Option("reports", reports);
        string given = output.Option("dir", "");
        DataFolder folder = DataFolder.Resolve(given.Length > 0 ? given
            : Path.Combine(Path.GetTempPath(), $"incidentmesh-bench-{Guid.NewGuid():n}"));
        if (!folder.Exists)
        {
            BenchOutput.Progress($"signing {reports:#,0} reports");
            await StartArchive.FillAsync(folder, reports);
        }

        return new BenchHome(folder, reports, given.Length > 0);
    }

    public void Dispose()
    {
        if (!_given) { Directory.Delete(Folder.Home, recursive: true); }
    }
}
