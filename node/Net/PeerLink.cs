using System.Net.Sockets;
using System.Security.Cryptography;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Libp2p;

namespace IncidentMesh.Node.Net;

/// <summary>One socket and the <see cref="Connection"/> that it drives: a task that only reads, a task that
/// only writes.</summary>
/// <remarks>The state machine is behind a lock and not behind a channel: every call of it is a bounded piece
/// of work in memory, the lock is never held across a wait, and a stream's write would otherwise cost two
/// task switches. Reading never waits for writing: what reading causes to be sent is queued in the state
/// machine, which bounds it.</remarks>
internal sealed partial class PeerLink : IDisposable
{
    private const int ReadBytes = 128 * 1_024;
    private const int WriteBytes = 256 * 1_024;

    private static readonly TimeSpan _flushTime = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private readonly Connection _connection;
    private readonly NetClock _clock;
    private readonly Action<PeerStream> _accept;
    private readonly Dictionary<uint, PeerStream> _streams = [];
    private readonly Signal _toWrite = new();
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource<ConnectionOutput.Established> _established =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Fault? _fault;
    private bool _closing;
    private int _pings;

    /// <summary>Takes over a connected socket.</summary>
    /// <param name="socket">Connected; closed with the link.</param>
    /// <param name="key">The host key of this node.</param>
    /// <param name="dialer">Whether this node dialled.</param>
    /// <param name="expected">Who was dialled, where known.</param>
    /// <param name="supports">Whether a protocol is spoken.</param>
    /// <param name="accept">Takes streams that the peer opened; must not wait.</param>
    /// <param name="clock">The time.</param>
    public PeerLink(
        Socket socket, SigningKey key, bool dialer, PeerId? expected, Func<string, bool> supports,
        Action<PeerStream> accept, NetClock clock)
    {
        _socket = socket;
        _clock = clock;
        _accept = accept;
        Outbound = dialer;
        Started = clock.Now;
        RemoteAddress = Multiaddr.OfTcp((System.Net.IPEndPoint)socket.RemoteEndPoint!);
        Span<byte> entropy = stackalloc byte[Connection.EntropyBytes];
        RandomNumberGenerator.Fill(entropy);
        _connection = new Connection(key, dialer, expected, supports, entropy, clock.Now);
        CryptographicOperations.ZeroMemory(entropy);
    }

    /// <summary>Whether this node dialled.</summary>
    public bool Outbound { get; }

    /// <summary>When the socket was connected.</summary>
    public Instant Started { get; }

    /// <summary>The far end of the socket.</summary>
    public Multiaddr RemoteAddress { get; }

    /// <summary>Who the peer is; set when <see cref="Established"/> ends.</summary>
    public PeerId Peer { get; private set; }

    /// <summary>What is known of the peer; set once it was identified.</summary>
    public PeerInfo? Info { get; set; }

    /// <summary>Ends when the peer proved who it is; fails with <see cref="StreamException"/>.</summary>
    public Task<ConnectionOutput.Established> Established => _established.Task;

    /// <summary>Why the link ended; null while it lives, and after an end in good order.</summary>
    public Fault? Fault
    {
        get
        {
            lock (_gate)
            {
                return _fault;
            }
        }
    }

    /// <summary>Whether the link has ended or is about to.</summary>
    public bool IsClosing
    {
        get
        {
            lock (_gate)
            {
                return _closing;
            }
        }
    }

    /// <summary>Reads and writes until either side ends the connection.</summary>
    public async Task RunAsync()
    {
        Task reading = ReadAllAsync();
        Task writing = WriteAllAsync();
        await Task.WhenAny(reading, writing, _ending.Task);
        Close(null);

        // What is queued, a go-away above all, has a moment to leave; a peer that does not read cannot hold
        // us.
        await Task.WhenAny(writing, Task.Delay(_flushTime, _clock.Time));
        await _over.CancelAsync();
        _socket.Close();
        await Task.WhenAll(reading, writing);
        EndStreams();
    }

