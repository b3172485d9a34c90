using System.Security.Cryptography;
using System.Text;
using IncidentMesh.Protocol.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncidentMesh.Node.Serve;

/// <summary>Where the local API listens.</summary>
/// <param name="Socket">Path of a Unix socket, or null.</param>
/// <param name="Loopback">Port on 127.0.0.1 (0: any), or null.</param>
/// <param name="Token">What a loopback client must send as bearer token.</param>
/// <param name="MetricsPort">Port on 127.0.0.1 that serves <c>/metrics</c> and <c>/healthz</c> alone, or
/// null.</param>
internal sealed record ApiBinding(string? Socket, int? Loopback, string? Token, int? MetricsPort)
{
    /// <summary>Ports on 127.0.0.1.</summary>
    public IEnumerable<int> Ports => new[] { Loopback, MetricsPort }.OfType<int>();
}

/// <summary>The local API over HTTP: a Unix socket that the file system protects, or loopback with a token.
/// <c>specs/api.md</c>.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private const int SocketMode = 384; // 0600
    private const string OfSocket = "http://unix:";
    private readonly WebApplication _app;
    private readonly ApiBinding _binding;

    private ApiServer(WebApplication app, ApiBinding binding) => (_app, _binding) = (app, binding);

    /// <summary>Addresses of the API.</summary>
    public IReadOnlyList<string> Addresses => [.. _app.Urls.Where(url => !IsMetrics(url)).Select(
        url => url.StartsWith(OfSocket, StringComparison.Ordinal) ? url[OfSocket.Length..] : url)];

    /// <summary>The address of the metrics, or null.</summary>
    public string? Metrics => _app.Urls.FirstOrDefault(IsMetrics) is { } url ? url + ApiPaths.Metrics : null;

    /// <summary>Starts listening.</summary>
    /// <exception cref="ApiException">The port is taken, or the socket cannot be made (exit 7).</exception>
    public static async Task<ApiServer> StartAsync(INodeApi node, ApiBinding binding, CancellationToken stop)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ApiLimits.RequestBytes;
            if (binding.Socket is not null)
            {
                kestrel.ListenUnixSocket(binding.Socket);
            }

            foreach (int port in binding.Ports)
            {
                kestrel.Listen(System.Net.IPAddress.Loopback, port);
            }
        });
        WebApplication app = builder.Build();
        app.Use((context, next) => GuardAsync(context, next, binding));
        app.Use(TellAsync);
        ApiRoutes.Map(app, node);
        try
        {
            if (binding.Socket is not null)
            {
                // A session's folder has none for us at first, and a dead node leaves its socket.
                Directory.CreateDirectory(Path.GetDirectoryName(binding.Socket)!);
                File.Delete(binding.Socket);
            }

            await app.StartAsync(stop);
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            if (e.InnerException is AddressInUseException)
            {
                string taken = string.Join(" or ", binding.Ports);
                throw new ApiException(
                    "port-taken", $"port {taken} of 127.0.0.1 is taken", "--api and --metrics name others",
                    ExitCode.Busy);
            }

            string message = $"the local API cannot listen: {e.Message}";
            throw new ApiException("api-busy", message, "is another node running?", ExitCode.Busy);
        }

        if (binding.Socket is not null && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(binding.Socket, (UnixFileMode)SocketMode);
        }

        return new ApiServer(app, binding);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_binding.Socket is not null)
        {
            File.Delete(_binding.Socket);
        }
    }

    // A browser on this machine must not reach the API through a page from elsewhere: loopback asks for a
    // token, and the metrics port shows numbers alone.
    private static Task GuardAsync(HttpContext context, RequestDelegate next, ApiBinding binding)
    {
        int port = context.Connection.LocalPort;
        bool overSocket = context.Connection.LocalIpAddress is null;
        string path = context.Request.Path.Value ?? "";
        bool open = path is ApiPaths.Health || (path is ApiPaths.Metrics && port == binding.MetricsPort);
        if (overSocket || open)
        {
            return next(context);
        }

        string? token = port == binding.MetricsPort ? null : binding.Token;
        if (token is not null && SameToken(context, token))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return ApiRoutes.WriteErrorAsync(context, new ErrorBody(
            "token", "this address needs the node's token", "it is in api.token of the node's folder", 4));
    }

    private bool IsMetrics(string url) => _binding.MetricsPort is { } port
        && url.EndsWith($":{port}", StringComparison.Ordinal);

    private static async Task TellAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (!context.Response.HasStarted)
        {
            string method = context.Request.Method, path = context.Request.Path.Value ?? "";
            string hint = $"GET {ApiPaths.OpenApi} lists what there is";
            Task told = context.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => ApiRoutes.WriteErrorAsync(
                    context, ApiException.NotFound($"there is no {path}", hint).Error),
                StatusCodes.Status405MethodNotAllowed => ApiRoutes.WriteErrorAsync(
                    context, ApiException.Usage($"{path} takes no {method}", hint).Error),
                _ => Task.CompletedTask,
            };
            await told;
        }
    }

    private static bool SameToken(HttpContext context, string token)
    {
        string sent = context.Request.Headers.Authorization.ToString();
        return CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes("Bearer " + token));
    }
}

/// <summary>What a client of the local API may send.</summary>
internal static class ApiLimits
{
    /// <summary>Bytes of a request: a record in its JSON form, with room for escapes.</summary>
    public const long RequestBytes = 1 << 20;

    /// <summary>Items of one page.</summary>
    public const int PageItems = 1_000;
}
