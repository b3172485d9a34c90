using System.Text.Json;
using System.Text.Json.Nodes;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>What is done for a source who stays anonymous. <c>specs/submission.md</c>, "Anonymous
/// sources".</summary>
public static class AnonymousSource
{
    /// <summary>What such a report is held at most.</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromHours(6);

    /// <summary>Whether a body, or the report that it corrects, names its source so.</summary>
    public static bool Is(JsonElement body) =>
        Names(body, SubmissionSteps.Source) || Names(body, "content." + SubmissionSteps.Source);

    /// <summary>Names the files of a body by their place: their own names may tell who the source
    /// is.</summary>
    public static void HideNames(JsonObject body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (body["evidence"] is JsonArray evidence)
        {
            body["evidence"] = new JsonArray([.. evidence.Select((e, i) =>
                e is JsonObject entry ? EvidenceFile.Nameless(entry, i + 1) : e?.DeepClone())]);
        }
    }

    /// <summary>What became of one that is held, in words.</summary>
    public static string State(DateTimeOffset due, DateTimeOffset now) => (due - now) switch
    {
        { Ticks: <= 0 } => T("held, goes when the node runs"),
        { TotalHours: >= 1 } left => T($"held {Math.Round(left.TotalHours):0} h"),
        var left => T($"held {Math.Ceiling(left.TotalMinutes):0} min"),
    };

    /// <summary>The time that the header tells: the day alone.</summary>
    /// <param name="now">Unix seconds.</param>
    public static long DayOf(long now) => now - (now % 86_400);

    private static bool Names(JsonElement body, string path) =>
        FormReader.Find(body, path) is { ValueKind: JsonValueKind.String } source
        && source.GetString() == SubmissionSteps.Anonymous;
}
