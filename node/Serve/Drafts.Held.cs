using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Serve;

/// <summary>A report that is signed and sent later.</summary>
/// <param name="Due">When.</param>
/// <param name="Request">The report.</param>
internal sealed record HeldReport(DateTimeOffset Due, SubmitRequest Request);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HeldReport))]
internal sealed partial class HeldJson : JsonSerializerContext;

// Reports that wait to be signed. Not sealed: the node signs them with nobody there.
internal sealed partial class Drafts
{
    private const string HeldExtension = ".held";

    /// <summary>Keeps a report until it is due; it is on disk when this returns.</summary>
    /// <returns>Its number.</returns>
    public int Hold(HeldReport held)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(held, HeldJson.Default.HeldReport);
        lock (_gate)
        {
            int at = NextNumber();
            Files.WriteAtomic(HeldPath(at), content);
            return at;
        }
    }

    /// <summary>What is held; a file that cannot be read is left alone, and <see cref="List"/> tells of
    /// it.</summary>
    public IReadOnlyList<(int Number, HeldReport Report)> Held() =>
        [.. Numbers(HeldExtension).Select(n => (n, ReadHeld(n))).Where(h => h.Item2 is not null)
            .Select(h => (h.n, h.Item2!))];

    /// <summary>What was held was signed. A draft that was made of it meanwhile stays.</summary>
    public void Released(int number)
    {
        lock (_gate)
        {
            if (File.Exists(HeldPath(number)))
            {
                Overwrite(HeldPath(number));
            }
        }
    }

    private DraftView? LoadHeld(int number) => ReadHeld(number) is { Request: var request, Due: var due }
        ? new DraftView(ApiSchema.Name, number, File.GetLastWriteTimeUtc(HeldPath(number)), new DraftContent
        {
            Type = request.Type, Lang = request.Lang, Tlp = "CLEAR", Body = request.Body,
            Relations = request.Relations, SameAs = request.SameAs,
        }) { Held = due }
        : null;

    private HeldReport? ReadHeld(int number)
    {
        try
        {
            HeldReport? held = JsonSerializer.Deserialize(
                File.ReadAllBytes(HeldPath(number)), HeldJson.Default.HeldReport);
            return held is { Request: not null } ? held : null;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    private string HeldPath(int number) => PathOf(number, HeldExtension);
}
