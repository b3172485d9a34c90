using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>Whoever follows a node misses nothing and is told nothing twice, across cuts and
/// restarts.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly CommandProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_follower_goes_on_after_the_node_was_killed_and_restarted()
    {
        _cli.Init();
        List<string> told = [];
        string told1 = Submit("leak before");
        NodeProcess node = new(_cli);
        using Process watch = _cli.Start("watch", "leak", "--jsonl", "--since=today", "--count=4");
        told.Add(await NextAsync(watch));
        string told2 = Submit("leak one");
        told.Add(await NextAsync(watch));
        node.Kill();
        node.Dispose();
        Assert.Contains("node lost", await watch.StandardError.ReadLineAsync());
        string told3 = Submit("leak while no node ran");
        Submit("other");
        using NodeProcess again = new(_cli);
        told.Add(await NextAsync(watch));
        string told4 = Submit("leak after");
        told.Add(await NextAsync(watch));
        Assert.True(watch.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, watch.ExitCode);
        Assert.Equal([told1, told2, told3, told4], told);
    }

    [Fact]
    public async Task A_reader_that_was_cut_before_its_first_event_misses_none()
    {
        _cli.Init();
        using NodeProcess node = new(_cli);
        using HttpClient http = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                System.Net.Sockets.Socket socket = new(
                    System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream,
                    System.Net.Sockets.ProtocolType.Unspecified);
                await socket.ConnectAsync(
                    new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(_cli.Node, "api.sock")),
                    stop);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        });
        string id;
        using (StreamReader first = new(await http.GetStreamAsync("http://node/v1/events")))
        {
            id = await LineAsync(first, "id: ");
        }

        string missed = Submit("came while nobody listened");
        using HttpRequestMessage request = new(HttpMethod.Get, "http://node/v1/events");
        request.Headers.Add("Last-Event-ID", id);
        using HttpResponseMessage answer =
            await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using StreamReader second = new(await answer.Content.ReadAsStreamAsync());
        Assert.Contains(missed, await LineAsync(second, "data: "));
    }

    [Fact]
    public void Without_a_node_there_is_nothing_to_follow()
    {
        Assert.Equal(5, _cli.Init().Run("watch").Exit);
        using NodeProcess node = new(_cli);
        CommandResult wrong = _cli.Run("watch", "sevrity:x");
        Assert.Equal(2, wrong.Exit);
        Assert.Contains("did you mean severity?", wrong.Err);
        Assert.Equal(2, _cli.Run("watch", "--since=whenever").Exit);
    }

    [Fact]
    public void A_command_is_run_for_each_and_what_strangers_wrote_is_no_part_of_its_line()
    {
        _cli.Init();
        string title = "leak '; touch hacked; echo '";
        Submit(title);
        using NodeProcess node = new(_cli);
        string file = Path.Combine(_cli.Home, "titles");
        CommandResult done = _cli.Run(
            "watch", "leak", "--since=today", "--count=1",
            $"--exec=echo \"$INCIDENTMESH_TITLE\" > {file}; cat >> {file}");
        Assert.Equal(0, done.Exit);
        string[] lines = File.ReadAllLines(file);
        Assert.Equal(title, lines[0]);
        using JsonDocument item = JsonDocument.Parse(lines[1]);
        Assert.Equal(title, item.RootElement.GetProperty("title").GetString());
    }

    private string Submit(string title) => _cli.Run("submit", "-q", $"--title={title}").Out.Trim();

    private static async Task<string> NextAsync(Process watch)
    {
        string line = await watch.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? "{}";
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("item").GetProperty("id").GetString()!;
    }

    private static async Task<string> LineAsync(StreamReader reader, string prefix)
    {
        while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } line)
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal))
            {
                return line[prefix.Length..];
            }
        }

        throw new EndOfStreamException();
    }
}
