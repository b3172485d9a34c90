using System.Text.Json;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Tests.Records;
using Xunit;

namespace IncidentMesh.Tests.Identity;

public class Ed25519Tests
{
    [Fact]
    public void The_library_verifies_as_the_specification_pins_it()
    {
        HashSet<string> reasons = [];
        foreach (var vector in VectorFile.Read(
            "ed25519.txt", "comment", "expect", "public", "message", "signature"))
        {
            PublicKey key = new(Convert.FromHexString(vector["public"]));
            bool verified = key.Verify(
                Convert.FromHexString(vector["message"]), Convert.FromHexString(vector["signature"]));
            Assert.True(verified == (vector["expect"] == "success"), vector["comment"]);
            reasons.Add(vector["expect"]);
        }

        Assert.Superset(
            new HashSet<string>
            {
                "success",
                "reject small-order-key",
                "reject small-order-nonce",
                "reject torsion-residue",
                "reject s-not-reduced",
            },
            reasons);
    }

    [Fact]
    public void The_self_test_passes_here() => Assert.Null(Ed25519SelfTest.Run());

    [Fact]
    public void The_self_test_fails_where_a_vector_disagrees()
    {
        string vectors = File.ReadAllText(Path.Combine(Repo.Root, "specs", "vectors", "ed25519.txt"));
        string? failure = Ed25519SelfTest.Run(vectors.Replace("expect: reject changed", "expect: success"));
        Assert.Contains("refuses what it must not", failure);
        Assert.NotNull(Ed25519SelfTest.Run(""));
    }

    [Fact]
    public void Wycheproof_vectors_agree()
    {
        string path = Repo.SharedFile("vectors", "wycheproof", "ed25519_test.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        int count = 0;
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            PublicKey key = new(
                Convert.FromHexString(group.GetProperty("publicKey").GetProperty("pk").GetString()!));
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                bool valid = test.GetProperty("result").GetString() == "valid";
                byte[] message = Convert.FromHexString(test.GetProperty("msg").GetString()!);
                byte[] signature = Convert.FromHexString(test.GetProperty("sig").GetString()!);
                Assert.True(
                    valid == key.Verify(message, signature), $"tcId {test.GetProperty("tcId").GetInt32()}");
                count++;
            }
        }

        Assert.Equal(document.RootElement.GetProperty("numberOfTests").GetInt32(), count);
    }
}
