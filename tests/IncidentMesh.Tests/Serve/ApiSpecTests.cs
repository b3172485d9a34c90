using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace IncidentMesh.Tests.Serve;

/// <summary><c>specs/api.md</c> and the OpenAPI document name what the server answers.</summary>
public sealed partial class ApiSpecTests
{
    private static readonly string Spec = File.ReadAllText(Path.Combine(Repo.Root, "specs", "api.md"));
    private static readonly JsonNode Document = JsonNode.Parse(OpenApiDocument.Text)!;

    [Fact]
    public void Every_route_is_in_the_specification_and_in_the_document()
    {
        (string Method, string Path)[] routes = Routes();
        Assert.True(routes.Length > 20);
        Assert.Multiple([.. routes.Select(route => (Action)(() =>
        {
            Assert.Contains($"`{route.Path}`", Spec);
            Assert.True(
                route.Path == ApiPaths.OpenApi
                || Document["paths"]?[route.Path]?[route.Method] is not null,
                $"OpenAPI lacks {route.Method} {route.Path}");
        }))]);
    }

    [Fact]
    public void Every_key_of_an_answer_or_request_is_in_the_specification()
    {
        HashSet<string> words = [.. Word().Matches(Spec).Select(m => m.Value)];
        List<string> keys = [];
        Collect(Document["components"]!["schemas"]!, keys);
        Assert.True(keys.Count > 100);
        Assert.Equal("", string.Join(' ', keys.Distinct().Where(key => !words.Contains(key))));
    }

    private static (string Method, string Path)[] Routes()
    {
        WebApplication app = WebApplication.CreateSlimBuilder().Build();
        ApiRoutes.Map(app, (RemoteNode)RuntimeHelpers.GetUninitializedObject(typeof(RemoteNode)));
        return
        [
            .. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>().SelectMany(e =>
                    e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method =>
                        (method.ToLowerInvariant(), Constraint().Replace(e.RoutePattern.RawText!, "}")))),
        ];
    }

    private static void Collect(JsonNode? node, List<string> keys)
    {
        if (node is JsonObject map)
        {
            keys.AddRange((map["properties"] as JsonObject)?.Select(p => p.Key) ?? []);
            map.ToList().ForEach(entry => Collect(entry.Value, keys));
        }
        else if (node is JsonArray list)
        {
            list.ToList().ForEach(item => Collect(item, keys));
        }
    }

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Word();

    [GeneratedRegex(@":\w+}")]
    private static partial Regex Constraint();
}
