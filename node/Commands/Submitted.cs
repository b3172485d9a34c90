using System.Globalization;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>Tells what became of a record that was signed.</summary>
internal static class Submitted
{
    /// <param name="session">The run.</param>
    /// <param name="done">What the node answered.</param>
    /// <param name="running">Whether the node runs.</param>
    /// <param name="warned">Warnings that were shown before, which programs have not read.</param>
    public static void Print(
        Session session, SubmitView done, bool running, IReadOnlyList<string>? warned = null)
    {
        if (session.Json || session.JsonLines)
        {
            done = done with { Warnings = [.. warned ?? [], .. done.Warnings] };
            session.Print(done, ApiJson.Default.SubmitView);
            return;
        }

        if (session.Quiet)
        {
            session.Out.WriteLine(done.Held is null ? done.Id : $"{done.Draft}");
            return;
        }

        if (done.Held is { } due)
        {
            string state = AnonymousSource.State(due, DateTimeOffset.UtcNow);
            session.Out.WriteLine(T($"draft {done.Draft}") + "  " + state);
            session.Err.WriteLine("hint: " + (running
                ? T($"its source is anonymous: sent then, with the day alone; draft rm {done.Draft} stops it")
                : T("its source is anonymous: incidentmesh run sends it then, with the day alone")));
            return;
        }

        string fate = done.Known ? T("it was there before")
            : done.Sent ? Plural(
                done.Peers, $"on disk, sent to {done.Peers} peer", $"on disk, sent to {done.Peers} peers")
            : running ? T("on disk, not sent yet: no peer is connected")
            : T("on disk, not sent: no node is running");
        session.Out.WriteLine(T($"stored {done.Short}") + "  " + fate);
        foreach (string warning in done.Warnings)
        {
            session.Err.WriteLine($"warning: {SafeText.Show(Known(warning))}");
        }

        if (!running && !done.Known)
        {
            session.Err.WriteLine("hint: " + T("incidentmesh run sends it"));
        }
    }

    /// <summary>Tells which reports may be of the same event, and why.</summary>
    public static void Similar(
        Session session, IReadOnlyList<SimilarView> similarTo, bool numbered = false)
    {
        int number = 0;
        if (similarTo.Any(s => s.Label == SimilarView.WordsAlone))
        {
            session.Err.WriteLine(
                T("alike in words; meaning and other languages need the model of a running node"));
        }

        foreach (SimilarView similar in similarTo)
        {
            string probability = similar.Probability.ToString(".00", CultureInfo.InvariantCulture);
            string reasons = SafeText.Show(string.Join("; ", similar.Reasons));
            string title = SafeText.Show(similar.Title);
            string mark = numbered ? $"{++number}  " : "";
            session.Err.WriteLine(
                $"  {mark}{probability} {similar.Label}  {similar.Id.Substring(7, 8)}  {title}  ({reasons})");
        }
    }
}
