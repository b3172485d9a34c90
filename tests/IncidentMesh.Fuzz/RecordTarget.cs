using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Fuzz;

/// <summary>Reads gossip data, a body, and JSON out of one input. What is read must be written back as the
/// same bytes.</summary>
internal static class RecordFuzz
{
    /// <summary>Runs one input; an exception is a finding.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] data = input.ToArray();
        RecordRules.CheckData(data, new IdentityBook(), new Instant(0), out _, out _);
        if (Record.TryRead(data, out Record? record, out _))
        {
            RecordRules.UnknownMust(record.Header);
            RecordVerification.Verify(data, null, new IdentityBook());
        }

        if (!RecordBody.TryRead(input, out IpldMap? body, out _))
        {
            return;
        }

        if (!DagCbor.Write(body).AsSpan().SequenceEqual(input))
        {
            throw new InvalidOperationException("a body that is written otherwise than it was read");
        }

        foreach (string type in RecordTypes.Understood)
        {
            TypedBody.Read(type, body)!.Check();
            string json = BodyJson.Write(type, body);
            if (!BodyJson.TryRead(type, json, out IpldMap? again, out FieldProblem? problem)
                || !again.Equals(body))
            {
                throw new InvalidOperationException($"a body that does not come back from JSON: {problem}");
            }
        }
    }
}
