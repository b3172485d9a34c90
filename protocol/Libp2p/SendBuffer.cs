namespace IncidentMesh.Protocol.Libp2p;

/// <summary>Bytes that wait to be sent, oldest first, in one array that grows to a limit.</summary>
/// <param name="limit">Most bytes held.</param>
internal sealed class SendBuffer(int limit)
{
    private const int SmallestArray = 1_024;

    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>Bytes held.</summary>
    public int Length => _end - _start;

    /// <summary>Takes as many bytes as fit.</summary>
    /// <returns>How many were taken, from the front.</returns>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        int take = Math.Min(bytes.Length, limit - Length);
        if (_end + take > _bytes.Length)
        {
            MakeRoom(take);
        }

        bytes[..take].CopyTo(_bytes.AsSpan(_end));
        _end += take;
        return take;
    }

    /// <summary>Moves the oldest bytes into the whole of <paramref name="destination"/>.</summary>
    public void Take(Span<byte> destination)
    {
        _bytes.AsSpan(_start, destination.Length).CopyTo(destination);
        _start += destination.Length;
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }
    }

    /// <summary>Drops everything.</summary>
    public void Clear() => (_bytes, _start, _end) = ([], 0, 0);

    private void MakeRoom(int take)
    {
        int held = Length;
        byte[] target = _bytes;
        if (held + take > _bytes.Length)
        {
            int size = Math.Max(held + take, Math.Max(SmallestArray, _bytes.Length * 2));
            target = GC.AllocateUninitializedArray<byte>(Math.Min(size, limit));
        }

        Buffer.BlockCopy(_bytes, _start, target, 0, held);
        (_bytes, _start, _end) = (target, 0, held);
    }
}
