using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>A report that is known already is corroborated instead of told again; what was written stays on
/// the machine, and the answer names its hash.</summary>
public static class Corroborating
{
    /// <summary>The attestation.</summary>
    /// <param name="id">The report that is corroborated.</param>
    /// <param name="told">What was written.</param>
    /// <param name="basis">A word of the vocabulary, or empty.</param>
    /// <param name="reason">In words, or empty.</param>
    public static SubmitRequest Instead(string id, string told, string basis, string reason)
    {
        ArgumentNullException.ThrowIfNull(told);
        byte[] text = Encoding.UTF8.GetBytes(told);
        JsonObject body = new() { ["verdict"] = "corroborate" };
        foreach ((string name, string value) in new[] { ("basis", basis), ("reason", reason) })
        {
            if (value.Length > 0)
            {
                body[name] = value;
            }
        }

        body["evidence"] = new JsonArray(new JsonObject
        {
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(text)), ["size"] = text.Length,
            ["mime"] = "text/plain", ["withheld"] = true,
        });
        using JsonDocument document = JsonDocument.Parse(body.ToJsonString());
        return new SubmitRequest
        {
            Type = "attestation", Body = document.RootElement.Clone(),
            Relations = [new RelationRequest("attests", id)],
        };
    }
}
