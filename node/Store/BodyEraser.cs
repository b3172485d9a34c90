using System.Buffers.Binary;

namespace IncidentMesh.Node.Store;

/// <summary>Overwrites the body of a frame where it lies. The intention is in the log first, as an
/// <see cref="FrameKind.Erasure"/> frame, so that a crash in between is made good at the next opening. On
/// solid-state and copy-on-write disks the old bytes may live on out of reach
/// (<c>specs/storage.md</c>).</summary>
internal static class BodyEraser
{
    public static byte[] Intention(LogPosition position)
    {
        byte[] head = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(head, position.Value);
        return head;
    }

    /// <summary>Whether a frame says that another one is erased, and which.</summary>
    public static bool TryReadTarget(LogFrame frame, out LogPosition target)
    {
        bool is8 = frame.Kind == FrameKind.Erasure && frame.Head.Length == sizeof(long);
        target = is8 ? new LogPosition(BinaryPrimitives.ReadInt64LittleEndian(frame.Head.Span)) : default;
        return is8;
    }

    /// <summary>Marks the frame and zeroes its body, durably; doing it again changes nothing. False if no
    /// frame can be read there.</summary>
    public static bool Finish(SortedList<int, Segment> segments, uint key, LogPosition position)
    {
        if (!segments.TryGetValue(position.Segment, out Segment? segment)) { return false; }
        byte[] bytes = new byte[FrameLayout.HeaderBytes];
        int read = segment.Read(bytes, position.Offset);
        if (!FrameLayout.TryReadHeader(bytes.AsSpan(0, read), key, position, out FrameHeader header))
        {
            return false;
        }
        byte[] body = new byte[header.BodyLength];
        int bodyAt = position.Offset + FrameLayout.HeaderBytes + header.HeadLength;
        _ = segment.Read(body, bodyAt);
        if (header.State == FrameLayout.Erased && !body.AsSpan().ContainsAnyExcept((byte)0)) { return true; }
        segment.Write([FrameLayout.Erased], position.Offset + FrameLayout.StateOffset);
        Array.Clear(body);
        segment.Write(body, bodyAt);
        segment.Flush();
        return true;
    }
}
