using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;

namespace IncidentMesh.Node.Commands;

/// <summary>Evidence that is named on the command line: a link, a file, or what is kept.</summary>
internal static class EvidenceFiles
{
    /// <summary>The word for what is kept and not shared.</summary>
    public const string Kept = "kept";

    /// <summary>Takes evidence; what was cut from a file, and what not, is told on standard error.</summary>
    public static async Task<JsonObject> TakeAsync(string reference, CancellationToken stop)
    {
        if (reference == Kept)
        {
            return EvidenceFile.Withheld();
        }

        if (Uri.TryCreate(reference, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https")
        {
            return new JsonObject { ["url"] = reference };
        }

        string path = Path.GetFullPath(Files.Check(reference));
        EvidenceTaken taken;
        await using (FileStream file = File.OpenRead(path))
        {
            taken = EvidenceFile.Take(Path.GetFileName(path), file);
        }

        if (taken.Copy is { } copy)
        {
            await KeepAsync(
                Path.Combine(Path.GetDirectoryName(path)!, EvidenceFile.CopyName(Path.GetFileName(path))),
                copy, stop);
        }

        foreach (string note in taken.Notes)
        {
            Console.Error.WriteLine(Texts.T($"note: {SafeText.Show(note)}"));
        }

        return taken.Entry;
    }

    // A file of that name may be one of the person's own: it is not written over.
    private static async Task KeepAsync(string path, byte[] copy, CancellationToken stop)
    {
        if (File.Exists(path) && (await File.ReadAllBytesAsync(path, stop)).AsSpan().SequenceEqual(copy))
        {
            return;
        }

        await using FileStream file = new(path, FileMode.CreateNew);
        await file.WriteAsync(copy, stop);
    }
}
