using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace IncidentMesh.Node.Exchange;

/// <summary>The rows that an import left out, as JSON lines <c>{"file","line","why","text"}</c>: to be mended
/// and imported again. The file appears with the first bad row.</summary>
/// <param name="path">Where.</param>
/// <param name="append">Whether they go after what an older file has; else it is replaced.</param>
/// <param name="source">What to call the file that they are of; null for its path.</param>
public sealed class ErrorsFile(string path, bool append = false, string? source = null) : IDisposable
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>How the usual name ends.</summary>
    public const string Ending = ".errors.jsonl";

    private FileStream? stream;

    /// <summary>Where the rows are written.</summary>
    public string Path { get; } = path;

    /// <summary>How many were written.</summary>
    public long Count { get; private set; }

    /// <summary>The usual place: <c>dump.csv.errors.jsonl</c> beside <c>dump.csv</c>.</summary>
    public static string Beside(string file) => System.IO.Path.TrimEndingDirectorySeparator(file) + Ending;

    /// <summary>Writes a bad row.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Add(ImportRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        stream ??= new FileStream(
            Path, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read);
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("file", source ?? row.File);
            json.WriteNumber("line", row.Line);
            json.WriteString("why", row.Error);
            json.WriteString("text", Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(row.Text ?? "")));
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        Count++;
    }

    /// <inheritdoc/>
    public void Dispose() => stream?.Dispose();
}
