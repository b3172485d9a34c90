using System.Buffers.Binary;

namespace IncidentMesh.Node.Store;

/// <summary>Walks the frames of one segment in order, and past damage: a frame whose header can be trusted
/// is skipped whole; else the next header that checks out for its own place is looked for, 8 bytes at a
/// time. So damage takes with it what it touches and nothing that follows.</summary>
internal sealed class SegmentScanner(Segment segment, uint key, int from, int to, Action<LogDamage>? damaged)
{
    private const int WindowBytes = 1 << 18;

    private readonly byte[] _window = new byte[Math.Min(WindowBytes, Math.Max(segment.Size, 1))];
    private int _windowStart, _windowLength;
    private int _next = from;

    /// <summary>The offset behind the last frame that could be read.</summary>
    public int End { get; private set; } = from;

    /// <summary>Reads the next frame; false at the end of the segment or of the range asked for.</summary>
    public bool TryNext(out LogFrame frame)
    {
        while (_next + FrameLayout.HeaderBytes <= to)
        {
            int at = _next;
            ReadOnlySpan<byte> bytes = At(at, FrameLayout.HeaderBytes);
            if (FrameLayout.TryReadHeader(bytes, key, new(segment.Number, at), out FrameHeader header)
                && at + header.Length <= to)
            {
                _next = at + header.Length;
                if (TryReadFrame(at, header, out frame!)) { return true; }
                continue;
            }
            // Nothing but zeros behind is the end; zeros with something behind are a hole.
            if (BinaryPrimitives.ReadInt32LittleEndian(bytes) == 0 && IsZeroFrom(at, out _)) { break; }
            _next = NextHeader(at + FrameLayout.Alignment);
            if (_next >= to) { break; }
            Report(at, _next - at, "unreadable bytes");
        }
        frame = null!;
        return false;
    }

    /// <summary>Whether only zeros follow an offset; if not, <paramref name="last"/> is behind the last
    /// other byte.</summary>
    public bool IsZeroFrom(int offset, out int last)
    {
        last = offset;
        for (int at = offset; at < to;)
        {
            ReadOnlySpan<byte> chunk = At(at, _window.Length);
            if (chunk.IsEmpty) { break; }
            int found = chunk.LastIndexOfAnyExcept((byte)0);
            if (found >= 0) { last = at + found + 1; }
            at += chunk.Length;
        }
        return last == offset;
    }

    private bool TryReadFrame(int at, in FrameHeader header, out LogFrame? frame)
    {
        ReadOnlySpan<byte> bytes = At(at, header.Length);
        frame = null;
        if (bytes.Length < header.Length)
        {
            Report(at, header.Length, "frame cut short");
            return false;
        }
        frame = FrameDecoder.Decode(bytes, header, new LogPosition(segment.Number, at), out string? flaw);
        if (flaw is not null) { Report(at, header.Length, flaw); }
        if (frame is null) { return false; }
        End = at + header.Length;
        return true;
    }

    // The head is checked too: chance passes a 32-bit check once in 4 billion places, and both never.
    private int NextHeader(int offset)
    {
        for (int at = offset; at + FrameLayout.HeaderBytes <= to; at += FrameLayout.Alignment)
        {
            ReadOnlySpan<byte> bytes = At(at, FrameLayout.HeaderBytes);
            if (BinaryPrimitives.ReadInt32LittleEndian(bytes) == 0) { continue; }
            if (FrameLayout.TryReadHeader(bytes, key, new(segment.Number, at), out FrameHeader header)
                && at + header.Length <= to
                && Crc32C.Of(At(at + FrameLayout.HeaderBytes, header.HeadLength)) == header.HeadCheck)
            {
                return at;
            }
        }
        return to;
    }

    private ReadOnlySpan<byte> At(int offset, int count)
    {
        count = Math.Min(count, to - offset);
        if (offset < _windowStart || offset + count > _windowStart + _windowLength)
        {
            _windowStart = offset;
            _windowLength = segment.Read(_window, offset);
        }
        return _window.AsSpan(offset - _windowStart, Math.Min(count, _windowStart + _windowLength - offset));
    }

    private void Report(int at, int length, string what) =>
        damaged?.Invoke(new LogDamage(new LogPosition(segment.Number, at), length, what));
}
