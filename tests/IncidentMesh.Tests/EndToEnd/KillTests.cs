using System.Text.Json;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Wire;
using IncidentMesh.Tests.Sync;
using Xunit;

namespace IncidentMesh.Tests.EndToEnd;

/// <summary>Nothing acknowledged is lost: a node that imports is killed at random moments, with a peer
/// connected. What its progress lines had acknowledged is there after each restart, and at the end both nodes
/// hold the same records.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private const int MostBatches = 2;
    private const int MostDelay = 30;

    private readonly SeededRandom _random = Seeds.New(out _);
    private readonly RestartedNode _node = new();
    private readonly RestartedNode _peer = new();

    public async ValueTask InitializeAsync()
    {
        await _node.StartAsync();
        await _peer.StartAsync();
        await TrustAsync(_node, _peer);
        await TrustAsync(_peer, _node);
        await _node.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _peer.DisposeAsync();
    }

    [Fact]
    public Task Sixteen_kills_in_an_import_lose_nothing_acknowledged() =>
        KillAsync(_node.Cli.Write("reports.jsonl", Generate(20_000)), 16);

    [Fact]
    public Task Four_kills_in_an_import_of_real_titles_lose_nothing_acknowledged() =>
        KillAsync(Repo.SharedFile("data", "aiid", "titles_dev.jsonl"), 4);

    private static Task TrustAsync(RestartedNode node, RestartedNode other) => node.Api.TrustAsync(
        new TrustRequest("add", other.First.Identity, null), CancellationToken.None);

    private async Task KillAsync(string file, int kills)
    {
        long acknowledged = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            await _node.StartAsync($"--peer={_peer.First.Addresses[0]}");
            await CheckAsync(acknowledged, kill);
            acknowledged = await ImportAndKillAsync(file, acknowledged);
        }

        await _node.StartAsync($"--peer={_peer.First.Addresses[0]}");
        await CheckAsync(acknowledged, kills);

        // Not the digest that the node started with: what it had relayed and not yet written when it was
        // killed comes back to it from the peer.
        await _peer.UntilAsync(async () => await DigestAsync(_node) == await DigestAsync(_peer));
        foreach (RestartedNode node in new[] { _node, _peer })
        {
            VerifyView verified = await node.Api.VerifyAsync([], CancellationToken.None);
            Assert.True(verified.Ok, string.Join("; ", verified.Failed));
            Assert.True(verified.Checked > acknowledged);
        }
    }

    private static async Task<string> DigestAsync(RestartedNode node) =>
        (await node.Api.StatusAsync(CancellationToken.None)).RecordDigest;

    // A profile stands beside the reports.
    private async Task CheckAsync(long acknowledged, int kill)
    {
        StatusView status = await _node.Api.StatusAsync(CancellationToken.None);
        Assert.True(
            status.Records > acknowledged, $"kill {kill}: {status.Records} of {acknowledged} are there");
    }

    // The same file each time: rows that were acknowledged must be known, each of them, for an import signs
    // what it does not know.
    private async Task<long> ImportAndKillAsync(string file, long acknowledged)
    {
        long target = acknowledged + (256 * (1 + _random.Next(MostBatches)));
        TimeSpan delay = TimeSpan.FromMilliseconds(_random.Next(MostDelay));
        Task? kill = null;
        ImportView? last = null;
        ImportRequest request = new(file, "auto", Path.Combine(_node.Cli.Home, "errors.jsonl"));
        try
        {
            await foreach (ImportView view in _node.Api.ImportAsync(request, CancellationToken.None))
            {
                Assert.True(
                    view.Read > acknowledged || view.New == 0,
                    $"{view.New} of {view.Read} rows are missing, {acknowledged} were acknowledged");
                last = view;
                if (view.Read >= target)
                {
                    kill ??= KillAfterAsync(delay);
                }
            }
        }
        catch (Exception e) when (kill is not null && e is IOException or ApiException or JsonException)
        {
            // The node is gone in the middle of its answer.
            Assert.False(last!.Done);
        }

        await (kill ?? _node.KillAsync());
        return Math.Max(acknowledged, last!.Read);
    }

    private async Task KillAfterAsync(TimeSpan delay)
    {
        await Task.Delay(delay);
        await _node.KillAsync();
    }

    private string Generate(int rows)
    {
        string[] systems = ["chatbot", "камера", "自动驾驶汽车", "نظام التوظيف", "Bonitätsmodell", "drone"];
        return string.Join('\n', Enumerable.Range(0, rows).Select(n => JsonSerializer.Serialize(new
        {
            type = "incident",
            title = $"{systems[_random.Next(systems.Length)]} fails in case {n}",
            description = $"Seen {_random.Next(1_000)} times, told by {_random.Next(9)} people.",
        })));
    }
}
