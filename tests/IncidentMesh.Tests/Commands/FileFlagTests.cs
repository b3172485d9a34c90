using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using IncidentMesh.Node.Store;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>Files that a command reads and writes, and the folder that it opens: nothing is destroyed, and
/// what is wrong is told.</summary>
public sealed class FileFlagTests : IDisposable
{
    // One node for all that stores nothing.
    private static readonly Lazy<CommandProcess> Shared = new(() =>
    {
        CommandProcess cli = new CommandProcess().Init();
        cli.Run("submit", "-q", "--title=One", "--no-similar");
        return cli;
    });

    private readonly CommandProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("submit", "--title=x", "--text=@FILE")]
    [InlineData("submit", "FILE")]
    [InlineData("correct", "ID", "FILE")]
    public void A_text_that_is_not_utf8_is_not_signed(params string[] arguments)
    {
        string file = Path.Combine(_cli.Home, "latin1.txt");
        File.WriteAllBytes(file, Encoding.Latin1.GetBytes("a title\n\nStraße\n"));
        string id = Shared.Value.Run("search", "One", "-q").Out.Trim();
        CommandResult result = Shared.Value.Run([.. arguments.Select(a => a
            .Replace("FILE", file, StringComparison.Ordinal).Replace("ID", id, StringComparison.Ordinal))]);
        Assert.Equal(2, result.Exit);
        Assert.Contains($"error: {file} is not UTF-8 at byte 14\n", result.Err);
        Assert.Contains("hint: if it is Latin-1: iconv -f LATIN1 -t UTF-8", result.Err);
    }

    public static TheoryData<Encoding> Marked => [Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode,
        Encoding.UTF32];

    [Theory]
    [MemberData(nameof(Marked))]
    public void A_byte_order_mark_is_honoured_and_line_ends_are_lf(Encoding encoding)
    {
        string file = Path.Combine(_cli.Home, "windows.txt");
        File.WriteAllText(file, "Straße\r\nzwei\rdrei\r\n", encoding);
        string id = _cli.Init().Run("submit", "-q", file, "--no-similar").Out.Trim();
        string shown = _cli.Run("show", id, "--json").Out;
        Assert.Contains("\"title\":\"Straße\"", shown.Replace("\\u00DF", "ß", StringComparison.Ordinal));
        Assert.Contains("\\nzwei\\ndrei\"", shown);
        Assert.DoesNotContain("\\r", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_stays_and_what_it_leads_to_is_replaced()
    {
        string real = _cli.Write("real.jsonl", "before");
        string link = Path.Combine(_cli.Home, "link.jsonl");
        string chain = Path.Combine(_cli.Home, "chain.jsonl");
        File.CreateSymbolicLink(link, "real.jsonl");
        File.CreateSymbolicLink(chain, link);
        Assert.Equal(0, Shared.Value.Run("export", $"--out={chain}").Exit);
        Assert.Equal("real.jsonl", new FileInfo(link).LinkTarget);
        Assert.Equal(link, new FileInfo(chain).LinkTarget);
        Assert.Contains("\"title\":\"One\"", File.ReadAllText(real));
        File.Delete(real);
        Assert.Equal(0, Shared.Value.Run("export", $"--out={link}").Exit);
        Assert.Contains("\"title\":\"One\"", File.ReadAllText(real));
    }

    [Fact]
    public async Task A_pipe_is_written_to_and_stays()
    {
        string pipe = Path.Combine(_cli.Home, "pipe");
        using (Process made = Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Task<string> read = Task.Run(() => File.ReadAllText(pipe));
        Assert.Equal(0, Shared.Value.Run("export", $"--out={pipe}").Exit);
        Assert.Contains("\"title\":\"One\"",
            await read.WaitAsync(CommandProcess.Patience, TestContext.Current.CancellationToken));
        using Process kind = Process.Start("test", ["-p", pipe]);
        await kind.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kind.ExitCode);
    }

    [Fact]
    public void What_cannot_be_written_is_told()
    {
        CommandResult folder = Shared.Value.Run("export", $"--out={_cli.Home}");
        Assert.Equal(2, folder.Exit);
        Assert.Contains($"error: {_cli.Home} is a folder", folder.Err);
        Assert.Contains("hint: ", folder.Err);
        string path = Path.Combine(_cli.Home, "s");
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        CommandResult refused = Shared.Value.Run("export", $"--out={path}");
        Assert.Equal(2, refused.Exit);
        Assert.Contains($"error: cannot write {path}: ", refused.Err);
        Assert.Contains("hint: give another name", refused.Err);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void A_dash_is_standard_output()
    {
        CommandResult result = Shared.Value.Run("export", "--out=-");
        Assert.Equal((0, Shared.Value.Run("export").Out, ""), (result.Exit, result.Out, result.Err));
    }

    [Theory]
    [InlineData("--out takes a value", "export", "--out=")]
    [InlineData("--loss takes a value", "export", "--format=csv", "--loss=")]
    [InlineData("--home takes a value", "search", "x", "--home=")]
    [InlineData("--config takes a value", "search", "x", "--config=")]
    [InlineData("--node takes a value", "search", "x", "--node", "")]
    [InlineData("<file> is missing", "import", "")]
    [InlineData("--errors takes a value", "import", "f", "--errors=")]
    [InlineData("--map takes a value", "import", "f", "--map=")]
    [InlineData("<id> is missing", "show", "")]
    [InlineData("<id> is missing", "show", "7q3kx2m4", "")]
    [InlineData("<id> is missing", "correct", "")]
    [InlineData("<id> is missing", "cluster", "")]
    [InlineData("<id> is missing", "explain", "")]
    [InlineData("<id> is missing", "verify", "")]
    [InlineData("<author> is missing", "trust", "remove", "")]
    public void A_name_is_not_empty(string error, params string[] arguments)
    {
        CommandResult result = Shared.Value.Run(arguments);
        Assert.Equal((2, ""), (result.Exit, result.Out));
        Assert.StartsWith($"error: {error}\nhint: incidentmesh ", result.Err);
    }

    [Fact]
    public void What_is_too_large_for_a_node_is_told_as_without_one()
    {
        string file = _cli.Init().Write("large.txt", "a title\n" + new string('x', 3 << 20));
        CommandResult alone = _cli.Run("submit", file);
        using NodeProcess node = new(_cli);
        Assert.Equal(alone, _cli.Run("submit", file));
        Assert.Equal(2, alone.Exit);
        Assert.Contains("98,304 are allowed", alone.Err);
    }

    [Fact]
    public async Task Another_command_is_waited_for()
    {
        DataFolder folder = DataFolder.Resolve(_cli.Init().Node);
        using (folder.Lock())
        {
            CommandResult locked = _cli.Run("search", "x");
            Assert.Equal(7, locked.Exit);
            Assert.Contains("is locked by pid", locked.Err);
            Assert.Contains("hint: a command has it open: try again", locked.Err);
        }

        IDisposable held = folder.Lock();
        Task<CommandResult> waits = Task.Run(() => _cli.Run("search", "x"));
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.False(waits.IsCompleted);
        held.Dispose();
        Assert.Equal(0, (await waits).Exit);
    }
}
