using IncidentMesh.Node.Exchange;
using Xunit;

namespace IncidentMesh.Tests.Exchange;

/// <summary>A file that is exported is there as a whole or not at all.</summary>
public sealed class WholeFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incidentmesh-whole-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "out.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("before\n")]
    public async Task What_is_stopped_leaves_what_was_there(string? before)
    {
        if (before is not null)
        {
            File.WriteAllText(Path, before);
        }

        await Assert.ThrowsAsync<OperationCanceledException>(() => WholeFile.WriteAsync(Path, async to =>
        {
            await to.WriteLineAsync("half");
            await to.FlushAsync(TestContext.Current.CancellationToken);
            Assert.Equal(before, File.Exists(Path) ? File.ReadAllText(Path) : null);
            throw new OperationCanceledException();
        }));
        Assert.Equal(before, File.Exists(Path) ? File.ReadAllText(Path) : null);
        Assert.Equal(before is null ? 0 : 1, _folder.GetFiles().Length);
    }

    [Fact]
    public async Task What_is_written_replaces_what_was_there()
    {
        File.WriteAllText(Path, "before\n");
        await WholeFile.WriteAsync(Path, to => to.WriteAsync("after\n"));
        Assert.Equal("after\n", File.ReadAllText(Path));
        Assert.Single(_folder.GetFiles());
    }
}
