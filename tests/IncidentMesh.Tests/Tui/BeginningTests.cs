using System.Diagnostics;
using System.Globalization;
using IncidentMesh.Tests.Commands;
using IncidentMesh.Tui;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Start;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>Where no node answers: one is started, set up, or shown as a demo.</summary>
public sealed class BeginningTests : IDisposable
{
    private const string Peer =
        "/ip4/192.0.2.7/tcp/4711/p2p/12D3KooWANjAeFRyUFcXiKk8oMfSvwiTuBcjgaPjoBx9ooskBZJB";

    private readonly string folder = Directory.CreateTempSubdirectory("incidentmesh-begin-").FullName;

    private string Home => Path.Combine(folder, "home");

    private string Told => Path.Combine(folder, "told");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_first_run_sets_up_and_starts()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "runs a shell script");
        // It says what it was told; "run" ends at once, as if the port were taken.
        var output = new StringWriter { NewLine = "\n" };
        var beginning = new Beginning(
            Address(), Script("echo \"$@\" >>" + Told + "; echo 'error: port taken'; exit 7"),
            new StringReader($"3\n2\n\nbnetza\n1\ngarbage\n{Peer}\n"), output);
        Assert.Null(beginning.Run());
        Assert.True(beginning.IsFirstRun);
        Assert.Equal(
            $"init --name=bnetza --home={Home} --role=regulator --join={Peer}\n",
            File.ReadAllText(Told));
        Golden.Check("first-run", output.ToString().Replace(Home, "HOME", StringComparison.Ordinal));
    }

    [Fact]
    public void A_node_that_does_not_start_says_why()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "runs a shell script");
        Directory.CreateDirectory(Path.Combine(Home, "keys"));
        var output = new StringWriter { NewLine = "\n" };
        var beginning = new Beginning(
            Address(), Script("echo 'error: the port 4711 is taken' >&2; exit 7"),
            new StringReader("\n"), output);
        NodeFailure failure = Assert.Throws<NodeFailure>(() => beginning.Run());
        Assert.Equal(5, failure.Exit);
        Assert.Contains("error: the port 4711 is taken", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q\n")]
    [InlineData("")]
    public void Quits_where_nobody_wants_a_node(string typed)
    {
        Directory.CreateDirectory(Path.Combine(Home, "keys"));
        var nothing = new NodeProgram("/nowhere", []);
        Assert.Null(new Beginning(Address(), nothing, new StringReader(typed), TextWriter.Null).Run());
    }

    [Fact]
    public void Enter_starts_the_node_of_the_command_line()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "needs a socket");
        using var cli = new CommandProcess();
        cli.Init();
        NodeAddress address = NodeAddress.Resolve(null, cli.Node, _ => null, File.ReadAllText);
        NodeProgram program = NodeProgram.Find(AppContext.BaseDirectory, _ => null)!;
        NodeAddress? started =
            new Beginning(address, program, new StringReader("\n"), TextWriter.Null).Run();
        try
        {
            Assert.True(started!.Answers());
        }
        finally
        {
            string id = File.ReadAllText(Path.Combine(cli.Node, "lock.pid"));
            using Process node = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
            node.Kill();
            node.WaitForExit();
        }
    }

    [Fact]
    public void A_demo_is_read_and_ended()
    {
        using Process node = Process.Start(new ProcessStartInfo("sleep", ["60"]))!;
        Directory.CreateDirectory(Home);
        Demo demo = Demo.TryRead(
            $$"""{"nodes":[{"socket":"/run/a.sock","process":{{node.Id}},"home":"{{Home}}"}]}""")!;
        Assert.Equal("/run/a.sock", demo.Socket);
        demo.Dispose();
        Assert.True(node.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.False(Directory.Exists(Home));
        Assert.Null(Demo.TryRead("nonsense"));
        Assert.Null(Demo.TryRead("""{"nodes":[]}"""));
    }

    [Fact]
    public void Settings_are_those_of_the_file_where_neither_environment_nor_flag_says_otherwise()
    {
        string file = Path.Combine(folder, "config.toml");
        File.WriteAllText(file, """
            # seen by nobody
            [ui]
            lang = "fr"
            ascii = true
            mouse = false
            bidi = "app"
            undo = 3
            """);
        Func<string, string?> Of(Func<string, string?> environment) => UiSettings.Over(file, environment);
        Options read = Options.Parse([], _ => Of(_ => null));
        Assert.Equal(
            ("fr", true, false, "app", 3.0),
            (read.Language, read.Ascii, read.Mouse, read.Bidi, read.Undo.TotalSeconds));
        Options other = Options.Parse(
            ["--bidi=terminal", "--ui-lang=es"], _ => Of(n => n == "INCIDENTMESH_UI_MOUSE" ? "true" : null));
        Assert.Equal(("es", true, "terminal"), (other.Language, other.Mouse, other.Bidi));
        File.WriteAllText(file, "[ui");
        Assert.Throws<UsageException>(() => Of(_ => null));
        File.WriteAllText(file, "[ui]\nundo = \"soon\"");
        Assert.Throws<UsageException>(() => Options.Parse([], _ => Of(_ => null)));
        Assert.Equal("/c/config.toml", UiSettings.PathOf("/c", _ => null));
        Assert.Equal("/x/c.toml", UiSettings.PathOf(
            "/c", n => n == "INCIDENTMESH_CONFIG" ? "/x/c.toml" : null));
    }

    private NodeAddress Address() => NodeAddress.Resolve(null, Home, _ => null, File.ReadAllText);

    private NodeProgram Script(string body)
    {
        string path = Path.Combine(folder, "incidentmesh");
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }

        return NodeProgram.Find(folder, _ => null)!;
    }
}
