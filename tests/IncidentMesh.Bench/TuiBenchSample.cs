using System.Diagnostics;

namespace IncidentMesh.Bench;

/// <summary>The bare sample of Terminal.Gui that lies beside the project, built from a copy.</summary>
internal static class TuiBenchSample
{
    /// <summary>The path of its program, or null where there is no sample.</summary>
    public static string? Build()
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "IncidentMesh.sln")))
        {
            root = Path.GetDirectoryName(root);
        }

        string source = Path.Combine(root ?? "", "..", "shared", "samples", "tui-sample");
        if (root is null || !Directory.Exists(source))
        {
            return null;
        }

        BenchOutput.Progress("building the sample of Terminal.Gui");
        string copy = Path.Combine(Path.GetTempPath(), "incidentmesh-tui-sample");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(copy, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to, overwrite: true);
            File.SetAttributes(to, FileAttributes.Normal);
        }

        using Process build = Process.Start(new ProcessStartInfo(
            "dotnet", ["build", "app", "-c", "Release", "-v", "q", "--nologo", "-o", "out"])
        {
            WorkingDirectory = copy,
            RedirectStandardOutput = true,
        })!;
        string said = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        return build.ExitCode == 0 ? Path.Combine(copy, "out", "TuiSample.dll")
            : throw new IOException("the sample does not build: " + said);
    }
}
