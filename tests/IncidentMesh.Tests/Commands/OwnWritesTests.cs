using System.Text.Json;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>Who submits and then searches finds what was submitted.</summary>
public sealed class OwnWritesTests : IDisposable
{
    private readonly CommandProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_search_a_count_and_an_alert_after_a_submit_have_it()
    {
        using NodeProcess running = new(_cli.Init());
        CancellationToken stop = TestContext.Current.CancellationToken;
        string socket = Path.Combine(_cli.Node, "api.sock");
        await using RemoteNode node = RemoteNode.TryConnect(socket, null)!;
        await node.SearchesAsync(new SavedRequest("save", "zebras", "zebra", true), stop);
        int submitted = 0;
        async Task SubmitAsync()
        {
            using JsonDocument body = JsonDocument.Parse($$"""{"title":"zebra number {{++submitted}}"}""");
            await node.SubmitAsync(
                new SubmitRequest { Type = "incident", Body = body.RootElement, Similar = false }, stop);
        }

        while (submitted < 30)
        {
            await SubmitAsync();
            Assert.Equal(submitted, (await node.SearchAsync(new SearchRequest("zebra"), stop)).Total);
            await SubmitAsync();
            Assert.Equal(submitted, (await node.StatsAsync("zebra", "country", null, stop)).Total);
            await SubmitAsync();
            Assert.Equal(submitted, Assert.Single((await node.SearchesAsync(null, stop)).Items).Unseen);
        }
    }

    [Fact]
    public void Without_a_node_similar_reports_are_found_by_their_words_and_that_is_said()
    {
        _cli.Init();
        string first = _cli.Run("submit", "-q", "--title=City chatbot names a wrong deadline").Out.Trim();
        _cli.Run("submit", "-q", "--title=Arrested after a face match");
        CommandResult second = _cli.Run("submit", "--title=The chatbot of the city names a wrong deadline");
        Assert.Contains("alike in words", second.Err);
        Assert.Contains($"words-alone  {first[7..15]}  City chatbot names a wrong deadline", second.Err);
        Assert.DoesNotContain("Arrested", second.Err);
    }
}
