using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Tui.Data;

/// <summary>Where a node's API listens: a Unix socket, or a port of this machine with a bearer
/// token.</summary>
/// <param name="SocketPath">Path of the socket, or null.</param>
/// <param name="Port">Loopback endpoint where there is no socket.</param>
/// <param name="Token">Bearer token, or null.</param>
internal sealed record NodeAddress(string? SocketPath, IPEndPoint? Port, string? Token)
{
    /// <summary>The folder of the node; null where its address was given.</summary>
    public string? Home { get; private init; }

    /// <summary>The folder as <c>--home</c> named it, or null.</summary>
    public string? HomeFlag { get; private init; }

    /// <summary>As error messages name it.</summary>
    public override string ToString() => SocketPath ?? $"http://{Port}";

    /// <summary>Finds the node: the flag, else <c>INCIDENTMESH_NODE</c>, else
    /// <c>$INCIDENTMESH_HOME/api.sock</c>, else <c>$XDG_RUNTIME_DIR/incidentmesh/api.sock</c>, else
    /// <c>api.sock</c> in the node's data; where such a path is too long, see
    /// <see cref="NodeSocket"/>.</summary>
    /// <param name="flag">Value of <c>--node</c>, or null.</param>
    /// <param name="home">Value of <c>--home</c>, or null.</param>
    /// <param name="environment">Reads a variable.</param>
    /// <param name="readFile">Reads the token file; throws <see cref="IOException"/>.</param>
    /// <exception cref="UsageException">The address is not usable.</exception>
    public static NodeAddress Resolve(
        string? flag, string? home, Func<string, string?> environment, Func<string, string> readFile)
    {
        string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;
        string? named = flag ?? (home is null ? Variable("INCIDENTMESH_NODE") : null);
        if (named is not null)
        {
            return named.Contains("://", StringComparison.Ordinal)
                ? FromUrl(named, ReadToken(Variable("INCIDENTMESH_TOKEN_FILE"), readFile))
                : new NodeAddress(
                    named.StartsWith("unix:", StringComparison.Ordinal) ? named[5..] : named, null, null);
        }

        string? session = Variable("XDG_RUNTIME_DIR");
        NodeAddress In(string folder, string node) =>
            new(NodeSocket.PathIn(folder, node, session, Path.GetTempPath()), null, null)
            {
                Home = node,
                HomeFlag = home is null ? null : node,
            };
        if ((home ?? Variable("INCIDENTMESH_HOME")) is { } folder)
        {
            string full = Path.GetFullPath(folder);
            return In(full, full);
        }

        string data = Variable("XDG_DATA_HOME") ?? Path.Combine(Variable("HOME") ?? "/", ".local", "share");
        string its = Path.Combine(data, "incidentmesh");
        return In(session is null ? its : Path.Combine(session, "incidentmesh"), its);
    }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="NodeFailure">Nobody listens there.</exception>
    public async Task<Socket> ConnectAsync(CancellationToken stop)
    {
        Socket socket = SocketPath is not null
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(Port!.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            EndPoint to = SocketPath is not null ? new UnixDomainSocketEndPoint(SocketPath) : Port!;
            await socket.ConnectAsync(to, stop).ConfigureAwait(false);
            return socket;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            socket.Dispose();
            throw NodeFailure.Unreachable(ToString(), Reason(e));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether a node listens there.</summary>
    public bool Answers()
    {
        try
        {
            ConnectAsync(CancellationToken.None).GetAwaiter().GetResult().Dispose();
            return true;
        }
        catch (NodeFailure)
        {
            return false;
        }
    }

    private static string Reason(Exception e) => e is SocketException { SocketErrorCode: var code }
        ? code switch
        {
            SocketError.AddressNotAvailable => "no such socket",
            SocketError.ConnectionRefused => "connection refused",
            SocketError.AccessDenied => "not allowed",
            _ => e.Message.ToLowerInvariant(),
        }
        : "the path is too long for a socket";

    private static NodeAddress FromUrl(string url, string? token)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme != "http"
            || uri.AbsolutePath != "/")
        {
            throw new UsageException(
                $"\"{url}\" is not a node's address",
                "a socket's path, or http://127.0.0.1:PORT with a token file");
        }

        IPAddress? host = uri.Host == "localhost" ? IPAddress.Loopback : null;
        if (host is null && !IPAddress.TryParse(uri.Host.Trim('[', ']'), out host))
        {
            host = null;
        }

        // The bearer token travels in the clear, so it never leaves the machine.
        if (host is null || !IPAddress.IsLoopback(host))
        {
            throw new UsageException(
                $"\"{uri.Host}\" is not this machine",
                "forward the node's port: ssh -L 4780:127.0.0.1:4780 HOST");
        }

        return new NodeAddress(null, new IPEndPoint(host, uri.Port), token);
    }

    private static string? ReadToken(string? file, Func<string, string> readFile)
    {
        if (file is null)
        {
            return null;
        }

        try
        {
            string token = readFile(file).Trim();
            return token.All(c => c is > ' ' and <= '~') ? token : throw new UsageException(
                string.Create(CultureInfo.InvariantCulture, $"{file} holds no token"),
                "it is one line of plain text");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"cannot read the token file {file}", "INCIDENTMESH_TOKEN_FILE names it");
        }
    }
}
