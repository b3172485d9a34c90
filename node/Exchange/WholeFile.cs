using System.Text;

namespace IncidentMesh.Node.Exchange;

/// <summary>Writes a file that is there as a whole or not at all: beside its place first, on disk, then
/// renamed. A link stays, and what it leads to is replaced; what is no file, such as a pipe or a device,
/// cannot be replaced and is written as it stands.</summary>
internal static class WholeFile
{
    /// <summary>What a name ends in while the file is not whole.</summary>
    public const string Beside = ".partial";

    private static readonly UTF8Encoding Utf8 = new(false);

    /// <exception cref="IOException">It cannot be written; what was there before stays.</exception>
    public static Task WriteAsync(string path, Func<TextWriter, Task> write) =>
        WriteAsync(path, async (Stream stream) =>
        {
            await using StreamWriter text = new(stream, Utf8, leaveOpen: true);
            await write(text);
        });

    /// <exception cref="IOException">It cannot be written; what was there before stays.</exception>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        await using FileStream? other = OpenOther(path);
        if (other is not null)
        {
            await write(other);
            return;
        }

        string? linked = new FileInfo(path).LinkTarget is null ? null
            : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        string target = linked ?? path;
        string partial = target + Beside;
        try
        {
            await using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write))
            {
                await write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, target, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    // What is there and is no regular file, open; opening a pipe waits for its reader.
    private static FileStream? OpenOther(string path)
    {
        try
        {
            FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            if (!IsRegular(stream))
            {
                return stream;
            }

            stream.Dispose();
            return null;
        }
        catch (FileNotFoundException)
        {
            // Nothing, or a link that leads nowhere yet.
            return null;
        }
    }

    // .NET does not tell the kind of a file. A pipe cannot be sought, a device has neither a length nor lets
    // one be set; an empty file that is emptied is as it was.
    private static bool IsRegular(FileStream stream)
    {
        if (!stream.CanSeek)
        {
            return false;
        }

        try
        {
            if (stream.Length == 0)
            {
                stream.SetLength(0);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
