using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace IncidentMesh.Protocol.Api;

/// <summary>The answer to one HTTP/1.1 request (RFC 9112), as its bytes come: for clients of the local API,
/// for which a whole HTTP library costs more than the question.
/// <code>
/// answer = "HTTP/1." DIGIT SP status SP reason CRLF *( header CRLF ) CRLF body
/// body   = Content-Length octets | chunks | octets until the connection closes
/// </code></summary>
public sealed class HttpAnswer
{
    private const int LineBytes = 16 * 1_024;
    private const int HeadLines = 100;

    private readonly StringBuilder _line = new();
    private readonly ArrayBufferWriter<byte> _body = new();
    private State _state = State.StatusLine;
    private bool _chunked;
    private long _left = -1;
    private int _lines;

    private enum State
    {
        StatusLine,
        Headers,
        Body,
        ChunkSize,
        ChunkEnd,
        Trailers,
        Done,
    }

    /// <summary>Status code; 0 until the head was read.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the head was read.</summary>
    public bool HasHead => _state > State.Headers;

    /// <summary>Whether the answer is whole.</summary>
    public bool Done => _state == State.Done;

    /// <summary>Takes the next bytes; false where they are no HTTP.</summary>
    public bool Receive(ReadOnlySpan<byte> bytes, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        while (bytes.Length > 0 && _state != State.Done)
        {
            if (_state == State.Body)
            {
                int take = _left < 0 ? bytes.Length : (int)Math.Min(_left, bytes.Length);
                _body.Write(bytes[..take]);
                bytes = bytes[take..];
                _left -= _left < 0 ? 0 : take;
                _state = _left != 0 ? State.Body : _chunked ? State.ChunkEnd : State.Done;
                continue;
            }

            int end = bytes.IndexOf((byte)'\n');
            _line.Append(Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]));
            bytes = end < 0 ? default : bytes[(end + 1)..];
            string? wrong = _line.Length > LineBytes ? "a line is too long" : end < 0 ? null : EndLine();
            if (wrong is not null)
            {
                fault = Fault.Connection("http", wrong);
                return false;
            }
        }

        return true;
    }

    /// <summary>No more bytes come; false where the answer is cut off.</summary>
    public bool End()
    {
        if (_state == State.Body && _left < 0)
        {
            _state = State.Done;
        }

        return Done;
    }

    /// <summary>The body as far as it came and was not taken; valid until the next
    /// <see cref="Receive"/>.</summary>
    public ReadOnlySpan<byte> Take()
    {
        ReadOnlySpan<byte> taken = _body.WrittenSpan;
        _body.ResetWrittenCount();
        return taken;
    }

    private string? EndLine()
    {
        string line = _line.ToString().TrimEnd('\r');
        _line.Clear();
        switch (_state)
        {
            case State.StatusLine:
                string[] parts = line.Split(' ', 3);
                bool http = parts.Length >= 2 && parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
                    && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int status)
                    && (Status = status) > 0;
                _state = State.Headers;
                return http ? null : "not HTTP";
            case State.Headers:
                return line.Length > 0 ? Header(line) : EndHead();
            case State.ChunkSize:
                bool sized = long.TryParse(
                    line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                    out _left) && _left >= 0;
                _state = _left == 0 ? State.Trailers : State.Body;
                return sized ? null : "a chunk without a size";
            case State.ChunkEnd:
                _state = State.ChunkSize;
                return line.Length == 0 ? null : "a chunk longer than its size";
            default:
                _state = line.Length == 0 ? State.Done : State.Trailers;
                return ++_lines > HeadLines ? "too many headers" : null;
        }
    }

    private string? Header(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? line : line[..colon];
        string value = colon < 0 ? "" : line[(colon + 1)..].Trim();
        if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
        {
            return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _left)
                ? null : "a length that is no number";
        }

        _chunked |= name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
            && value.EndsWith("chunked", StringComparison.OrdinalIgnoreCase);
        return ++_lines > HeadLines ? "too many headers" : null;
    }

    private string? EndHead()
    {
        _state = _chunked ? State.ChunkSize : _left == 0 ? State.Done : State.Body;
        return null;
    }
}
