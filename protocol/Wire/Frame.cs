using System.Buffers;

namespace IncidentMesh.Protocol.Wire;

/// <summary>Length-prefixed frames: <c>frame = uvarint(length) bytes</c>. <c>specs/wire.md</c>,
/// "Frames".</summary>
public static class Frame
{
    /// <summary><paramref name="payload"/> behind its length.</summary>
    public static byte[] Write(ReadOnlySpan<byte> payload)
    {
        int prefix = Uvarint.Size((ulong)payload.Length);
        byte[] frame = new byte[prefix + payload.Length];
        Uvarint.Write(frame, (ulong)payload.Length);
        payload.CopyTo(frame.AsSpan(prefix));
        return frame;
    }
}

/// <summary>Cuts a stream of bytes into frames. Holds at most one partial frame beside what was appended
/// last.</summary>
/// <param name="maxBytes">Longest payload that a peer may announce; a longer one is a fault of the
/// stream.</param>
public sealed class FrameReader(int maxBytes)
{
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Bytes held that are not yet a whole frame.</summary>
    public int Buffered => _end - _start;

    /// <summary>Takes bytes as they came.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_end + bytes.Length > _buffer.Length)
        {
            int held = _end - _start;
            int roomy = Math.Min(_buffer.Length * 2, maxBytes + Uvarint.MaxLength);
            byte[] target = held + bytes.Length > _buffer.Length
                ? new byte[Math.Max(held + bytes.Length, roomy)]
                : _buffer;
            Buffer.BlockCopy(_buffer, _start, target, 0, held);
            (_buffer, _start, _end) = (target, 0, held);
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Takes the next whole frame. The memory is valid until the next call of <see
    /// cref="Append"/>.</summary>
    /// <returns>False without a fault: more bytes are needed. False with a fault: the stream cannot be read
    /// on.</returns>
    public bool TryTake(out ReadOnlyMemory<byte> frame, out Fault? fault)
    {
        frame = default;
        fault = null;
        ReadOnlySpan<byte> held = _buffer.AsSpan(_start, Buffered);
        OperationStatus status = Uvarint.Read(held, out ulong length, out int prefix);
        if (status == OperationStatus.InvalidData)
        {
            fault = Fault.Stream("frame-length", "the length is not a minimal uvarint");
            return false;
        }

        if (status == OperationStatus.Done && length > (ulong)maxBytes)
        {
            fault = Fault.Stream("frame-too-long", $"{length} bytes announced; at most {maxBytes} may be");
            return false;
        }

        if (status != OperationStatus.Done || Buffered - prefix < (int)length)
        {
            return false;
        }

        frame = _buffer.AsMemory(_start + prefix, (int)length);
        _start += prefix + (int)length;
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }

        return true;
    }
}
