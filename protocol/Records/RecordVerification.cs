using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>How a check of a record ended.</summary>
public enum CheckState
{
    /// <summary>It holds.</summary>
    Ok,

    /// <summary>It does not.</summary>
    Failed,

    /// <summary>It cannot be told with what is at hand.</summary>
    Unknown,
}

/// <summary>One check of a record.</summary>
/// <param name="Name">envelope, signature, body, identity, chain, fields or time.</param>
/// <param name="State">How it ended.</param>
/// <param name="Why">In words, for whoever asked.</param>
public sealed record RecordCheck(string Name, CheckState State, string Why);

/// <summary>What <c>verify</c> found out about one record, offline. <c>specs/records.md</c>,
/// "Verification".</summary>
/// <param name="Record">The record, where the envelope could be read.</param>
/// <param name="Checks">Every check, in a fixed order.</param>
public sealed record RecordVerification(Record? Record, IReadOnlyList<RecordCheck> Checks)
{
    /// <summary>True where no check failed. One that is unknown is no failure: say so beside it.</summary>
    public bool Ok => Checks.All(c => c.State != CheckState.Failed);

    /// <summary>True where every check was made and holds.</summary>
    public bool Complete => Checks.All(c => c.State == CheckState.Ok);

    /// <summary>Verifies a record.</summary>
    /// <param name="envelope">The envelope.</param>
    /// <param name="body">The body; null where it is not at hand or was erased.</param>
    /// <param name="book">The identities that are known.</param>
    /// <param name="holds">Tells whether a record is at hand, to find gaps in the chain; null where there is
    /// nothing to ask.</param>
    public static RecordVerification Verify(
        ReadOnlyMemory<byte> envelope,
        ReadOnlyMemory<byte>? body,
        IdentityBook book,
        Func<Cid, bool>? holds = null)
    {
        if (!Record.TryRead(envelope, out Record? record, out Fault? fault))
        {
            return new RecordVerification(null, [new("envelope", CheckState.Failed, fault.Detail)]);
        }

        IpldMap? map = null;
        List<RecordCheck> checks =
        [
            new("envelope", CheckState.Ok, $"canonical, {envelope.Length} bytes, id {record.Id}"),
            Signature(record),
            Body(record, body, ref map),
            Identity(record, book),
            Chain(record, holds),
        ];
        if (map is not null)
        {
            checks.Add(Fields(record, map));
        }

        return new RecordVerification(record, checks);
    }

    private static RecordCheck Signature(Record record) => record.VerifySignature()
        ? new("signature", CheckState.Ok, $"signed by {record.Header.Key}")
        : new("signature", CheckState.Failed, $"not signed by {record.Header.Key}");

    private static RecordCheck Body(Record record, ReadOnlyMemory<byte>? body, ref IpldMap? map)
    {
        if (body is not { } bytes)
        {
            return new("body", CheckState.Unknown, "not at hand, or erased");
        }

        if (!record.MatchesBody(bytes.Span, out Fault? fault))
        {
            return new("body", CheckState.Failed, fault.Detail);
        }

        if (record.Header.IsSealed)
        {
            return new("body", CheckState.Ok, $"{bytes.Length} sealed bytes, as the header names them");
        }

        return RecordBody.TryRead(bytes.Span, out map, out fault)
            ? new("body", CheckState.Ok, $"{bytes.Length} bytes, as the header names them")
            : new("body", CheckState.Failed, fault.Detail);
    }

    private static RecordCheck Identity(Record record, IdentityBook book)
    {
        RecordHeader header = record.Header;
        return book.Authorises(header.Author, header.Key, header.Auth) switch
        {
            AuthOutcome.Yes => new("identity", CheckState.Ok, $"{header.Author.Short} let the key sign"),
            AuthOutcome.Pending p => new(
                "identity", CheckState.Unknown, $"identity event {p.Missing} is not at hand"),
            AuthOutcome.No no => new("identity", CheckState.Failed, no.Reason),
            _ => new("identity", CheckState.Unknown, "not told"),
        };
    }

    private static RecordCheck Chain(Record record, Func<Cid, bool>? holds)
    {
        RecordHeader header = record.Header;
        if (header.Previous.Count == 0)
        {
            return header.Seq == 1
                ? new("chain", CheckState.Ok, "the first record of its key")
                : new("chain", CheckState.Unknown, $"number {header.Seq}, but it names no record before it");
        }

        if (holds is null)
        {
            return new("chain", CheckState.Unknown, $"number {header.Seq}; no other records at hand");
        }

        return header.Previous.All(holds)
            ? new(
                "chain", CheckState.Ok, $"number {header.Seq}; the records before it are held")
            : new("chain", CheckState.Unknown,
                $"number {header.Seq} of its key; what came before it is not all here, "
                + $"which takes nothing from its proof");
    }

    private static RecordCheck Fields(Record record, IpldMap map)
    {
        if (RecordRules.UnknownMust(record.Header) is { Count: > 0 } must)
        {
            return new("fields", CheckState.Unknown, $"needs a reader that knows {string.Join(", ", must)}");
        }

        if (Schema.Of(record.Header.Type) is not { } schema)
        {
            return new("fields", CheckState.Unknown, "a type that this version does not know");
        }

        // A record that breaks a field rule is as genuine as another; that its text is odd is not a failed
        // proof.
        IReadOnlyList<FieldProblem> problems = schema.Check(map);
        return problems.Count == 0
            ? new("fields", CheckState.Ok, "every field keeps its rule")
            : new("fields", CheckState.Unknown, string.Join("; ", problems.Take(3)));
    }
}
