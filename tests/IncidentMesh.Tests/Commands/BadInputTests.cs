using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tests.Tui;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>Bad input gets a clear error, a hint and the exit code of <c>specs/command-line.md</c>, and loses
/// nothing.</summary>
public sealed class BadInputTests : IDisposable
{
    // One node for all lines that change nothing.
    private static readonly Lazy<CommandProcess> Shared = new(() => new CommandProcess().Init());
    private readonly CommandProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Alone_it_shows_its_help()
    {
        CommandResult alone = Shared.Value.Run();
        Assert.Equal((0, ""), (alone.Exit, alone.Err));
        Assert.Equal(Shared.Value.Run("--help").Out, alone.Out);
    }

    [Fact]
    public void A_key_that_stands_twice_is_refused_wherever_it_stands()
    {
        _cli.Init();
        string file = _cli.Write("twice.json", """{"title":"a","title":"b"}""");
        CommandResult refused = _cli.Run("submit", file);
        Assert.Equal(2, refused.Exit);
        Assert.Contains("duplicate property 'title'", refused.Err, StringComparison.Ordinal);
        Assert.Equal("0", _cli.Run("search", "--count").Out.Trim());
    }

    [Fact]
    public void A_search_that_is_saved_again_stays_an_alert_and_names_no_unknown_one()
    {
        _cli.Init();
        Assert.Equal(0, _cli.Run("alert", "add", "al", "zebra").Exit);
        Assert.Equal(0, _cli.Run("search", "zebra gnu", "--save=al").Exit);
        Assert.Contains("\"alert\":true", _cli.Run("alert", "list", "--json").Out, StringComparison.Ordinal);
        CommandResult unknown = _cli.Run("alert", "add", "other", "saved:gone");
        Assert.Equal(2, unknown.Exit);
        Assert.Contains("there is no saved query \"gone\"", unknown.Err, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "unknown command \"serch\"", "did you mean search?", "serch")]
    [InlineData(2, "unknown flag \"--limt=3\"", "did you mean --limit?", "search", "--limt=3", "x")]
    [InlineData(2, "unknown flag \"-hospital\"", "", "show", "-hospital")]
    [InlineData(2, "unknown flag \"-vq\"", "", "status", "-vq")]
    [InlineData(2, "unknown flag \"-v:DE\"", "", "search", "-v:DE")]
    [InlineData(2, "unknown flag \"-h=x\"", "", "search", "-h=x", "Chatbot")]
    [InlineData(3, "no record \"-hospital\"", "", "show", "--", "-hospital")]
    [InlineData(2, "unknown field \"sevrity\"", "did you mean severity?", "search", "sevrity:serious")]
    [InlineData(2, "scan comes later", "incidentmesh --help", "scan")]
    [InlineData(3, "no such file", "", "import", "/nonexistent/file.jsonl")]
    [InlineData(3, "no record \"zzzzzzzz\"", "incidentmesh search", "show", "zzzzzzzz")]
    [InlineData(2, "give one of", "", "attest", "zzzzzzzz")]
    [InlineData(2, "TLP:RED", "", "submit", "--title=x", "--tlp=red")]
    [InlineData(2, "is not a language tag", "BCP 47", "submit", "--title=x", "--lang=not a tag")]
    [InlineData(2, "severity", "nothing was stored", "submit", "--title=x", "--severity=huge")]
    [InlineData(2, "does not name a peer", "", "peers", "remove", "nobody")]
    [InlineData(5, "no node is running", "incidentmesh run", "peers", "add", "/ip4/127.0.0.1/tcp/1")]
    [InlineData(2, "is not an address", "", "run", "--listen=nowhere")]
    [InlineData(2, "what shall be verified?", "", "verify")]
    [InlineData(2, "--api takes a port from 0 to 65535", "", "run", "--api=99999")]
    public void Says_what_is_wrong(int exit, string error, string hint, params string[] arguments)
    {
        CommandResult result = Shared.Value.Run(arguments);
        Assert.Equal(exit, result.Exit);
        Assert.Contains("error: ", result.Err);
        Assert.Contains(error, result.Err);
        Assert.Contains(hint, result.Err);
        Assert.DoesNotContain("   at ", result.Err);
    }

    [Theory]
    [InlineData("-video")]
    [InlineData("-yacht")]
    [InlineData("-query")]
    [InlineData("-hospital")]
    [InlineData("-harm:economic")]
    [InlineData("-vq")]
    public void A_word_that_a_query_leaves_out_is_no_bundle_of_flags(string word)
    {
        CommandResult found = Shared.Value.Run("search", "Chatbot", word, "--json");
        Assert.True(found.Exit == 0, found.Err);
        using JsonDocument view = JsonDocument.Parse(found.Out);
        Assert.Equal($"Chatbot {word}", view.RootElement.GetProperty("query").GetString());
    }

