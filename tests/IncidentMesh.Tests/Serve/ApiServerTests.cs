using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Serve;

/// <summary>Every refusal of the local API is an Error (<c>specs/api.md</c>, "Errors").</summary>
public sealed class ApiServerTests : NodeTests
{
    [Theory]
    [InlineData("GET", "/v1/nothing", 404, "not-found")]
    [InlineData("GET", "/v1/drafts/one", 404, "not-found")]
    [InlineData("DELETE", "/v1/status", 405, "usage")]
    [InlineData("GET", "/v1/events?after=zzz", 400, "usage")]
    [InlineData("GET", "/v1/events?q=saved:nope", 400, "usage")]
    [InlineData("GET", "/v1/stats", 400, "usage")]
    [InlineData("GET", "/v1/reports/zzzzzz", 404, "not-found")]
    public async Task What_it_does_not_take_is_refused_in_its_own_words(
        string method, string path, int status, string code)
    {
        await using ApiServer server =
            await ApiServer.StartAsync(Node, new ApiBinding(null, 0, "secret", null), Stop);
        using HttpClient client = new() { BaseAddress = new Uri(Assert.Single(server.Addresses)) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", "secret");
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        using HttpResponseMessage answer = await client.SendAsync(request, Stop);
        string body = await answer.Content.ReadAsStringAsync(Stop);
        ErrorBody error = JsonSerializer.Deserialize(body, ApiJson.Default.ErrorView)!.Error;
        Assert.Equal((status, code), ((int)answer.StatusCode, error.Code));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        ApiException refused = await Assert.ThrowsAsync<ApiException>(
            () => ApiServer.StartAsync(Node, new ApiBinding(null, null, null, port), Stop));
        Assert.Equal(("port-taken", ExitCode.Busy), (refused.Error.Code, refused.Error.Exit));
        Assert.Equal($"port {port} of 127.0.0.1 is taken", refused.Message);
    }
}
