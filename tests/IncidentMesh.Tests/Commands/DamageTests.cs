using IncidentMesh.Node.Embed;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>What a crash or a failing disk left behind: the node opens, says what it found, and keeps all
/// that can be read.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly CommandProcess _cli = new CommandProcess().Init();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_log_whose_tail_is_cut_opens_says_so_and_goes_on()
    {
        string first = Submit("first"), second = Submit("second");
        CutAt("second");
        CommandResult status = _cli.Run("status");
        Assert.Equal(0, status.Exit);
        Assert.Contains("warning: log: torn tail at 00000001:", status.Err, StringComparison.Ordinal);
        Assert.Contains("original bytes kept in", status.Err, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("show", first).Exit);
        Assert.Equal(3, _cli.Run("show", second).Exit);
        string third = Submit("third");
        Assert.Equal(0, _cli.Run("show", third).Exit);
        Assert.Equal(("1", "0", "1"), (Count("first"), Count("second"), Count("third")));
        Assert.Equal(0, _cli.Run("verify", "--all").Exit);
    }

    [Theory]
    [InlineData("search", "first")]
    [InlineData("stats", "--by=type")]
    [InlineData("trust", "list")]
    public void Whichever_command_finds_the_loss_tells_of_it_and_doctor_names_what_was_kept(
        params string[] command)
    {
        Submit("first");
        Submit("second");
        CutAt("second");
        Assert.Contains(
            "warning: log: torn tail at 00000001:", _cli.Run(command).Err, StringComparison.Ordinal);
        Assert.DoesNotContain("torn tail", _cli.Run(command).Err, StringComparison.Ordinal);
        Assert.Contains(
            Path.Combine(_cli.Node, "log", "damaged"), _cli.Run("doctor").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_index_is_rebuilt_and_nothing_is_lost()
    {
        string first = Submit("first"), second = Submit("second");
        Assert.Equal("1", Count("second"));
        string[] files =
            [.. Directory.EnumerateFiles(Path.Combine(_cli.Node, "index"), "*", SearchOption.AllDirectories)];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            File.WriteAllBytes(file, [.. File.ReadAllBytes(file).Select(b => (byte)~b)]);
        }

        CommandResult status = _cli.Run("status");
        Assert.Equal(0, status.Exit);
        Assert.Contains("warning: ", status.Err, StringComparison.Ordinal);
        Assert.Equal((0, 0), (_cli.Run("show", first).Exit, _cli.Run("show", second).Exit));
        Assert.Equal(("1", "1"), (Count("first"), Count("second")));
        CommandResult again = _cli.Run("status");
        Assert.Equal((0, ""), (again.Exit, again.Err));
        Assert.Equal(0, _cli.Run("verify", "--all").Exit);
    }

    [Fact]
    public void A_damaged_model_is_named_and_the_node_goes_on_without_it()
    {
        _cli.Model = Directory.CreateDirectory(Path.Combine(_cli.Home, "model")).FullName;
        foreach (string file in Directory.EnumerateFiles(ModelFolder.Shipped))
        {
            File.Copy(file, Path.Combine(_cli.Model, Path.GetFileName(file)));
        }

        string graph = Path.Combine(_cli.Model, ModelFolder.CpuGraphFile);
        byte[] bytes = File.ReadAllBytes(graph);
        bytes[bytes.Length / 2] ^= 0xff;
        File.WriteAllBytes(graph, bytes);

        Submit("first");
        Assert.Equal("1", Count("first"));
        CommandResult search = _cli.Run("search", "first");
        Assert.Equal(0, search.Exit);
        CommandResult doctor = _cli.Run("doctor");
        Assert.Equal(1, doctor.Exit);
        Assert.Contains("! model", doctor.Out, StringComparison.Ordinal);
        Assert.Contains("cpu.onnx of the embedding model", doctor.Out, StringComparison.Ordinal);
        Assert.Contains("is not the file that", doctor.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", doctor.Out + doctor.Err + search.Err, StringComparison.Ordinal);
    }

    // As if the end of the log had not reached the disk.
    private void CutAt(string word)
    {
        string segment = Directory.EnumerateFiles(Path.Combine(_cli.Node, "log")).Order().First();
        using FileStream file = File.Open(segment, FileMode.Open);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        file.SetLength(bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(word)));
    }

    [Fact]
    public void A_file_over_the_limit_of_the_process_is_told_as_no_room()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs ulimit");
        Assert.Equal(0, _cli.Run("submit", "--title=first", "--text=" + new string('x', 3_000)).Exit);
        _cli.Shell = "trap '' XFSZ; ulimit -f 1";
        string file = Path.Combine(_cli.Home, "all.jsonl");
        CommandResult export = _cli.Run("export", $"--out={file}");
        Assert.Equal(9, export.Exit);
        Assert.Contains("error: a file grew over the limit", export.Err, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", export.Err, StringComparison.Ordinal);
        CommandResult submit = _cli.Run("submit", "--title=second", "--text=" + new string('y', 2_000));
        Assert.Equal(9, submit.Exit);
        Assert.DoesNotContain("   at ", submit.Err, StringComparison.Ordinal);
        _cli.Shell = null;
        Assert.Equal(0, _cli.Run("verify", "--all").Exit);
    }

    [Fact]
    public void The_model_leaves_no_trace_in_the_home_folder_of_its_user()
    {
        string home = Directory.CreateDirectory(Path.Combine(_cli.Home, "user")).FullName;
        _cli.Model = ModelFolder.Shipped;
        _cli.Shell = $"export HOME='{home}'; unset XDG_CACHE_HOME ORT_DISABLE_TELEMETRY";
        CommandResult doctor = _cli.Run("doctor");
        Assert.Contains("model", doctor.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("! model", doctor.Out, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories));
    }

    private string Submit(string title)
    {
        CommandResult done = _cli.Run("submit", "-q", $"--title={title}");
        Assert.True(done.Exit == 0, done.Err);
        return done.Out.Trim();
    }

    private string Count(string word) => _cli.Run("search", word, "--count").Out.Trim();
}
