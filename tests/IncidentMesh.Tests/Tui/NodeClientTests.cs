using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui;
using IncidentMesh.Tui.Data;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>The client against a server that speaks HTTP over a Unix socket.</summary>
public sealed class NodeClientTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string path = Path.Combine(Path.GetTempPath(), $"im-{Guid.NewGuid():n}.sock");
    private readonly FakeNode node = new();
    private readonly FakeNodeServer server;
    private readonly NodeClient client;

    public NodeClientTests()
    {
        server = new FakeNodeServer(node, path);
        client = new NodeClient(new NodeAddress(path, null, "secret"));
    }

    public void Dispose()
    {
        server.Dispose();
        File.Delete(path);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Reads_answers_with_a_length_and_in_chunks(int chunkBytes)
    {
        server.ChunkBytes = chunkBytes;
        SearchView found = await client.SearchAsync("lang:hi चैटबॉट", 10, null, null, null, None);
        Assert.Equal(["चैटबॉट की गलती से 9,000 खाते बंद"], found.Items.Select(i => i.Title));
        Assert.Equal("bnetza/laptop1", (await client.StatusAsync(None)).Name);
        Assert.Equal(4, (await client.PeersAsync(null, None)).Items.Count);
        string id = FakeReports.All[0].Id;
        Assert.Equal(5, (await client.ReportAsync(id, None)).Checks.Count);
        Assert.Equal(6, (await client.ClusterAsync(id, None)).Members.Count);
        Assert.Contains("Authorization: Bearer secret\r\n", server.LastRequest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_keeps_the_words_of_the_node()
    {
        NodeFailure refusal = await Assert.ThrowsAsync<NodeFailure>(
            () => client.ReportAsync("bafynone", None));
        Assert.Equal(("not-found", "no such report", 3), (refusal.Code, refusal.Message, refusal.Exit));
        Assert.False(refusal.IsLost);
    }

    [Fact]
    public async Task A_socket_that_is_not_there_is_exit_5()
    {
        var nobody = new NodeClient(new NodeAddress(path + "x", null, null));
        NodeFailure failure = await Assert.ThrowsAsync<NodeFailure>(() => nobody.StatusAsync(None));
        Assert.True(failure.IsLost);
        Assert.Equal(5, failure.Exit);
        Assert.Contains("incidentmesh run", failure.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSH-2.0-x\r\n\r\n", NodeFailure.Garbled)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnope", NodeFailure.Garbled)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull", NodeFailure.Garbled)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", NodeFailure.Garbled)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{", NodeFailure.Lost)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", NodeFailure.Garbled)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", NodeFailure.Lost)]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops", "http-500")]
    [InlineData("HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\n{}", "http-401")]
    [InlineData("", NodeFailure.Lost)]
    public async Task An_answer_that_makes_no_sense_is_a_failure_and_nothing_worse(string raw, string code)
    {
        server.Raw = raw;
        NodeFailure failure = await Assert.ThrowsAsync<NodeFailure>(() => client.StatusAsync(None));
        Assert.Equal(code, failure.Code);
    }

    [Fact]
    public async Task Events_come_as_they_happen()
    {
        await using IAsyncEnumerator<EventView> events = client.EventsAsync(41, None).GetAsyncEnumerator();
        node.Arrive(FakeReports.Fresh(1));
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(FakeReports.Fresh(1).Title, events.Current.Item!.Title);
        Assert.Contains("Last-Event-ID: 41\r\n", server.LastRequest, StringComparison.Ordinal);
    }

    [Fact]
    public void Event_lines_may_be_cut_anywhere()
    {
        byte[] stream = ": hi\n\nid: 1\nevent: record\ndata: {\"a\":\ndata: 1}\n\ndata:2\r\n\r\n"u8.ToArray();
        for (int cut = 0; cut <= stream.Length; cut++)
        {
            var reader = new EventStreamReader();
            reader.Append(stream.AsSpan(0, cut));
            reader.Append(stream.AsSpan(cut));
            Assert.True(reader.TryTake(out string? first));
            Assert.True(reader.TryTake(out string? second));
            Assert.False(reader.TryTake(out _));
            Assert.Equal(("{\"a\":\n1}", "2"), (first, second));
        }
    }

    [Fact]
    public async Task The_feed_says_that_the_node_is_lost_and_that_it_is_back()
    {
        var heard = new Listener();
        var time = new FakeTimeProvider();
        using var stop = new CancellationTokenSource();
        node.Failure = NodeFailure.Unreachable("here", "away");
        Task feed = new EventFeed(node, heard, action => action(), time).RunAsync(stop.Token);
        Assert.Equal(2, heard.Failures);
        node.Failure = null;
        time.Advance(TimeSpan.FromSeconds(5));
        node.Arrive(FakeReports.Fresh(1));
        await Until(() => heard.Statuses > 0 && heard.Events > 0);
        await stop.CancelAsync();
        await feed;
    }

    [Theory]
    [InlineData(null, null, "/x/api.sock", "/x/api.sock")]
    [InlineData(null, "/h", "/x/api.sock", "/h/api.sock")]
    [InlineData("unix:/s/a.sock", "/h", null, "/s/a.sock")]
    [InlineData("http://127.0.0.1:4780", null, null, "http://127.0.0.1:4780")]
    [InlineData("http://[::1]:4780/", null, null, "http://[::1]:4780")]
    [InlineData("http://localhost:4780", null, null, "http://127.0.0.1:4780")]
    public void Finds_the_node(string? flag, string? home, string? variable, string found)
    {
        NodeAddress address = NodeAddress.Resolve(
            flag, home, name => name == "INCIDENTMESH_NODE" ? variable : null, _ => "");
        Assert.Equal(found, address.ToString());
    }

    [Fact]
    public void Falls_back_to_the_home_and_then_to_the_runtime_folder()
    {
        Assert.Equal("/m/api.sock", NodeAddress.Resolve(
            null, null, n => n == "INCIDENTMESH_HOME" ? "/m" : null, _ => "").ToString());
        Assert.Equal("/run/u/incidentmesh/api.sock", NodeAddress.Resolve(
            null, null, n => n == "XDG_RUNTIME_DIR" ? "/run/u" : null, _ => "").ToString());
    }

    [Fact]
    public void A_home_too_deep_for_a_socket_has_it_in_the_runtime_folder()
    {
        string home = "/" + new string('d', 100);
        string found = NodeAddress.Resolve(
            null, home, n => n == "XDG_RUNTIME_DIR" ? "/run/u" : null, _ => "").ToString();
        Assert.Matches("^/run/u/incidentmesh-[0-9a-f]{16}\\.sock$", found);
    }

    [Theory]
    [InlineData(93)]
    [InlineData(94)]
    [InlineData(200)]
    public void Finds_the_socket_of_a_node_however_deep_its_home_lies(int length)
    {
        string home = "/" + new string('d', length - 1);
        foreach (string? session in new[] { null, "/run/u" })
        {
            string? Variable(string name) => name == "XDG_RUNTIME_DIR" ? session : null;
            string node = Node.Store.DataFolder.Resolve(home, null, Variable, windows: false).Socket;
            Assert.True(node.Length <= 103);
            Assert.Equal(length <= 94, node.StartsWith(home, StringComparison.Ordinal));
            Assert.Equal(node, NodeAddress.Resolve(null, home, Variable, _ => "").ToString());
        }
    }

    [Fact]
    public void Without_a_home_and_a_session_it_looks_where_the_node_puts_its_socket()
    {
        string? Variable(string name) => name == "HOME" ? "/home/u" : null;
        string node = Node.Store.DataFolder.Resolve(null, null, Variable, windows: false).Socket;
        Assert.Equal(node, NodeAddress.Resolve(null, null, Variable, _ => "").ToString());
    }

    [Theory]
    [InlineData("http://example.org:80")]
    [InlineData("https://127.0.0.1:4780")]
    [InlineData("http://192.0.2.1:4780")]
    [InlineData("ftp://127.0.0.1")]
    public void A_token_never_leaves_the_machine(string url) =>
        Assert.Throws<UsageException>(() => NodeAddress.Resolve(url, null, _ => null, _ => "t"));

    [Theory]
    [InlineData("--node=/s lang:de", "lang:de")]
    [InlineData("--node /s -state:retracted Köln", "-state:retracted Köln")]
    [InlineData("--ascii -- --help", "--help")]
    public void The_query_is_what_is_no_flag(string line, string query) =>
        Assert.Equal(query, Options.Parse(line.Split(' '), _ => _ => null).Query);

    [Theory]
    [InlineData("--frob")]
    [InlineData("-x")]
    [InlineData("--node")]
    public void An_unknown_flag_is_a_usage_error(string line) =>
        Assert.Throws<UsageException>(() => Options.Parse(line.Split(' '), _ => _ => null));

    private static async Task Until(Func<bool> holds)
    {
        for (int i = 0; i < 500 && !holds(); i++)
        {
            await Task.Delay(10);
        }

        Assert.True(holds());
    }

    private sealed class Listener : IFeedListener
    {
        public int Events { get; private set; }

        public int Statuses { get; private set; }

        public int Failures { get; private set; }

        public void Happened(EventView e) => Events++;

        public void Told(StatusView status) => Statuses++;

        public void Failed(NodeFailure failure) => Failures++;
    }

    [Theory]
    [InlineData("", "", false)]
    [InlineData("VTE_VERSION", "7200", true)]
    [InlineData("KONSOLE_VERSION", "240800", true)]
    [InlineData("TERM_PROGRAM", "Apple_Terminal", true)]
    [InlineData("TERM", "mlterm-256color", true)]
    [InlineData("TERM", "xterm-256color", false)]
    public void Terminals_that_order_right_to_left_text_are_known(string name, string value, bool known)
    {
        Assert.Equal(known, IncidentMesh.Tui.Text.Rtl.TerminalReorders(n => n == name ? value : null));
        Assert.Equal("app", Options.Parse(["--bidi=app"], _ => _ => null).Bidi);
        Assert.Throws<UsageException>(() => Options.Parse(["--bidi=left"], _ => _ => null));
    }
}
