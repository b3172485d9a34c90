using System.Security.Cryptography;
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
        EvidenceTaken taken = await ReadAsync(path, stop);
        if (taken.Copy is { } copy)
        {
            string beside = Path.Combine(
                Path.GetDirectoryName(path)!, EvidenceFile.CopyName(Path.GetFileName(path)));
            await File.WriteAllBytesAsync(beside, copy, stop);
        }

        foreach (string note in taken.Notes)
        {
            Console.Error.WriteLine(Texts.T($"note: {SafeText.Show(note)}"));
        }

        return taken.Entry;
    }

    private static async Task<EvidenceTaken> ReadAsync(string path, CancellationToken stop)
    {
        string name = Path.GetFileName(path);
        await using FileStream file = File.OpenRead(path);
        if (file.Length > EvidenceFile.MostBytes)
        {
            return EvidenceFile.Hashed(name, await SHA256.HashDataAsync(file, stop), file.Length);
        }

        byte[] content = new byte[file.Length];
        await file.ReadExactlyAsync(content, stop);
        return EvidenceFile.Take(name, content);
    }
}