    /// <summary>Opens a stream.</summary>
    /// <exception cref="StreamException">The connection is gone, or takes no more streams.</exception>
    public PeerStream Open(IReadOnlyList<string> protocols)
    {
        lock (_gate)
        {
            if (_closing || !_connection.TryOpenStream(protocols, _clock.Now, out uint id))
            {
                throw new StreamException(
                    _fault ?? Protocol.Fault.Stream("connection-closed", "no more streams are taken"));
            }

            var stream = new PeerStream(this, id, protocols[0], inbound: false);
            _streams.Add(id, stream);
            TakeEvents();
            _toWrite.Set();
            return stream;
        }
    }

    /// <summary>Hands in bytes; see <see cref="Connection.Send"/>.</summary>
    public int Send(uint stream, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            int taken = _connection.Send(stream, bytes);
            _toWrite.Set();
            return taken;
        }
    }

    /// <summary>Returns credit.</summary>
    public void Consumed(uint stream, int bytes)
    {
        lock (_gate)
        {
            _connection.Consumed(stream, bytes);
            SignalIfBytes();
        }
    }

    /// <summary>Ends the writing half of a stream.</summary>
    public void CloseWrite(uint stream) => Command(c => c.CloseWrite(stream));

    /// <summary>Forgets a stream, at once or in good order.</summary>
    public void Leave(PeerStream stream, bool reset) => Command(c =>
    {
        if (reset)
        {
            c.Reset(stream.Id);
        }
        else
        {
            c.Release(stream.Id, _clock.Now);
        }

        _streams.Remove(stream.Id);
        stream.Fail(Protocol.Fault.Stream("stream-left", "this node has left the stream"));
    });

    /// <summary>Counts one more stream of pings, unless there are two.</summary>
    public bool TryEnterPing()
    {
        lock (_gate)
        {
            return _pings < Limits.Libp2p.PingStreams && ++_pings > 0;
        }
    }

    /// <summary>A stream of pings has ended.</summary>
    public void LeavePing()
    {
        lock (_gate)
        {
            _pings--;
        }
    }

    /// <summary>Acts on deadlines.</summary>
    public void Tick() => Command(c => c.Tick(_clock.Now));

    /// <summary>Ends the connection: sends what is queued and a go-away, then closes the socket.</summary>
    /// <param name="fault">Why, where something went wrong.</param>
    public void Close(Fault? fault)
    {
        lock (_gate)
        {
            if (!_closing)
            {
                _closing = true;
                _fault ??= fault;
                _connection.Close();
            }

            _ending.TrySetResult();
            _toWrite.Set();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _connection.Dispose();
        }

        _socket.Dispose();
        _over.Dispose();
    }

    private async Task ReadAllAsync()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(ReadBytes);
        while (true)
        {
            int length;
            try
            {
                length = await _socket.ReceiveAsync(buffer, SocketFlags.None, _over.Token);
            }
            catch (Exception e) when (IsEnd(e))
            {
                Lost(e);
                return;
            }

            lock (_gate)
            {
                if (length == 0 || _connection.IsFailed)
                {
                    return;
                }

                _connection.Receive(buffer.AsSpan(0, length), _clock.Now);
                TakeEvents();
                SignalIfBytes();
            }
        }
    }

    private async Task WriteAllAsync()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(WriteBytes);
        try
        {
            while (true)
            {
                int length;
                bool last;
                lock (_gate)
                {
                    length = _connection.TakeBytes(buffer);
                    TakeEvents();
                    last = _closing;
                }

                for (int sent = 0; sent < length;)
                {
                    sent += await _socket.SendAsync(
                        buffer.AsMemory(sent, length - sent), SocketFlags.None, _over.Token);
                }

                if (length == 0 && last)
                {
                    _socket.Shutdown(SocketShutdown.Send);
                    return;
                }

                if (length == 0)
                {
                    await _toWrite.WaitAsync(_over.Token);
                }
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            Lost(e);
        }
    }

    private static bool IsEnd(Exception e) =>
        e is SocketException or OperationCanceledException or ObjectDisposedException;

    private void Lost(Exception exception)
    {
        lock (_gate)
        {
            if (!_closing && exception is SocketException socket)
            {
                _fault ??= Protocol.Fault.Connection("connection-lost", socket.SocketErrorCode.ToString());
            }
        }
    }

    private void Command(Action<Connection> command)
    {
        lock (_gate)
        {
            command(_connection);
            TakeEvents();
            SignalIfBytes();
        }
    }

    private void SignalIfBytes()
    {
        if (_connection.HasBytes || _closing)
        {
            _toWrite.Set();
        }
    }
}
