using System.Diagnostics;

namespace IncidentMesh.Editing;

/// <summary>A text in the person's own editor, as <c>git commit</c> does it: <c>$VISUAL</c>, else
/// <c>$EDITOR</c>. The file lies open meanwhile: in memory where there is such a place, for its owner alone,
/// and overwritten after.</summary>
internal sealed class TextEditor : IDisposable
{
    private readonly string _command;
    private readonly string _path;

    /// <summary>Writes the text where the editor finds it.</summary>
    /// <param name="command">What <see cref="Command"/> found.</param>
    /// <param name="text">UTF-8.</param>
    /// <param name="extension">Tells the editor what it is, with the point.</param>
    /// <param name="variable">Reads a variable of the environment.</param>
    public TextEditor(
        string command, ReadOnlySpan<byte> text, string extension, Func<string, string?> variable)
    {
        _command = command;
        string folder = variable("XDG_RUNTIME_DIR") is { } memory && Directory.Exists(memory)
            ? memory : Path.GetTempPath();
        _path = Path.Combine(folder, $"incidentmesh-draft-{Guid.NewGuid():n}{extension}");
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using FileStream file = new(_path, options);
        file.Write(text);
    }

    /// <summary>The editor that is set, or null.</summary>
    public static string? Command(Func<string, string?> variable) =>
        variable("VISUAL") is { Length: > 0 } visual ? visual
        : variable("EDITOR") is { Length: > 0 } editor ? editor : null;

    /// <summary>Runs the editor to its end.</summary>
    /// <returns>Its exit code; not 0 is a person who gave up.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        bool windows = OperatingSystem.IsWindows();
        ProcessStartInfo start = new(windows ? "cmd.exe" : "/bin/sh");
        start.ArgumentList.Add(windows ? "/c" : "-c");
        start.ArgumentList.Add(windows ? $"{_command} \"{_path}\"" : $"{_command} \"$0\"");
        start.ArgumentList.Add(_path);
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync(stop).ConfigureAwait(false);
        return process.ExitCode;
    }

    /// <summary>The text as it stands.</summary>
    public byte[] Read() => File.ReadAllBytes(_path);

    public void Dispose()
    {
        if (File.Exists(_path))
        {
            File.WriteAllBytes(_path, new byte[new FileInfo(_path).Length]);
            File.Delete(_path);
        }
    }
}
