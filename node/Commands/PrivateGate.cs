using System.CommandLine;
using System.Text.Json;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Protocol.Records;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>What looks like private data is named before a report goes out; where everyone will read it, an
/// e-mail address, a phone number or a minor asks to be sure (<c>specs/submission.md</c>).</summary>
internal static class PrivateGate
{
    /// <summary>The flag that is sure beforehand.</summary>
    public static Option<string[]> Accept() => Cli.List(
        "--accept", T("WARNING,.."),
        T($"publish all the same: {string.Join(' ', PrivateData.AllWords)}"));

    /// <summary>Warns, and asks where it must.</summary>
    /// <returns>The warnings in words.</returns>
    /// <exception cref="ApiException">No record may be so (2), it is not sure (4), or was stopped
    /// (130).</exception>
    public static IReadOnlyList<string> Check(Session session, DraftContent draft, string[] accepted)
    {
        if (accepted.FirstOrDefault(a => !PrivateData.AllWords.Contains(a)) is { } unknown)
        {
            throw ApiException.Usage(
                T($"\"{unknown}\" is no warning that can be accepted"),
                string.Join(' ', PrivateData.AllWords));
        }

        // What no record may be needs no thought of who reads it.
        _ = LocalNode.ReadBody(new SubmitRequest { Type = draft.Type, Body = draft.Body });
        (string Word, string Text)[] found = [.. Find(draft.Body)];
        string[] warnings = [.. Strange(draft), .. found.Select(f => f.Text).Distinct()];
        if (!session.Json && !session.JsonLines)
        {
            Print(session, warnings);
        }

        string[] open = [.. PrivateData.ToBeSureOf(draft.Body).Except(accepted)];
        if (open.Length > 0 && IsForEveryone(draft.Tlp))
        {
            BeSure(open, [.. found.Where(f => open.Contains(f.Word)).Select(f => f.Text).Distinct()]);
        }

        return warnings;
    }

    /// <summary>Warns alone: a draft leaves the machine later, or never.</summary>
    public static void Warn(Session session, JsonElement body) =>
        Print(session, Find(body).Select(f => f.Text).Distinct());

    private static IEnumerable<(string Word, string Text)> Find(JsonElement body) =>
        PrivateData.InBody(body).Select(f => (PrivateData.WordOf(f.Found.Kind),
            T($"{f.Field} line {f.Found.Line}: {PrivateData.Describe(f.Text, f.Found)}")));

    // Fields that the type does not have, which is most often a slip.
    private static IEnumerable<string> Strange(DraftContent draft)
    {
        bool corrects = draft.Body.TryGetProperty("corrects", out JsonElement type)
            & draft.Body.TryGetProperty("content", out JsonElement content);
        (string of, JsonElement body) = corrects ? (type.GetString()!, content) : (draft.Type, draft.Body);
        Schema schema = Schema.Of(of)!;
        foreach (string name in body.EnumerateObject().Select(p => p.Name)
            .Where(name => schema.Find(name) is null))
        {
            yield return QuerySuggestion.Nearest(name, schema.Fields.Select(f => f.Name)) is { } near
                ? T($"{of} has no field \"{name}\", signed as it stands; did you mean {near}?")
                : T($"{of} has no field \"{name}\", signed as it stands");
        }
    }

    private static void Print(Session session, IEnumerable<string> warnings)
    {
        foreach (string warning in session.Quiet ? [] : warnings)
        {
            session.Err.WriteLine($"warning: {SafeText.Show(warning)}");
        }
    }

    private static bool IsForEveryone(string? tlp) => tlp is null or "CLEAR" or "GREEN";

    private static void BeSure(string[] open, string[] warnings)
    {
        if (!Terminal.CanAsk)
        {
            throw ApiException.NotAllowed(
                "private-data",
                T($"what looks like private data would be published: {string.Join("; ", warnings)}"),
                T($"--accept={string.Join(',', open)} publishes it; {PrivateData.Removed} takes it out"));
        }

        string? answer = Terminal.Ask(
            T($"Everyone will read this, for ever. Type \"{PrivateData.Sure}\", or anything else to stop: "));
        if (answer?.Trim() != PrivateData.Sure)
        {
            throw new ApiException("stopped", T("nothing was signed"), null, ExitCode.Interrupted);
        }
    }
}
