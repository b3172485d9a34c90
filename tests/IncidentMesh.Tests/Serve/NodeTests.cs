using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tests.Commands;
using Xunit;

namespace IncidentMesh.Tests.Serve;

/// <summary>Tests of one open node in a folder of its own, without network.</summary>
public abstract class NodeTests : IAsyncLifetime
{
    internal DataFolder Folder { get; } =
        DataFolder.Resolve(Directory.CreateTempSubdirectory("incidentmesh-node-").FullName);

    internal LocalNode Node { get; private set; } = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await NodeSetup.CreateAsync(
            Folder, new JsonObject { ["name"] = "help" }, "correct horse", false, null, Stop);
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        Directory.Delete(Folder.Home, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected async Task OpenAsync() =>
        Node = await LocalNode.OpenAsync(Folder, () => Task.FromResult("correct horse"), Stop);

    internal Task<SearchView> FindAsync(string query) => Node.SearchAsync(new SearchRequest(query), Stop);

    /// <summary>Signs a record that says something of others.</summary>
    internal Task<SubmitView> SayAsync(
        string type, JsonObject body, params (string How, string Of)[] named) => Node.SubmitAsync(
        new SubmitRequest
        {
            Type = type,
            Lang = "en",
            Body = JsonSerializer.SerializeToElement(body),
            Relations = [.. named.Select(n => new RelationRequest(n.How, n.Of))],
        },
        Stop);

    /// <summary>Another author, who is trusted here; what they export is taken in by
    /// <see cref="TakeAsync"/>.</summary>
    internal async Task<CommandProcess> OtherAsync()
    {
        CommandProcess other = new CommandProcess().Init();
        using JsonDocument status = JsonDocument.Parse(other.Run("status", "--json").Out);
        await Node.TrustAsync(
            new TrustRequest("add", status.RootElement.GetProperty("identity").GetString()!, "other"), Stop);
        return other;
    }

    /// <summary>Takes in all that another author has.</summary>
    internal async Task TakeAsync(CommandProcess other)
    {
        string file = Path.Combine(other.Home, "all.jsonl");
        CommandResult exported = other.Run("export", "state:*", "--format=bundle", $"--out={file}");
        Assert.True(exported.Exit == 0, exported.Err);
        ImportView? taken = null;
        await foreach (ImportView progress in Node.ImportAsync(new ImportRequest(file, "jsonl", null), Stop))
        {
            taken = progress;
        }

        Assert.Equal(0, taken!.Bad);
    }

    /// <summary>Signs a report.</summary>
    protected async Task<string> ReportAsync(string title) =>
        (await SayAsync("incident", new() { ["title"] = title })).Id;
}
