using System.Security.Cryptography;
using System.Text.Json;
using IncidentMesh.Protocol.Libp2p;
using Xunit;

namespace IncidentMesh.Tests.Libp2p;

/// <summary>C2SP/wycheproof's cases for the primitives of Noise, where its files are present.</summary>
public sealed class WycheproofTests
{
    [Fact]
    public void X25519_agrees_on_every_case_and_refuses_a_secret_of_zeros()
    {
        int count = 0;
        foreach (JsonElement test in Tests("x25519_test.json", _ => true))
        {
            using var pair = new X25519KeyPair(Hex(test, "private"));
            byte[] expected = Hex(test, "shared");
            var secret = new byte[X25519KeyPair.Length];
            bool agreed = pair.TryAgree(Hex(test, "public"), secret);
            bool zero = expected.All(static b => b == 0);
            Assert.True(agreed != zero, $"case {test.GetProperty("tcId")}");
            Assert.True(zero || secret.AsSpan().SequenceEqual(expected), $"case {test.GetProperty("tcId")}");
            count++;
        }

        Assert.True(count > 400);
    }

    [Fact]
    public void ChaCha20Poly1305_of_the_platform_decrypts_what_is_valid_and_refuses_the_rest()
    {
        int count = 0;
        const string File = "chacha20_poly1305_test.json";
        foreach (JsonElement test in Tests(File, static g => g.GetProperty("ivSize").GetInt32() == 96))
        {
            using var cipher = new ChaCha20Poly1305(Hex(test, "key"));
            byte[] plain = Hex(test, "msg");
            byte[] opened = new byte[plain.Length];
            bool valid = test.GetProperty("result").GetString() == "valid";
            bool decrypted = true;
            try
            {
                cipher.Decrypt(Hex(test, "iv"), Hex(test, "ct"), Hex(test, "tag"), opened, Hex(test, "aad"));
            }
            catch (AuthenticationTagMismatchException)
            {
                decrypted = false;
            }

            Assert.Equal(valid, decrypted);
            Assert.True(!valid || opened.AsSpan().SequenceEqual(plain), $"case {test.GetProperty("tcId")}");
            count++;
        }

        Assert.True(count > 200, $"{count} cases");
    }

    private static IEnumerable<JsonElement> Tests(string file, Func<JsonElement, bool> group)
    {
        string path = Repo.SharedFile("vectors", "wycheproof", file);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement groups = document.RootElement.GetProperty("testGroups");
        foreach (JsonElement g in groups.EnumerateArray().Where(group))
        {
            foreach (JsonElement test in g.GetProperty("tests").EnumerateArray())
            {
                yield return test;
            }
        }
    }

    private static byte[] Hex(JsonElement test, string name) =>
        Convert.FromHexString(test.GetProperty(name).GetString()!);
}