    [Fact]
    public void Without_a_node_it_says_how_to_set_one_up()
    {
        CommandResult result = _cli.Run("search", "x");
        Assert.Equal(3, result.Exit);
        Assert.Contains("hint: incidentmesh init", result.Err);
    }

    [Fact]
    public void Errors_are_json_where_json_is_asked_for()
    {
        CommandResult result = _cli.Init().Run("show", "zzzzzzzz", "--json");
        Assert.Equal(3, result.Exit);
        Assert.StartsWith("{\"error\":{\"code\":\"not-found\"", result.Err);
        Assert.Equal("", result.Out);
    }

    [Fact]
    public void An_export_that_breaks_off_leaves_no_file_that_looks_whole()
    {
        string socket = Path.Combine(_cli.Home, "half.sock");
        string piece = JsonSerializer.Serialize(
            new ExportView(1, 2, "{\"id\":\"one\"}\n"), ApiJson.Default.ExportView);
        using FakeNodeServer node = new(new FakeNode(), socket)
        {
            Raw = $"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{piece}\n",
        };
        string file = Path.Combine(_cli.Home, "half.jsonl");
        CommandResult result = _cli.Run("export", "--node=" + socket, "--out=" + file);
        Assert.Equal(5, result.Exit);
        Assert.Contains("error: the export breaks off", result.Err);
        Assert.Empty(Directory.EnumerateFiles(_cli.Home, "half.jsonl*"));
    }

    [Fact]
    public void A_wrong_passphrase_is_told_and_changes_nothing()
    {
        _cli.Init(sealDevice: true);
        string wrong = _cli.Write("wrong", "incorrect horse\n");
        CommandResult refused = _cli.Run("submit", "--title=x", $"--passphrase-file={wrong}");
        Assert.Equal(4, refused.Exit);
        Assert.Contains("wrong passphrase", refused.Err);
        CommandResult done =
            _cli.Run("submit", "-q", "--title=x", $"--passphrase-file={_cli.PassphraseFile}");
        Assert.Equal(0, done.Exit);
    }

    [Fact]
    public void A_bad_row_is_told_with_its_line_and_the_rest_is_imported_once()
    {
        string file = _cli.Write("rows.jsonl",
            "{\"type\":\"incident\",\"title\":\"one\"}\n{\"type\":\"incident\",\"title\":7}\n"
            + "{\"type\":\"incident\",\"title\":\"two\"}\n");
        CommandResult first = _cli.Init().Run("import", file);
        Assert.Equal(8, first.Exit);
        Assert.Contains("2 new, 0 known, 1 bad", first.Out);
        Assert.Contains("error: line 2: ", first.Err);
        Assert.True(File.Exists(Path.Combine(_cli.Home, "rows.jsonl.errors.jsonl")));
        Assert.Contains("0 new, 2 known, 1 bad", _cli.Run("import", file).Out);
    }

    [Fact]
    public void Signed_records_of_another_author_come_in_only_when_that_author_is_trusted()
    {
        using CommandProcess other = new();
        other.Init();
        other.Run("submit", "-q", "--title=from elsewhere");
        string file = Path.Combine(other.Home, "out.jsonl");
        Assert.Equal(0, other.Run("export", $"--out={file}").Exit);
        CommandResult stranger = _cli.Init().Run("import", file);
        Assert.Equal(8, stranger.Exit);
        Assert.Contains("0 new, 0 known, 1 bad", stranger.Out);
        Assert.Contains("error: line 1: ", stranger.Err);
        Assert.DoesNotContain("   at ", stranger.Err);
        string author = other.Run("trust", "list", "--json").Out.Split("\"id\":\"")[1].Split('"')[0];
        Assert.Equal(0, _cli.Run("trust", "add", author, "other").Exit);
        Assert.Contains("1 new, 0 known, 0 bad", _cli.Run("import", file).Out);
        Assert.Equal("1", _cli.Run("search", "elsewhere", "--count").Out.Trim());
        Assert.Equal(0, _cli.Run("verify", "--all").Exit);
    }

    [Fact]
    public void A_file_of_no_known_format_is_refused()
    {
        string file = _cli.Write("letter.bin", "\u0001\u0002 neither JSON nor CSV\n");
        CommandResult result = _cli.Init().Run("import", file);
        Assert.Equal(2, result.Exit);
        Assert.Contains("error: ", result.Err);
    }

