using System.CommandLine;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
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
    /// <exception cref="ApiException">It is not sure (4), or was stopped (130).</exception>
    public static IReadOnlyList<string> Check(Session session, DraftContent draft, string[] accepted)
    {
        if (accepted.FirstOrDefault(a => !PrivateData.AllWords.Contains(a)) is { } unknown)
        {
            throw ApiException.Usage(
                T($"\"{unknown}\" is no warning that can be accepted"),
                string.Join(' ', PrivateData.AllWords));
        }

        (string Word, string Text)[] found = [.. PrivateData.InBody(draft.Body)
            .Select(f => (PrivateData.WordOf(f.Found.Kind),
                T($"{f.Field} line {f.Found.Line}: {PrivateData.Describe(f.Text, f.Found)}")))];
        string[] warnings = [.. found.Select(f => f.Text).Distinct()];
        if (!session.Json && !session.JsonLines && !session.Quiet)
        {
            foreach (string warning in warnings)
            {
                session.Err.WriteLine(T($"warning: {SafeText.Show(warning)}"));
            }
        }

        string[] open = [.. PrivateData.ToBeSureOf(draft.Body).Except(accepted)];
        if (open.Length > 0 && IsForEveryone(draft.Tlp))
        {
            BeSure(open, [.. found.Where(f => open.Contains(f.Word)).Select(f => f.Text).Distinct()]);
        }

        return warnings;
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
            throw new ApiException(
                "stopped", T("nothing was stored"), T("submit --draft keeps it on this machine"),
                ExitCode.Interrupted);
        }
    }
}
