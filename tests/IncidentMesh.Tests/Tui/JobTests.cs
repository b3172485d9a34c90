using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>Work that takes a while: how far it is, stopping it, and what it leaves behind.</summary>
[Collection("Terminal.Gui")]
public sealed class JobTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("incidentmesh-jobs-").FullName;
    private readonly TaskCompletionSource gate = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static TheoryData<int, int> Sizes => new() { { 80, 24 }, { 120, 40 }, { 200, 50 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sync_now_shows_how_far_it_is(int width, int height)
    {
        using TuiScreen screen = Held(width, height);
        screen.Press("3", "R");
        screen.Wait(1).Wait(1);
        Golden.Check($"sync-{width}", screen.Text);
    }

    [Fact]
    public void Sync_now_says_what_came()
    {
        using TuiScreen screen = Held(80, 24);
        screen.Press("3", "R");
        Assert.IsType<SyncRequest>(screen.Node.Requests[^1]);
        screen.Wait(12);
        gate.SetResult();
        Over(screen);
        Assert.Equal("sync: with 1 peer, 212 records came in", screen.Line(22));
    }

    [Theory]
    [InlineData("j", "jsonl", ".jsonl")]
    [InlineData("b", "bundle", ".jsonl")]
    [InlineData("c", "csv", ".csv")]
    [InlineData("s", "stix", ".stix.json")]
    [InlineData("m", "misp", ".misp.json")]
    [InlineData("a", "avid", ".avid.jsonl")]
    [InlineData("o", "oecd", ".oecd.jsonl")]
    [InlineData("k", "markdown", ".md")]
    [InlineData("h", "html", ".html")]
    public void Exports_in_each_format_of_the_command_line(string key, string format, string extension)
    {
        using var screen = new TuiScreen(200, 24);
        screen.Press("E", key, "ctrl-u", Path.Combine(folder, "mine"), "enter");
        Over(screen);
        Assert.Contains("14 reports written", screen.Line(22), StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(Path.Combine(folder, "mine" + extension));
        Assert.Equal(screen.Node.Reports.Count, lines.Length);
        Assert.All(lines, line => Assert.EndsWith($"\"as\":\"{format}\"}}", line, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void An_export_that_goes_on_shows_how_far_it_is(int width, int height)
    {
        using TuiScreen screen = Held(width, height);
        Export(screen);
        screen.Wait(3);
        Golden.Check($"job-{width}", screen.Text);
        screen.Press(":", "jobs", "enter");
        Assert.Contains("50%  0:03 left", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopped_export_leaves_nothing_behind()
    {
        using TuiScreen screen = Held(80, 24);
        Export(screen);
        screen.Press("ctrl-x");
        Over(screen);
        Assert.Equal("stopped", screen.Desk.Jobs.All[0].Result!.Value.Text);
        Assert.Empty(Directory.EnumerateFiles(folder));
        Assert.Equal("ctrl-x: no job is under way", screen.Press("ctrl-x").Line(22));
    }

    [Fact]
    public void An_export_says_in_which_folder_it_writes_and_lets_that_be_changed()
    {
        using var screen = new TuiScreen(200, 24);
        string here = Path.Combine(Environment.CurrentDirectory, "reports-20261124-090000");
        Assert.Equal($"file: {here}", screen.Press("E", "c").Line(23));
        screen.Press("ctrl-u", Path.Combine(folder, "sub", "..", "mine"), "enter");
        Over(screen);
        Assert.Equal($"export to mine.csv: 14 reports written to {folder}", screen.Line(22));
    }

    [Fact]
    public void An_export_never_overwrites()
    {
        string path = Path.Combine(folder, "mine.csv");
        File.WriteAllText(path, "precious");
        using var screen = new TuiScreen(200, 24);
        screen.Press("E", "c", "ctrl-u", path, "enter");
        Over(screen);
        Assert.Contains("the file exists", screen.Line(22), StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(path));
    }

    [Fact]
    public void What_a_killed_export_left_behind_is_in_nobodys_way()
    {
        File.WriteAllText(Path.Combine(folder, "mine.csv.partial"), new string('x', 100_000));
        using var screen = new TuiScreen(200, 24);
        string path = Path.Combine(folder, "mine.csv");
        screen.Press("E", "c", "ctrl-u", path, "enter");
        Over(screen);
        Assert.Equal([path], Directory.EnumerateFiles(folder));
        Assert.Equal(screen.Node.Reports.Count, File.ReadAllLines(path).Length);
    }

    [Fact]
    public void An_export_that_breaks_off_leaves_no_file_that_looks_whole()
    {
        using var screen = new TuiScreen(200, 24);
        screen.Node.ExportBreaksOff = true;
        screen.Press("E", "c", "ctrl-u", Path.Combine(folder, "mine.csv"), "enter");
        Over(screen);
        Assert.Contains("the export breaks off", screen.Line(22), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder));
    }

    [Fact]
    public void Quitting_does_not_ask_where_nothing_would_be_lost()
    {
        using TuiScreen screen = Held(80, 24);
        Assert.True(screen.Press("3", "R", "q").Desk.Ended);
    }

    [Fact]
    public void Quitting_asks_where_an_export_would_be_lost()
    {
        using TuiScreen screen = Held(80, 24);
        Export(screen);
        screen.Press("q");
        Assert.False(screen.Desk.Ended);
        Assert.StartsWith("would be lost: export to", screen.Line(22), StringComparison.Ordinal);
        screen.Press("f");
        gate.SetResult();
        Over(screen);
        Assert.True(screen.Wait(1).Desk.Ended);
        Assert.Single(Directory.EnumerateFiles(folder, "*.csv"));
    }

    private TuiScreen Held(int width, int height) =>
        new(width, height, new FakeNode { Gate = gate.Task });

    private void Export(TuiScreen screen)
    {
        screen.Press("E", "c", "ctrl-u", Path.Combine(folder, "mine"), "enter");
        screen.Until(() => screen.Desk.Jobs.All[0].Progress(FakeReports.Now).Contains("50%"));
    }

    private static void Over(TuiScreen screen) =>
        screen.Until(() => screen.Desk.Jobs.All[0].Result is not null);
}
