using System.Buffers;
using System.IO.Pipelines;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Node.Net;

/// <summary>One stream of a connection: two directions that end apart, each with a window of 256 KiB. One
/// reader and one writer at a time.</summary>
/// <remarks>Reading returns credit to the peer, so a stream that nobody reads stops its sender after 256 KiB
/// and disturbs no other. Writing waits while 256 KiB are queued.</remarks>
public sealed class PeerStream : IAsyncDisposable
{
    private readonly PeerLink _link;
    private readonly Signal _writable = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The window bounds what the pipe holds; it coalesces small frames, so many of them cost no more than
    // their bytes.
    private readonly Pipe _pipe = new(
        new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private volatile Fault? _fault;
    private int _left;

    internal PeerStream(PeerLink link, uint id, string protocol, bool inbound)
    {
        _link = link;
        Id = id;
        Protocol = protocol;
        Inbound = inbound;
        Peer = link.Peer;
    }

    /// <summary>Who is at the other end.</summary>
    public PeerId Peer { get; }

    /// <summary>The protocol agreed on; before <see cref="Opened"/> the first that was proposed.</summary>
    public string Protocol { get; private set; }

    /// <summary>Whether the peer opened the stream.</summary>
    public bool Inbound { get; }

    /// <summary>Ends when the peer has agreed to the protocol; fails with <see cref="StreamException"/>.
    /// Writing need not wait for it when one protocol was proposed.</summary>
    public Task Opened => _opened.Task;

    internal uint Id { get; }

    internal Multiaddr RemoteAddress => _link.RemoteAddress;

    internal bool TryEnterPing() => _link.TryEnterPing();

    internal void LeavePing() => _link.LeavePing();

    /// <summary>Reads what there is, at least one byte.</summary>
    /// <param name="buffer">Not empty.</param>
    /// <param name="stop">Ends the wait; the stream stays usable.</param>
    /// <returns>The bytes read; 0 when the peer has ended its side.</returns>
    /// <exception cref="StreamException">The stream or the connection is gone.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken stop = default)
    {
        ReadResult result = await _pipe.Reader.ReadAsync(stop);
        int length = (int)Math.Min(buffer.Length, result.Buffer.Length);
        ReadOnlySequence<byte> taken = result.Buffer.Slice(0, length);
        taken.CopyTo(buffer.Span);
        _pipe.Reader.AdvanceTo(taken.End);
        if (length > 0)
        {
            _link.Consumed(Id, length);
        }

        return length;
    }

    /// <summary>Queues all of <paramref name="bytes"/>; they are copied before it returns. What is queued in
    /// a short time travels together.</summary>
    /// <param name="bytes">Any number.</param>
    /// <param name="stop">Ends the wait; part of the bytes may be queued then.</param>
    /// <exception cref="StreamException">The stream or the connection is gone.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop = default)
    {
        while (true)
        {
            ThrowIfGone();
            bytes = bytes[_link.Send(Id, bytes.Span)..];
            if (bytes.Length == 0)
            {
                return;
            }

            await _writable.WaitAsync(stop);
        }
    }

    /// <summary>Writes no more; what was queued is still sent. Reading goes on.</summary>
    public void CloseWrite() => _link.CloseWrite(Id);

    /// <summary>Ends the stream at once, both ways; what was queued is dropped.</summary>
    public void Reset()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            _link.Leave(this, reset: true);
        }
    }

    /// <summary>Leaves the stream in good order: what was queued is still sent, what still comes is
    /// dropped.</summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            _link.Leave(this, reset: false);
        }

        return ValueTask.CompletedTask;
    }

    // What follows is called under the link's lock only: a pipe has one writer.
    internal void SetOpened(string protocol)
    {
        Protocol = protocol;
        _opened.TrySetResult();
    }

    internal void Push(ReadOnlySpan<byte> bytes)
    {
        if (_fault is null)
        {
            _pipe.Writer.Write(bytes);
            _ = _pipe.Writer.FlushAsync().AsTask();
        }
    }

    internal void EndRead() => _pipe.Writer.Complete();

    internal void SetWritable() => _writable.Set();

    internal void Fail(Fault fault)
    {
        _fault ??= fault;
        var exception = new StreamException(fault);
        _pipe.Writer.Complete(exception);
        if (_opened.TrySetException(exception))
        {
            _ = _opened.Task.Exception;
        }

        _writable.Set();
    }

    private void ThrowIfGone()
    {
        if (_fault is { } fault)
        {
            throw new StreamException(fault);
        }
    }
}
