using System.Text.Json;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>A draft that was saved is there after a power cut, whole.</summary>
public sealed class DraftKillTests : IDisposable
{
    private readonly CommandProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task What_was_saved_before_the_node_was_killed_is_there_whole()
    {
        _cli.Init();
        using NodeProcess node = new(_cli);
        await using RemoteNode? api = RemoteNode.TryConnect(Path.Combine(_cli.Node, "api.sock"), null);
        Assert.NotNull(api);
        int number = (await api.DraftsAsync(Save(null, 0), CancellationToken.None)).Number!.Value;
        int acknowledged = 0;
        Task saving = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    await api.DraftsAsync(Save(number, acknowledged + 1), CancellationToken.None);
                    acknowledged++;
                }
            }
            catch (Exception e) when (e is ApiException or IOException or HttpRequestException)
            {
                return;
            }
        });
        while (acknowledged < 20)
        {
            await Task.Delay(5);
        }

        node.Kill();
        await saving;
        CommandResult shown = _cli.Run(
            "draft", "show", $"{number}", "--json", $"--passphrase-file={_cli.PassphraseFile}");
        Assert.True(shown.Exit == 0, shown.Err);
        using JsonDocument view = JsonDocument.Parse(shown.Out);
        JsonElement body = view.RootElement.GetProperty("draft").GetProperty("body");
        Assert.InRange(body.GetProperty("version").GetInt32(), acknowledged, acknowledged + 1);
        Assert.Equal(20_000, body.GetProperty("description").GetString()!.Length);
    }

    private static DraftRequest Save(int? number, int version)
    {
        string text = new('x', 20_000);
        using JsonDocument body = JsonDocument.Parse($"{{\"version\":{version},\"description\":\"{text}\"}}");
        return new DraftRequest("save", number, new DraftContent { Body = body.RootElement.Clone() });
    }
}