    [Fact]
    public void What_was_submitted_is_found_shown_exported_and_verified_elsewhere()
    {
        _cli.Init();
        CommandResult stored = _cli.Run(
            "submit", "-q", "--title=Chatbot \u001b[31mgives wrong deadline", "--lang=en",
                "--severity=incident");
        string id = stored.Out.Trim();
        Assert.StartsWith("bafyrei", id);
        Assert.Equal("1", _cli.Run("search", "deadline", "--count").Out.Trim());
        CommandResult shown = _cli.Run("show", id.Substring(7, 8));
        Assert.Contains("= signature", shown.Out);
        Assert.Contains("\u241b[31m", shown.Out);
        Assert.DoesNotContain("\u001b", shown.Out, StringComparison.Ordinal);
        string file = Path.Combine(_cli.Home, "out.jsonl");
        Assert.Equal(0, _cli.Run("export", $"--out={file}").Exit);
        CommandResult verified = _cli.Run("verify", file);
        Assert.True(verified.Exit == 0, verified.Out + verified.Err);
        Assert.Contains("1 checked, 0 failed", verified.Out);
        string line = File.ReadAllText(file);
        File.WriteAllText(
            file, line.Replace("\"envelope\":\"h", "\"envelope\":\"i", StringComparison.Ordinal));
        Assert.NotEqual(0, _cli.Run("verify", file).Exit);
    }

    [Fact]
    public void Own_records_are_corrected_and_retracted_and_old_versions_stay()
    {
        _cli.Init();
        string id = _cli.Run("submit", "-q", "--title=first", "--severity=incident").Out.Trim();
        CommandResult corrected = _cli.Run("correct", id, "-q", "--title=second", "--reason=better");
        Assert.True(corrected.Exit == 0, corrected.Err);
        CommandResult history = _cli.Run("show", corrected.Out.Trim(), "--history");
        Assert.Contains("original", history.Out);
        Assert.Contains("correction", history.Out);
        Assert.Contains("second", history.Out);
        Assert.Equal(0, _cli.Run("retract", corrected.Out.Trim(), "--reason=wrong").Exit);
        Assert.Contains("\"state\":\"retracted\"", _cli.Run("show", corrected.Out.Trim(), "--json").Out);
    }

    [Fact]
    public void A_port_in_use_and_a_folder_in_use_are_told()
    {
        _cli.Init();
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        CommandResult result = _cli.Run("run", $"--listen=/ip4/127.0.0.1/tcp/{port}");
        Assert.Equal(7, result.Exit);
        Assert.Contains("is taken", result.Err);
        using Process node =
            _cli.Start("run", "--json", "--listen=/ip4/127.0.0.1/tcp/0", "--until-stdin-closes");
        Assert.NotNull(node.StandardOutput.ReadLine());
        CommandResult locked = _cli.Run("status", "--offline");
        Assert.Equal(7, locked.Exit);
        Assert.Contains("locked", locked.Err);
        Assert.Contains("running", _cli.Run("status").Out);
        node.StandardInput.Close();
        Assert.True(node.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, node.ExitCode);
    }

    [Fact]
    public void A_damaged_log_and_a_missing_index_lose_nothing_that_can_be_read()
    {
        _cli.Init();
        string first = _cli.Run("submit", "-q", "--title=first").Out.Trim();
        Directory.Delete(Path.Combine(_cli.Node, "index"), recursive: true);
        Assert.Equal(0, _cli.Run("show", first).Exit);
        string second = _cli.Run("submit", "-q", "--title=second").Out.Trim();
        string segment = Directory.EnumerateFiles(Path.Combine(_cli.Node, "log")).Order().First();
        byte[] bytes = File.ReadAllBytes(segment);
        int at = bytes.AsSpan().IndexOf("second"u8);
        bytes[at] ^= 0x40;
        File.WriteAllBytes(segment, bytes);
        Assert.Equal(0, _cli.Run("show", first).Exit);
        Assert.Equal(1, _cli.Run("verify", "--all").Exit);
        CommandResult doctor = _cli.Run("doctor");
        Assert.Equal(1, doctor.Exit);
        Assert.Contains("! log", doctor.Out);
        Assert.Contains(second, _cli.Run("verify", "--all").Out + second);
    }

    [Fact]
    public void Without_the_model_the_node_goes_on_and_says_so()
    {
        _cli.Init();
        CommandResult doctor = _cli.Run("doctor");
        Assert.Equal(1, doctor.Exit);
        Assert.Contains("! model", doctor.Out);
    }

    [Fact]
    public void Every_command_has_help_with_an_example()
    {
        foreach (string command in new[]
        {
            "init", "run", "submit", "import", "export", "search", "show", "cluster", "link", "attest",
                "correct",
            "retract", "verify", "review", "stats", "alert", "mark", "watch", "sync", "keys", "draft",
            "explain", "config", "completion", "tui", "peers",
            "trust", "status", "doctor", "demo",
        })
        {
            CommandResult help = _cli.Run(command, "--help");
            Assert.Equal(0, help.Exit);
            Assert.Contains($"incidentmesh {command}", help.Out);
            Assert.Contains("Examples:", help.Out);
        }
    }
}
