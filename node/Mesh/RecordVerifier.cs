using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Mesh;

/// <summary>A record to check, away from the owner: two hashes, the canonical form and a signature.</summary>
/// <param name="Id">Given back with the result.</param>
/// <param name="Data">Envelope and body, or the envelope alone.</param>
/// <param name="WithBody">Which of both.</param>
public sealed record VerifyJob(long Id, ReadOnlyMemory<byte> Data, bool WithBody);

/// <summary>What a check found.</summary>
/// <param name="Id">The job's.</param>
/// <param name="Record">The record, where it could be read.</param>
/// <param name="Body">The body, where the job had one.</param>
/// <param name="Fault">What is wrong with it, or null.</param>
public sealed record VerifyResult(long Id, Record? Record, ReadOnlyMemory<byte> Body, Fault? Fault);

/// <summary>Checks records. Pure: workers run it side by side.</summary>
public static class RecordVerifier
{
    /// <summary>Checks one record: form, hash and size of the body, canonical form of the body,
    /// signature.</summary>
    public static VerifyResult Run(VerifyJob job)
    {
        Record? record;
        ReadOnlyMemory<byte> body = default;
        Fault? fault;
        bool read = job.WithBody
            ? Record.TrySplit(job.Data, out record, out body, out fault) && CheckBody(record, body, out fault)
            : Record.TryRead(job.Data, out record, out fault);
        if (!read)
        {
            return new VerifyResult(job.Id, null, default, fault);
        }

        return record!.VerifySignature()
            ? new VerifyResult(job.Id, record, body, null)
            : new VerifyResult(job.Id, null, default,
                Fault.Message(RecordFaults.BadSignature, "the key in the header did not sign the envelope"));
    }

    /// <summary>Whether a body is in canonical form; a sealed one is opaque.</summary>
    public static bool CheckBody(Record record, ReadOnlyMemory<byte> body, out Fault? fault)
    {
        fault = null;
        return record.Header.IsSealed || RecordBody.TryRead(body.Span, out _, out fault);
    }
}
