using System.Globalization;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>Tells what became of a record that was signed.</summary>
internal static class Submitted
{
    public static void Print(Session session, SubmitView done, bool running)
    {
        if (session.Json || session.JsonLines)
        {
            session.Print(done, ApiJson.Default.SubmitView);
            return;
        }

        if (session.Quiet)
        {
            session.Out.WriteLine(done.Id);
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

        if (done.Similar.Any(s => s.Label == SimilarView.WordsAlone))
        {
            session.Err.WriteLine(
                T("alike in words; meaning and other languages need the model of a running node"));
        }

        foreach (SimilarView similar in done.Similar)
        {
            string probability = similar.Probability.ToString(".00", CultureInfo.InvariantCulture);
            string reasons = SafeText.Show(string.Join("; ", similar.Reasons));
            string title = SafeText.Show(similar.Title);
            session.Err.WriteLine(
                $"  {probability} {similar.Label}  {similar.Id.Substring(7, 8)}  {title}  ({reasons})");
        }
    }
}
