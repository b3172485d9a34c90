using System.Text;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Node.Serve;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>Files named on the command line; <c>-</c> is standard input.</summary>
internal static class Files
{
    private static readonly Encoding Utf8 = new UTF8Encoding(true, throwOnInvalidBytes: true);

    // By the marks that files begin with; the mark of UTF-32 begins with that of UTF-16.
    private static readonly Encoding[] Marked =
    [
        Utf8, new UTF32Encoding(false, true, true), new UTF32Encoding(true, true, true),
        new UnicodeEncoding(false, true, true), new UnicodeEncoding(true, true, true),
    ];

    /// <summary>A text that a person wrote: UTF-8, or what its byte order mark says; its line ends are
    /// LF.</summary>
    /// <exception cref="ApiException">There is no such file (3), or a byte is no text (2): signed with a
    /// stand-in for it, the text would be destroyed for ever.</exception>
    public static async Task<string> ReadTextAsync(string path, CancellationToken stop)
    {
        byte[] bytes = path == "-" ? await ReadInputAsync(stop)
            : await File.ReadAllBytesAsync(Check(path), stop);
        return TextOf(bytes, path == "-" ? T("standard input") : path);
    }

    /// <summary>The text of bytes; line ends are LF.</summary>
    /// <exception cref="ApiException">A byte is no text (2).</exception>
    public static string TextOf(byte[] bytes, string name)
    {
        Encoding encoding = Marked.FirstOrDefault(e => bytes.AsSpan().StartsWith(e.Preamble)) ?? Utf8;
        int mark = bytes.AsSpan().StartsWith(encoding.Preamble) ? encoding.Preamble.Length : 0;
        try
        {
            return encoding.GetString(bytes.AsSpan(mark))
                .Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        }
        catch (DecoderFallbackException e)
        {
            throw ApiException.Usage(
                T($"{name} is not {encoding.WebName.ToUpperInvariant()} at byte {mark + e.Index + 1:N0}"),
                T("if it is Latin-1: iconv -f LATIN1 -t UTF-8 FILE > NEW"));
        }
    }

    /// <summary>Writes a file that a flag names (<see cref="WholeFile"/>).</summary>
    /// <exception cref="ApiException">It is a folder, or cannot be written (2).</exception>
    public static Task WriteAsync(string path, Func<TextWriter, Task> write) =>
        CheckedAsync(path, () => WholeFile.WriteAsync(path, write));

    /// <summary>The same with bytes.</summary>
    /// <exception cref="ApiException">It is a folder, or cannot be written (2).</exception>
    public static Task WriteAsync(string path, byte[] bytes) =>
        CheckedAsync(
            path, () => WholeFile.WriteAsync(path, (Stream stream) => stream.WriteAsync(bytes).AsTask()));

    private static async Task CheckedAsync(string path, Func<Task> write)
    {
        if (Directory.Exists(path))
        {
            throw ApiException.Usage(
                T($"{path} is a folder, not a file"), T("give the name of a file in it"));
        }

        try
        {
            await write();
        }
        catch (Exception e) when (Failure.Of(e) is { Code: "io" or "permission" })
        {
            // What the system says stands within what .NET says, and ends with the path.
            string why = (e.InnerException ?? e).Message.Split(" : '")[0].TrimEnd('.').ToLowerInvariant();
            throw ApiException.Usage(T($"cannot write {path}: {why}"), T("give another name"));
        }
    }

    public static string Check(string path)
    {
        if (Directory.Exists(path))
        {
            throw ApiException.Usage(T($"{path} is a folder, not a file"));
        }

        return File.Exists(path) ? path : throw ApiException.NotFound(T($"no such file: {path}"));
    }

    private static async Task<byte[]> ReadInputAsync(CancellationToken stop)
    {
        using MemoryStream all = new();
        await Console.OpenStandardInput().CopyToAsync(all, stop);
        return all.ToArray();
    }

    /// <summary>Standard input as a file that a node can open, in a private folder; gone when it is
    /// disposed.</summary>
    public sealed class Staged : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incidentmesh-");

        public string Path => System.IO.Path.Combine(_folder.FullName, "stdin");

        public static async Task<Staged> OfInputAsync(CancellationToken stop)
        {
            Staged staged = new();
            try
            {
                await using FileStream file = File.Create(staged.Path);
                await Console.OpenStandardInput().CopyToAsync(file, stop);
                return file.Length > 0 ? staged : throw ApiException.Usage("standard input is empty");
            }
            catch
            {
                staged.Dispose();
                throw;
            }
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
