using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Sync;

/// <summary>Range-based set reconciliation, byte for byte negentropy v1. Neither role keeps state between
/// messages: both answer from the set as it is, so a set may grow while a peer works through it.
/// Source: negentropy v1 (hoytech/negentropy, MIT); <c>specs/sync.md</c>, section 3.</summary>
public static class Negentropy
{
    /// <summary>The protocol version that is spoken here.</summary>
    public const byte Version = 0x61;

    private const int Buckets = 16;

    // What the bound and fingerprint of the remaining range may take: the reference keeps 200 bytes free.
    private const int Reserve = 200;

    /// <summary>The initiator's first message.</summary>
    public static byte[] Initiate(ReconciliationView view)
    {
        var output = new NegentropyWriter();
        output.Byte(Version);
        Split(view, 0, view.Count, NegentropyBound.Infinity, output);
        return output.ToArray();
    }

    /// <summary>The responder's answer. An unknown version is answered with the one byte of ours.</summary>
    /// <param name="view">The responder's set.</param>
    /// <param name="message">What the initiator sent, at most <see
    /// cref="Limits.Sync.NegentropyBytes"/>.</param>
    /// <param name="reply">The answer, at most <paramref name="frameLimit"/> bytes.</param>
    /// <param name="fault">What is wrong with the message.</param>
    /// <param name="frameLimit">Bytes of an answer, at least 4,096.</param>
    public static bool TryRespond(
        ReconciliationView view,
        ReadOnlySpan<byte> message,
        [NotNullWhen(true)] out byte[]? reply,
        [NotNullWhen(false)] out Fault? fault,
        int frameLimit = Limits.Sync.NegentropyBytes)
    {
        reply = null;
        if (!TryReadVersion(message, out byte version, out fault))
        {
            return false;
        }

        if (version != Version)
        {
            reply = [Version];
            return true;
        }

        return TryReconcile(view, message[1..], frameLimit, need: null, out reply, out fault);
    }

    /// <summary>The initiator's next message, and what it has learned that it needs.</summary>
    /// <param name="view">The initiator's set.</param>
    /// <param name="message">What the responder answered.</param>
    /// <param name="need">Ids that the responder has and the initiator has not are added here.</param>
    /// <param name="reply">The next message, or null when nothing is left to compare.</param>
    /// <param name="fault">What is wrong with the message.</param>
    /// <param name="frameLimit">Bytes of a message, at least 4,096.</param>
    public static bool TryContinue(
        ReconciliationView view,
        ReadOnlySpan<byte> message,
        ICollection<Digest> need,
        out byte[]? reply,
        [NotNullWhen(false)] out Fault? fault,
        int frameLimit = Limits.Sync.NegentropyBytes)
    {
        reply = null;
        if (!TryReadVersion(message, out byte version, out fault))
        {
            return false;
        }

        if (version != Version)
        {
            fault = Fault.Stream("negentropy-version", $"the peer speaks version {version - 0x60}");
            return false;
        }

        if (!TryReconcile(view, message[1..], frameLimit, need, out reply, out fault))
        {
            return false;
        }

        reply = reply.Length == 1 ? null : reply;
        return true;
    }

    private static bool TryReadVersion(
        ReadOnlySpan<byte> message, out byte version, [NotNullWhen(false)] out Fault? fault)
    {
        version = message.IsEmpty ? (byte)0 : message[0];
        fault = message.Length > Limits.Sync.NegentropyBytes
            ? Fault.Stream("negentropy-size",
                $"{message.Length} bytes: {Limits.Sync.NegentropyBytes} at most")
            : version is >= 0x60 and <= 0x6f
                ? null
                : Fault.Stream("negentropy-version", $"first byte {version:x2}: 60 to 6f expected");
        return fault is null;
    }

