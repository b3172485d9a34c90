using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Serve;

public sealed class TrustNamesTests : NodeTests
{
    [Fact]
    public async Task A_name_is_of_one_author()
    {
        await Node.TrustAsync(new TrustRequest("add", Author("one"), "lab"), Stop);
        await Node.TrustAsync(new TrustRequest("name", Author("one"), "lab"), Stop);
        ApiException refused = await Assert.ThrowsAsync<ApiException>(
            () => Node.TrustAsync(new TrustRequest("add", Author("two"), "lab"), Stop));
        Assert.Contains("is the name of another author", refused.Message);
        await Node.TrustAsync(new TrustRequest("add", Author("two"), "other lab"), Stop);
    }

    private static string Author(string seed) =>
        new Cid(Codec.DagCbor, Digest.Sha256(System.Text.Encoding.UTF8.GetBytes(seed))).ToString();
}
