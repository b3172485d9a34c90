using System.Text.Json;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tests.Commands;
using IncidentMesh.Tests.Store;
using Xunit;

namespace IncidentMesh.Tests.EndToEnd;

/// <summary>A disk without room, as its user meets it: the error with its hint and exit code 9, nothing lost,
/// and everything goes on when there is room again.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int Reports = 3_000;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Import_and_submit_without_room_exit_9_and_go_on_when_there_is_room()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs bash and its ulimit");
        using var cli = new CommandProcess();
        string file = cli.Write("reports.jsonl", Generate());
        string text = "--text=@" + cli.Write("long.txt", new string('x', 98_000));
        cli.Init();

        // The first segment of the log has 4 MiB and the next one 8: a limit between them is a disk on which
        // no more than the first one fits.
        cli.Shell = "trap '' XFSZ; ulimit -f 6144; export DOTNET_EnableWriteXorExecute=0";
        AssertNoRoom(cli.Run("import", file));
        string stored = "";
        CommandResult submitted;
        for (int n = 0; (submitted = cli.Run("submit", "-q", $"--title=long {n}", text)).Exit == 0; n++)
        {
            Assert.True(n < 4, "the disk is never full");
            stored = submitted.Out.Trim();
        }

        AssertNoRoom(submitted);
        StatusView full = Status(cli);
        Assert.InRange(full.Records, 500, Reports);

        cli.Shell = null;
        Assert.True(stored.Length == 0 || cli.Run("show", stored).Exit == 0);
        Assert.Equal(full.RecordDigest, Status(cli).RecordDigest);
        CommandResult done = cli.Run("import", "--json", file);
        Assert.Equal(0, done.Exit);
        ImportView view = JsonSerializer.Deserialize(done.Out, ApiJson.Default.ImportView)!;
        Assert.Equal(Reports, view.New + view.Known);
        Assert.InRange(view.Known, 500, Reports - 1);
        Assert.Equal(0, cli.Run("verify", "--all").Exit);
    }

    [Fact]
    public async Task A_running_node_without_room_refuses_serves_reads_and_accepts_again_when_there_is_room()
    {
        using var disk = new SmallDisk(_folder.At("disk"), "11m");
        disk.SkipUnlessMounted();
        await using var node = new RestartedNode(_folder.At("disk", "node"));
        await node.StartAsync();
        string first = node.Cli.Run("submit", "-q", "--title=before the flood").Out.Trim();
        string file = node.Cli.Write("reports.jsonl", Generate());
        await FoundAsync(node, "flood", 1);
        string ballast = _folder.At("disk", "ballast");
        Fill(ballast);

        AssertNoRoom(node.Cli.Run("import", file));
        Assert.Contains("cannot store", node.Log);
        Assert.Equal(0, node.Cli.Run("show", first).Exit);
        StatusView full = await node.Api.StatusAsync(CancellationToken.None);
        Assert.InRange(full.Records, 500, Reports);
        await FoundAsync(node, "flood", 1);

        File.Delete(ballast);
        disk.Grow("60m");

        // It looks for room once a second.
        await Task.Delay(1_100, TestContext.Current.CancellationToken);
        CommandResult done = node.Cli.Run("import", "--json", file);
        Assert.True(done.Exit == 0, done.Err);
        ImportView view = JsonSerializer.Deserialize(done.Out, ApiJson.Default.ImportView)!;
        Assert.Equal((Reports, full.Records - 2), ((int)(view.New + view.Known), (int)view.Known));
        await FoundAsync(node, "case", Reports);
        Assert.True((await node.Api.VerifyAsync([], CancellationToken.None)).Ok);
        await node.StopAsync();
        await node.StartAsync();
        Assert.Equal(Reports + 2, (await node.Api.StatusAsync(CancellationToken.None)).Records);
    }

    private static void AssertNoRoom(CommandResult result)
    {
        Assert.Equal(9, result.Exit);
        string[] lines = [.. result.Err.Split('\n').Where(l => l.Contains(": ", StringComparison.Ordinal))];
        Assert.True(lines.Length == 2, result.Err);
        Assert.StartsWith("error: no room", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("hint: free some room", lines[1], StringComparison.Ordinal);
    }

    private static StatusView Status(CommandProcess cli) =>
        JsonSerializer.Deserialize(cli.Run("status", "--json").Out, ApiJson.Default.StatusView)!;

    private static Task FoundAsync(RestartedNode node, string word, int count) => node.UntilAsync(async () =>
        (await node.Api.SearchAsync(new SearchRequest(word, 1), CancellationToken.None)).Total == count);

    private static void Fill(string path)
    {
        using FileStream file = File.Create(path);
        try
        {
            while (true)
            {
                file.Write(new byte[4_096]);
                file.Flush();
            }
        }
        catch (IOException e)
        {
            Assert.Contains("space", e.Message, StringComparison.Ordinal);
        }
    }

    private static string Generate() => string.Join('\n', Enumerable.Range(0, Reports).Select(n =>
        JsonSerializer.Serialize(new
        {
            type = "incident", title = $"case {n}", description = $"the same text {n} ".PadRight(2_000, '.'),
        })));
}