    // With a list for what is needed this is the initiator, without one the responder.
    private static bool TryReconcile(
        ReconciliationView view,
        ReadOnlySpan<byte> ranges,
        int frameLimit,
        ICollection<Digest>? need,
        [NotNullWhen(true)] out byte[]? reply,
        [NotNullWhen(false)] out Fault? fault)
    {
        reply = null;
        var reader = new NegentropyReader(ranges);
        var output = new NegentropyWriter();
        output.Byte(Version);
        var previous = default(NegentropyBound);
        int lower = 0;
        bool skipped = false;
        while (!reader.AtEnd)
        {
            if (!reader.TryReadRange(out NegentropyBound bound, out NegentropyMode mode, out fault))
            {
                return false;
            }

            int upper = Math.Max(lower, view.LowerBound(bound.Item));
            NegentropyWriter part = output.Part();
            if (skipped)
            {
                part.Skip(previous);
            }

            int prefix = part.Length;
            if (!TryAnswer(ref reader, view, lower, ref upper, bound, mode, need, part,
                frameLimit - Reserve - output.Length, out fault))
            {
                return false;
            }

            skipped = part.Length == prefix;
            bool fits = skipped || output.Length + part.Length <= frameLimit - Reserve;
            // An id list of the responder was cut to the frame already and is kept; what lies behind it is
            // not.
            bool cutList = !fits && mode == NegentropyMode.IdList;
            if (!skipped && (fits || cutList))
            {
                output.Accept(part);
            }

            if (!fits)
            {
                output.Fingerprint(NegentropyBound.Infinity, view, upper, view.Count);
                break;
            }

            previous = bound;
            lower = upper;
        }

        reply = output.ToArray();
        fault = null;
        return true;
    }

    private static bool TryAnswer(
        ref NegentropyReader reader,
        ReconciliationView view,
        int lower,
        ref int upper,
        in NegentropyBound bound,
        NegentropyMode mode,
        ICollection<Digest>? need,
        NegentropyWriter part,
        int room,
        [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        switch (mode)
        {
            case NegentropyMode.Fingerprint:
                if (!reader.TryReadFingerprint(out ReadOnlySpan<byte> theirs, out fault))
                {
                    return false;
                }

                Span<byte> ours = stackalloc byte[ReconciliationView.FingerprintBytes];
                view.Fingerprint(lower, upper, ours);
                if (!theirs.SequenceEqual(ours))
                {
                    Split(view, lower, upper, bound, part);
                }

                return true;
            case NegentropyMode.IdList:
                if (!reader.TryReadIds(out ReadOnlySpan<byte> ids, out fault))
                {
                    return false;
                }

                if (need is not null)
                {
                    CollectNeeded(view, lower, upper, ids, need);
                }
                else
                {
                    AnswerIds(view, lower, ref upper, bound, part, room);
                }

                return true;
            default:
                return true;
        }
    }

    private static void CollectNeeded(
        ReconciliationView view, int lower, int upper, ReadOnlySpan<byte> ids, ICollection<Digest> need)
    {
        var held = new HashSet<Digest>();
        foreach (ReconciliationItem item in view.Range(lower, upper))
        {
            held.Add(item.Id);
        }

        for (; !ids.IsEmpty; ids = ids[Digest.ByteLength..])
        {
            var id = new Digest(ids[..Digest.ByteLength]);
            if (held.Add(id))
            {
                need.Add(id);
            }
        }
    }

    // All ids of the range, or as many as the frame holds: then the range ends before the first left out.
    private static void AnswerIds(
        ReconciliationView view, int lower, ref int upper, NegentropyBound bound, NegentropyWriter part,
            int room)
    {
        int fit = room / Digest.ByteLength;
        if (upper - lower > fit + 1)
        {
            // The reference looks before it adds, so one id beyond the room is written.
            upper = lower + fit + 1;
            bound = NegentropyBound.Full(view[upper]);
        }

        part.IdListHead(bound, upper - lower);
        foreach (ReconciliationItem item in view.Range(lower, upper))
        {
            part.Id(item.Id);
        }
    }

    private static void Split(
        ReconciliationView view, int lower, int upper, in NegentropyBound bound, NegentropyWriter output)
    {
        int count = upper - lower;
        if (count < Buckets * 2)
        {
            output.IdListHead(bound, count);
            foreach (ReconciliationItem item in view.Range(lower, upper))
            {
                output.Id(item.Id);
            }

            return;
        }

        for (int i = 0; i < Buckets; i++)
        {
            int end = lower + (count / Buckets) + (i < count % Buckets ? 1 : 0);
            NegentropyBound next = end == upper ? bound : NegentropyBound.Between(view[end - 1], view[end]);
            output.Fingerprint(next, view, lower, end);
            lower = end;
        }
    }
}
