using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;
using Record = IncidentMesh.Protocol.Records.Record;

namespace IncidentMesh.Tests.Records;

/// <summary>The vectors that another implementation made.</summary>
public class VectorTests
{
    [Fact]
    public void Record_vectors_give_the_verdict_that_they_expect()
    {
        IdentityBook book = new();
        IdentityEvent inception = Inception();
        book.Apply(inception);
        Instant now = Instant.FromUnixSeconds(1_764_000_100);
        foreach (var vector in VectorFile.Read(
            "record.txt", "comment", "expect", "envelope", "body", "id", "content"))
        {
            byte[] envelope = Convert.FromHexString(vector["envelope"]);
            byte[] body = Convert.FromHexString(vector.GetValueOrDefault("body", ""));
            RecordVerdict verdict = RecordRules.CheckData(
                (byte[])[.. envelope, .. body], book, now, out Record? record, out _);
            Assert.True(Expectation(verdict) == vector["expect"], $"{vector["comment"]}: {verdict}");
            if (vector.TryGetValue("id", out string? id))
            {
                Assert.Equal(id, record!.Id.ToString());
            }

            if (vector.TryGetValue("content", out string? content))
            {
                Assert.True(RecordBody.TryRead(body, out IpldMap? map, out _));
                Assert.Equal(content, RecordBody.ContentHash(map).ToString());
                byte[] secret = Digest.Sha256("incidentmesh vector node secret"u8).ToArray();
                Assert.Equal(body, DagCbor.Write(RecordBody.WithSalt(map, secret)));
            }
        }
    }

    [Fact]
    public void Identity_vectors_give_the_verdict_that_they_expect()
    {
        IdentityBook book = new();
        foreach (var vector in VectorFile.Read("identity.txt", "comment", "expect", "envelope", "id", "op"))
        {
            byte[] envelope = Convert.FromHexString(vector["envelope"]);
            string result;
            if (!IdentityEvent.TryRead(envelope, out IdentityEvent? read, out Fault? fault))
            {
                result = Expectation(RecordVerdict.Of(fault));
            }
            else
            {
                result = book.Apply(read) is IdentityOutcome.Refused refused
                    ? $"reject {refused.Fault.Code}" : "success";
            }

            Assert.True(result == vector["expect"], $"{vector["comment"]}: {result}");
            if (vector.TryGetValue("id", out string? id))
            {
                Assert.Equal(id, read!.Id.ToString());
                Assert.Equal(vector["op"], read.OperationName);
            }
        }

        Assert.Equal(3, book.EventsOf(Inception().Id).Count);
    }

    private static IdentityEvent Inception()
    {
        var first = VectorFile.Read("identity.txt", "comment", "expect", "envelope", "id", "op")[0];
        byte[] envelope = Convert.FromHexString(first["envelope"]);
        Assert.True(IdentityEvent.TryRead(envelope, out IdentityEvent? inception, out _));
        return inception;
    }

    private static string Expectation(RecordVerdict verdict) => verdict switch
    {
        RecordVerdict.Accept => "success",
        RecordVerdict.Reject reject => $"reject {reject.Fault.Code}",
        RecordVerdict.Ignore => "ignore unknown-version",
        _ => verdict.ToString(),
    };
}
