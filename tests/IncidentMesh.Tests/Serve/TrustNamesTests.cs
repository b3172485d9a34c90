using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Serve;

public sealed class TrustNamesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_is_of_one_author()
    {
        DataFolder folder =
            DataFolder.Resolve(Directory.CreateTempSubdirectory("incidentmesh-names-").FullName);
        await NodeSetup.CreateAsync(
            folder, new JsonObject { ["name"] = "help" }, "correct horse", false, null, Stop);
        await using (LocalNode node = await LocalNode.OpenAsync(
            folder, () => Task.FromResult("correct horse"), Stop))
        {
            await node.TrustAsync(new TrustRequest("add", Author("one"), "lab"), Stop);
            await node.TrustAsync(new TrustRequest("name", Author("one"), "lab"), Stop);
            ApiException refused = await Assert.ThrowsAsync<ApiException>(
                () => node.TrustAsync(new TrustRequest("add", Author("two"), "lab"), Stop));
            Assert.Contains("is the name of another author", refused.Message);
            await node.TrustAsync(new TrustRequest("add", Author("two"), "other lab"), Stop);
        }

        Directory.Delete(folder.Home, recursive: true);
    }

    private static string Author(string seed) =>
        new Cid(Codec.DagCbor, Digest.Sha256(System.Text.Encoding.UTF8.GetBytes(seed))).ToString();
}
