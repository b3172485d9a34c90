using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using IncidentMesh.Tui.Data;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Start;

/// <summary>The command line program <c>incidentmesh</c>: beside this one, else on <c>PATH</c>.</summary>
/// <param name="file">The program.</param>
/// <param name="first">Arguments before all others.</param>
internal sealed class NodeProgram(string file, IReadOnlyList<string> first)
{
    private const string Name = "incidentmesh";

    // The command in its own session, so that neither ctrl-c nor a closed terminal ends it; its process id
    // goes to standard output. nohup stands in where there is no setsid (macOS).
    private const string Detach = """
        log=$1; shift
        if command -v setsid >/dev/null 2>&1; then run=setsid; else run=nohup; fi
        $run "$@" >>"$log" 2>&1 </dev/null &
        echo $!
        """;

    /// <summary>Finds it.</summary>
    /// <param name="beside">Folder of this program.</param>
    /// <param name="environment">Reads a variable: <c>PATH</c>.</param>
    /// <returns>Null where there is none.</returns>
    public static NodeProgram? Find(string beside, Func<string, string?> environment)
    {
        string library = Path.Combine(beside, Name + ".dll");
        if (Executable(beside) is { } here)
        {
            return new NodeProgram(here, []);
        }

        if (File.Exists(library))
        {
            return new NodeProgram("dotnet", [library]);
        }

        string[] path = (environment("PATH") ?? "").Split(Path.PathSeparator);
        string? found = path.Where(p => p.Length > 0).Select(Executable).FirstOrDefault(p => p is not null);
        return found is null ? null : new NodeProgram(found, []);
    }

    /// <summary>Runs it on this terminal, which it may ask.</summary>
    /// <returns>Its exit code.</returns>
    public int Run(params IReadOnlyList<string> arguments)
    {
        using Process process = Begin(new ProcessStartInfo(file, [.. first, .. arguments]));
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Runs it; its messages go to this terminal.</summary>
    /// <returns>What it wrote to standard output, or null where it failed.</returns>
    public string? Read(params IReadOnlyList<string> arguments)
    {
        using Process process = Begin(
            new ProcessStartInfo(file, [.. first, .. arguments]) { RedirectStandardOutput = true });
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : null;
    }

    /// <summary>Starts it so that it outlives this program.</summary>
    /// <param name="log">File that takes what it says.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Its process id.</returns>
    public int StartDetached(string log, params IReadOnlyList<string> arguments)
    {
        if (OperatingSystem.IsWindows())
        {
            string words = string.Join(' ', first.Prepend(file).Concat(arguments).Select(a => $"\"{a}\""));
            string command = $"/c \"{words} >> \"{log}\" 2>&1\"";
            using Process window =
                Begin(new ProcessStartInfo("cmd.exe", command) { CreateNoWindow = true });
            return window.Id;
        }

        using Process shell = Begin(
            new ProcessStartInfo("/bin/sh", ["-c", Detach, "sh", log, file, .. first, .. arguments])
            {
                RedirectStandardOutput = true,
            });
        string id = shell.StandardOutput.ReadLine() ?? "";
        shell.WaitForExit();
        return int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : throw Failed(file);
    }

    private static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw Failed(start.FileName);
        }
        catch (Win32Exception)
        {
            throw Failed(start.FileName);
        }
    }

    private static NodeFailure Failed(string what) =>
        new(NodeFailure.Lost, T($"cannot run {what}"), T("incidentmesh run starts a node"), 5);

    private static string? Executable(string folder)
    {
        string path = Path.Combine(folder, OperatingSystem.IsWindows() ? Name + ".exe" : Name);
        return File.Exists(path) ? path : null;
    }
}
