using System.Security.Cryptography;
using System.Text.Json.Nodes;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>A file as the evidence of a report names it, and what its owner should know.</summary>
/// <param name="Entry">The entry of the body: hash, size and name. The file itself stays where it is.</param>
/// <param name="Copy">The copy without metadata that the entry is about, to be written beside the file; null
/// where the entry is about the file itself.</param>
/// <param name="Notes">What was cut and what was not, in words; parts of them come from the file.</param>
public sealed record EvidenceTaken(JsonObject Entry, byte[]? Copy, IReadOnlyList<string> Notes);

/// <summary>Takes a file as evidence: metadata is cut from JPEG and PNG, and names inside PDF and Office
/// files are told. <c>specs/submission.md</c>, "Evidence".</summary>
public static class EvidenceFile
{
    /// <summary>Bytes up to which a file is looked into; a larger one is hashed.</summary>
    public const int MostBytes = 64 << 20;

    /// <summary>Takes a file that was read.</summary>
    /// <param name="name">Its name without folders.</param>
    /// <param name="content">All of it.</param>
    public static EvidenceTaken Take(string name, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        bool jpeg = ImageCut.IsJpeg(content);
        if (jpeg || ImageCut.IsPng(content))
        {
            bool whole = jpeg
                ? ImageCut.TryCutJpeg(content, out byte[]? cut, out IReadOnlyList<string> removed)
                : ImageCut.TryCutPng(content, out cut, out removed);
            if (!whole)
            {
                return new EvidenceTaken(
                    Entry(name, SHA256.HashData(content), content.Length), null,
                    [T($"{name} is damaged: nothing was cut, it may tell where and when it was made")]);
            }

            if (removed.Count > 0)
            {
                string copy = CopyName(name);
                return new EvidenceTaken(
                    Entry(copy, SHA256.HashData(cut!), cut!.Length), cut,
                    [T($"{name}: cut {string.Join(", ", removed)}; the report names the copy {copy}")]);
            }
        }

        return new EvidenceTaken(
            Entry(name, SHA256.HashData(content), content.Length), null, [.. Notes(name, content)]);
    }

    /// <summary>Takes a file that is open: one of more than <see cref="MostBytes"/> by its hash
    /// alone.</summary>
    /// <param name="name">Its name without folders.</param>
    /// <param name="file">The file, from its first byte.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static EvidenceTaken Take(string name, Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Length > MostBytes)
        {
            return new EvidenceTaken(
                Entry(name, SHA256.HashData(file), file.Length), null,
                [T($"{name} is too large to look into: it may tell who made it")]);
        }

        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return Take(name, content);
    }

    /// <summary>An entry whose name tells nothing of the file: it may tell who a source is.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="number">Its place, from 1.</param>
    public static JsonObject Nameless(JsonObject entry, int number)
    {
        ArgumentNullException.ThrowIfNull(entry);
        JsonObject copy = (JsonObject)entry.DeepClone();
        if (copy["name"] is JsonValue name && name.TryGetValue(out string? text))
        {
            int dot = text.LastIndexOf('.');
            copy["name"] = $"file-{number}{(dot > 0 && text.Length - dot <= 6 ? text[dot..] : "")}";
        }

        return copy;
    }

    /// <summary>An entry for what is kept and not shared.</summary>
    public static JsonObject Withheld() => new() { ["withheld"] = true };

    /// <summary>The name of the copy without metadata: <c>photo.cut.jpg</c> for
    /// <c>photo.jpg</c>.</summary>
    public static string CopyName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int dot = name.LastIndexOf('.');
        return dot <= 0 ? name + ".cut" : $"{name[..dot]}.cut{name[dot..]}";
    }

    private static IEnumerable<string> Notes(string name, byte[] content)
    {
        IReadOnlyList<string> names = DocumentNames.IsPdf(content) ? DocumentNames.OfPdf(content)
            : DocumentNames.IsZip(content) ? DocumentNames.OfZip(content) : [];
        if (names.Count > 0)
        {
            yield return T($"{name} names inside: {string.Join(", ", names)}");
        }
        else if (DocumentNames.IsPdf(content) || MayTell(content))
        {
            yield return T($"{name} may tell who made it, where and when: nothing was cut from it");
        }
    }

    // TIFF and raw pictures, WebP, and the family of HEIC, AVIF, MP4 and MOV (ISO/IEC 14496-12).
    private static bool MayTell(ReadOnlySpan<byte> file) =>
        file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8)
        || (file.StartsWith("RIFF"u8) && file.Length > 12 && file[8..].StartsWith("WEBP"u8))
        || (file.Length > 12 && file[4..].StartsWith("ftyp"u8));

    private static JsonObject Entry(string name, byte[] sha256, long size) => new()
    {
        ["sha256"] = Convert.ToHexStringLower(sha256),
        ["size"] = size,
        ["name"] = name,
    };
}
