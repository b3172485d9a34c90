namespace IncidentMesh.Node.Store;

/// <summary>Turns the bytes of a frame whose header checked out into a <see cref="LogFrame"/>.</summary>
internal static class FrameDecoder
{
    /// <summary>Decodes a frame of exactly <c>header.Length</c> bytes. Null if the head is not what was
    /// written.
    /// <paramref name="flaw"/> says what else is wrong; a frame can be of use in spite of it.</summary>
    public static LogFrame? Decode(
        ReadOnlySpan<byte> bytes, in FrameHeader header, LogPosition at, out string? flaw)
    {
        flaw = null;
        ReadOnlySpan<byte> head = bytes.Slice(FrameLayout.HeaderBytes, header.HeadLength);
        int bodyAt = FrameLayout.HeaderBytes + header.HeadLength;
        ReadOnlySpan<byte> body = bytes.Slice(bodyAt, header.BodyLength);
        if (Crc32C.Of(head) != header.HeadCheck)
        {
            flaw = "damaged head";
            return null;
        }
        BodyState state = FrameLayout.StateOf(header, body);
        bool stateKnown = header.State is FrameLayout.Live or FrameLayout.Erased;
        bool padded = !bytes[(bodyAt + header.BodyLength)..].ContainsAnyExcept((byte)0);
        bool overwritten = state != BodyState.Erased || !body.ContainsAnyExcept((byte)0);
        flaw = state == BodyState.Damaged ? "damaged body"
            : !stateKnown ? "damaged state byte"
            : !padded ? "damaged padding"
            : !overwritten ? "erasure not finished" : null;
        return new LogFrame(
            at, header.Kind, state, header.Received, head.ToArray(),
            state == BodyState.Present ? body.ToArray() : ReadOnlyMemory<byte>.Empty);
    }
}
