using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Serve;

/// <summary>Where a node is reached: a socket's path, or <c>http://127.0.0.1:PORT</c> with a token.</summary>
/// <param name="Address">As asked for.</param>
/// <param name="Token">Bearer token, or null.</param>
internal sealed record NodeEndpoint(string Address, string? Token)
{
    private bool IsUrl => Address.StartsWith("http://", StringComparison.Ordinal);

    /// <summary>A connection, or null where nobody listens.</summary>
    public Socket? TryConnect()
    {
        if (!IsUrl && !File.Exists(Address))
        {
            return null;
        }

        Socket socket = IsUrl
            ? new Socket(SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(Target());
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private EndPoint Target()
    {
        if (!IsUrl)
        {
            return new UnixDomainSocketEndPoint(Address);
        }

        Uri url = new(Address);
        return IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? address)
            ? new IPEndPoint(address, url.Port)
            : url.IsLoopback ? new IPEndPoint(IPAddress.Loopback, url.Port)
            : throw ApiException.Usage(
                $"{Address} is not an address of this machine", "ssh -L forwards a port");
    }
}

/// <summary>One request and its answer over a connection of its own. HttpClient costs 60 ms at its first use,
/// more than all else that a short command does.</summary>
internal sealed class NodeConnection : IDisposable
{
    private const int BufferBytes = 64 << 10;
    private readonly NetworkStream _stream;
    private readonly HttpAnswer _answer = new();
    private readonly byte[] _buffer = new byte[BufferBytes];

    private NodeConnection(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>Status of the answer.</summary>
    public int Status => _answer.Status;

    /// <summary>Sends a request and reads the whole answer. It blocks: a short command has nothing else to
    /// do, and the engine that waits for sockets takes longer to start than the node to answer.</summary>
    /// <exception cref="ApiException">The node went away (5).</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> ended it.</exception>
    public static (int Status, byte[] Body) Exchange(
        Socket socket, NodeEndpoint node, string method, string path, byte[]? body, CancellationToken stop)
    {
        using Socket owned = socket;
        using CancellationTokenRegistration end = stop.Register(socket.Dispose);
        HttpAnswer answer = new();
        byte[] buffer = new byte[BufferBytes];
        try
        {
            socket.Send(Request(node, method, path, body));
            while (!answer.Done)
            {
                Take(answer, buffer.AsSpan(0, socket.Receive(buffer)));
            }

            // The node has closed it already: another shutdown would only fail.
            socket.SafeHandle.Dispose();
            return (answer.Status, answer.Take().ToArray());
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(stop);
        }
        catch (SocketException e)
        {
            throw Lost(e.Message);
        }
    }

    /// <summary>Sends a request and reads the head of an answer that comes in pieces.</summary>
    /// <exception cref="ApiException">The node went away (5).</exception>
    public static async Task<NodeConnection> SendAsync(
        Socket socket, NodeEndpoint node, string method, string path, byte[]? body, CancellationToken stop)
    {
        NodeConnection connection = new(socket);
        try
        {
            await connection._stream.WriteAsync(Request(node, method, path, body), stop);
            while (!connection._answer.HasHead)
            {
                await connection.ReceiveAsync(stop);
            }

            return connection;
        }
        catch (IOException e)
        {
            connection.Dispose();
            throw Lost(e.Message);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The rest of the body.</summary>
    public async Task<byte[]> ReadAllAsync(CancellationToken stop)
    {
        using MemoryStream all = new();
        while (await ReadSomeAsync(stop) is { Length: > 0 } some)
        {
            all.Write(some);
        }

        return all.ToArray();
    }

    /// <summary>The next piece of the body; empty at its end.</summary>
    public async Task<byte[]> ReadSomeAsync(CancellationToken stop)
    {
        while (true)
        {
            byte[] some = _answer.Take().ToArray();
            if (some.Length > 0 || _answer.Done)
            {
                return some;
            }

            await ReceiveAsync(stop);
        }
    }

    public void Dispose() => _stream.Dispose();

    private static ApiException Lost(string why) => new(
        "node-lost", $"the node went away: {why}", "incidentmesh status", ExitCode.NeedsNode);

    private static byte[] Request(NodeEndpoint node, string method, string path, byte[]? body)
    {
        StringBuilder head = new();
        head.Append(method).Append(' ').Append(path);
        head.Append(" HTTP/1.1\r\nHost: node\r\nConnection: close\r\n");
        head.Append(node.Token is null ? "" : $"Authorization: Bearer {node.Token}\r\n");
        string length = (body?.Length ?? 0).ToString(CultureInfo.InvariantCulture);
        head.Append(body is null ? "" : $"Content-Type: application/json\r\nContent-Length: {length}\r\n");
        head.Append("\r\n");
        return [.. Encoding.ASCII.GetBytes(head.ToString()), .. body ?? []];
    }

    private static void Take(HttpAnswer answer, ReadOnlySpan<byte> read)
    {
        if (read.IsEmpty && !answer.End())
        {
            throw Lost("its answer was cut off");
        }

        if (!answer.Receive(read, out Fault? fault))
        {
            throw new ApiException(
                "node-answer", $"what answered is no node: {fault.Detail}", null, ExitCode.NeedsNode);
        }
    }

    private async Task ReceiveAsync(CancellationToken stop)
    {
        int read;
        try
        {
            read = await _stream.ReadAsync(_buffer, stop);
        }
        catch (IOException e)
        {
            throw Lost(e.Message);
        }

        Take(_answer, _buffer.AsSpan(0, read));
    }
}
