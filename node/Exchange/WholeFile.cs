using System.Text;

namespace IncidentMesh.Node.Exchange;

/// <summary>Writes a file that is there as a whole or not at all: beside its place first, on disk, then
/// renamed.</summary>
internal static class WholeFile
{
    /// <summary>What a name ends in while the file is not whole.</summary>
    public const string Beside = ".partial";

    private static readonly UTF8Encoding Utf8 = new(false);

    /// <exception cref="IOException">It cannot be written; what was there before stays.</exception>
    public static void Write(string path, Action<TextWriter> write) =>
        WriteAsync(path, to =>
        {
            write(to);
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();

    /// <exception cref="IOException">It cannot be written; what was there before stays.</exception>
    public static async Task WriteAsync(string path, Func<TextWriter, Task> write)
    {
        string partial = path + Beside;
        try
        {
            await using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write))
            {
                await using StreamWriter text = new(stream, Utf8, leaveOpen: true);
                await write(text);
                await text.FlushAsync();
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
