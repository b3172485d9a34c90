using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>The rules that accept or refuse a record, in three steps of which the first two need nothing but
/// the bytes. Each returns null where its step holds. <c>specs/records.md</c>, "Accept, reject,
/// ignore".</summary>
public static class RecordRules
{
    /// <summary>Step 1: the signature. The one that costs: about 40 microseconds.</summary>
    public static RecordVerdict? CheckSignature(Record record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.VerifySignature()
            ? null
            : new RecordVerdict.Reject(Fault.Message(
                RecordFaults.BadSignature, "the key in the header did not sign the envelope"));
    }

    /// <summary>Step 2: the body has the size, hash and form that it must have. Whether its fields keep their
    /// rules is not asked: a reader shows what it can.</summary>
    public static RecordVerdict? CheckBody(Record record, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!record.MatchesBody(body, out Fault? fault))
        {
            return new RecordVerdict.Reject(fault);
        }

        return record.Header.IsSealed || RecordBody.HasForm(body, out fault)
            ? null
            : new RecordVerdict.Reject(fault);
    }

    /// <summary>Step 3: the clock, and whether the author let the key sign. Never a reason to
    /// reject.</summary>
    /// <param name="header">The header of a record whose signature holds.</param>
    /// <param name="book">The identities that are known.</param>
    /// <param name="now">The receiver's clock.</param>
    public static RecordVerdict? CheckStanding(RecordHeader header, IdentityBook book, Instant now)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(book);
        long ahead = header.Created - now.UnixSeconds;
        if (ahead > Limits.Records.FutureSeconds)
        {
            return new RecordVerdict.Ignore($"created {ahead} seconds ahead of this node's clock");
        }

        return book.Authorises(header.Author, header.Key, header.Auth) switch
        {
            AuthOutcome.Yes => null,
            AuthOutcome.Pending pending => new RecordVerdict.Pending(pending.Missing),
            AuthOutcome.No no => new RecordVerdict.Ignore(no.Reason),
            _ => null,
        };
    }

    /// <summary>All three steps.</summary>
    public static RecordVerdict Check(
        Record record, ReadOnlySpan<byte> body, IdentityBook book, Instant now) =>
        CheckBody(record, body)
        ?? CheckSignature(record)
        ?? CheckStanding(record.Header, book, now)
        ?? RecordVerdict.Accept.Instance;

    /// <summary>Reads and checks what gossip carries.</summary>
    /// <param name="data"><c>envelope || body</c>.</param>
    /// <param name="book">The identities that are known.</param>
    /// <param name="now">The receiver's clock.</param>
    /// <param name="record">The record, where the bytes could be split.</param>
    /// <param name="body">Its body.</param>
    public static RecordVerdict CheckData(
        ReadOnlyMemory<byte> data,
        IdentityBook book,
        Instant now,
        out Record? record,
        out ReadOnlyMemory<byte> body) =>
        Record.TrySplit(data, out record, out body, out Fault? fault)
            ? Check(record, body.Span, book, now)
            : RecordVerdict.Of(fault);

    /// <summary>Keys in <c>must</c> that this version does not know: where there are any, the record is
    /// stored and relayed, but not shown.</summary>
    public static IReadOnlyList<string> UnknownMust(RecordHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        Schema? schema = Schema.Of(header.Type);
        return [.. header.Must.Where(key => !HeaderKeys.Contains(key) && schema?.Find(key) is null)];
    }

    private static readonly HashSet<string> HeaderKeys =
    [
        "v", "key", "rel", "seq", "auth", "body", "lang", "must", "prev", "size", "type", "author", "created",
    ];
}
