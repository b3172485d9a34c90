using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Libp2p;

namespace IncidentMesh.Node.Net;

/// <content>What the state machine says, passed on to streams; all of it under the lock.</content>
internal sealed partial class PeerLink
{
    private void TakeEvents()
    {
        while (_connection.TryTakeEvent(out ConnectionOutput? output))
        {
            switch (output)
            {
                case ConnectionOutput.Established established:
                    Peer = established.Peer;
                    _established.TrySetResult(established);
                    break;
                case ConnectionOutput.StreamOpened { Inbound: true } opened:
                    var stream = new PeerStream(this, opened.Stream, opened.Protocol, inbound: true);
                    _streams.Add(opened.Stream, stream);
                    stream.SetOpened(opened.Protocol);
                    _accept(stream);
                    break;
                case ConnectionOutput.Failed failed:
                    _fault ??= failed.Fault;
                    _closing = true;
                    _ending.TrySetResult();
                    _toWrite.Set();
                    break;
                default:
                    TakeStreamEvent(output);
                    break;
            }
        }
    }

    private void TakeStreamEvent(ConnectionOutput output)
    {
        switch (output)
        {
            case ConnectionOutput.StreamData data when Find(data.Stream, out PeerStream? stream):
                stream.Push(data.Bytes.Span);
                break;
            case ConnectionOutput.StreamOpened opened when Find(opened.Stream, out PeerStream? stream):
                stream.SetOpened(opened.Protocol);
                break;
            case ConnectionOutput.StreamWritable writable when Find(writable.Stream, out PeerStream? stream):
                stream.SetWritable();
                break;
            case ConnectionOutput.StreamRemoteClosed closed when Find(closed.Stream, out PeerStream? stream):
                stream.EndRead();
                break;
            case ConnectionOutput.StreamFinished finished:
                _streams.Remove(finished.Stream);
                break;
            case ConnectionOutput.StreamReset reset when Find(reset.Stream, out PeerStream? stream):
                _streams.Remove(reset.Stream);
                stream.Fail(reset.Fault);
                break;
        }
    }

    private bool Find(uint id, [NotNullWhen(true)] out PeerStream? stream) =>
        _streams.TryGetValue(id, out stream);

    private void EndStreams()
    {
        lock (_gate)
        {
            Fault fault = _fault
                ?? Protocol.Fault.Connection("connection-closed", "the connection was closed");
            foreach (PeerStream stream in _streams.Values)
            {
                stream.Fail(fault);
            }

            _streams.Clear();
            if (_established.TrySetException(new StreamException(fault)))
            {
                _ = _established.Task.Exception;
            }
        }
    }
}
