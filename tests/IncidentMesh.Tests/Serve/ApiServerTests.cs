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
    public async Task A_saved_query_that_leads_nowhere_is_refused_before_a_stream_begins()
    {
        await Node.SearchesAsync(new SavedRequest("save", "inner", "zebra"), Stop);
        await Node.SearchesAsync(new SavedRequest("save", "outer", "saved:inner"), Stop);
        Node.EventsAsync(new EventRequest(Query: "saved:outer"), Stop);
        await Node.SearchesAsync(new SavedRequest("drop", "inner"), Stop);
        ApiException refused = Assert.Throws<ApiException>(
            () => { Node.EventsAsync(new EventRequest(Query: "saved:outer"), Stop); });
        Assert.Contains("\"inner\"", refused.Message);
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_told_so()
    {
        await using ApiServer server =
            await ApiServer.StartAsync(Node, new ApiBinding(null, 0, "secret", null), Stop);
        using HttpClient client = new() { BaseAddress = new Uri(Assert.Single(server.Addresses)) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", "secret");
        string title = new('x', 1 << 20);
        string text = $$$"""{"type":"incident","body":{"title":"{{{title}}}"}}""";
        using StringContent content = new(text, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.PostAsync(ApiPaths.Records, content, Stop);
        string body = await answer.Content.ReadAsStringAsync(Stop);
        ErrorBody error = JsonSerializer.Deserialize(body, ApiJson.Default.ErrorView)!.Error;
        Assert.Equal((507, "request-size", 9), ((int)answer.StatusCode, error.Code, error.Exit));
    }

    [Fact]
    public async Task It_ends_at_once_though_somebody_reads_events()
    {
        ApiServer server = await ApiServer.StartAsync(Node, new ApiBinding(null, 0, "secret", null), Stop);
        using HttpClient client = new() { BaseAddress = new Uri(Assert.Single(server.Addresses)) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", "secret");
        using HttpResponseMessage answer = await client.GetAsync(
            ApiPaths.Events, HttpCompletionOption.ResponseHeadersRead, Stop);
        Task<string> read = answer.Content.ReadAsStringAsync(Stop);
        await server.DisposeAsync();

        // The stream has an end; a connection that is cut off would throw.
        Assert.StartsWith(": incidentmesh\n", await read);
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
