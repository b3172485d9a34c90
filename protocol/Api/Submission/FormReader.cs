using System.Text.Json;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>Reads the answers of a form back from a body.</summary>
public static class FormReader
{
    /// <summary>The value at a path (<c>a.b</c>), or null.</summary>
    public static JsonElement? Find(JsonElement body, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        foreach (string name in path.Split('.'))
        {
            if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out body))
            {
                return null;
            }
        }

        return body;
    }

    /// <summary>The answers that a value stands for; none where it is of another kind.</summary>
    internal static IReadOnlyList<string> Answers(SubmissionStep step, JsonElement value, JsonElement body) =>
        step.Kind switch
        {
            StepKind.Evidence => [],
            StepKind.One when step.Id == SubmissionSteps.Severity => [],
            StepKind.YesNo => value.ValueKind switch
            {
                JsonValueKind.True => [SubmissionSteps.Yes],
                JsonValueKind.False => ["no"],
                _ => [],
            },
            StepKind.Several when step.Id == "actions_taken" => Items(value, "kind"),
            StepKind.Names => Items(value, "name"),
            StepKind.Several or StepKind.Lines or StepKind.Countries => Items(value, null),
            StepKind.Time => Time(value),
            StepKind.Money =>
                [$"{Text(value)} {(Find(body, "harm_quantity.currency") is { } code ? Text(code) : "")}"],
            StepKind.Count => [value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(value)],
            _ => [Text(value)],
        };

    private static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static IReadOnlyList<string> Items(JsonElement list, string? name) =>
        list.ValueKind != JsonValueKind.Array ? []
        : [.. list.EnumerateArray()
            .Select(item => name is null ? item : Find(item, name) ?? default)
            .Select(Text).Where(t => t.Length > 0)];

    private static IReadOnlyList<string> Time(JsonElement value)
    {
        string start = Find(value, "start") is { } from ? Text(from) : "";
        string end = Find(value, "end") is { } to ? Text(to) : "";
        return [end.Length > 0 ? $"{start}..{end}" : start];
    }
}
