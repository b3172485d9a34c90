using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace IncidentMesh.Tests.Interop;

/// <summary>Sees to it that <c>tests/interop</c> is installed, once a run; the reason why not is that of
/// every skipped test.</summary>
internal static class JsInstall
{
    private static readonly TimeSpan InstallTime = TimeSpan.FromMinutes(2);
    private static readonly Lazy<string?> Problem = new(Prepare);

    public static string Folder { get; } = Path.Combine(Repo.Root, "tests", "interop");

    /// <summary>Skips the test where a js-libp2p peer cannot be run.</summary>
    public static void Require() => Assert.SkipWhen(Problem.Value is not null, Problem.Value ?? "");

    private static string? Prepare()
    {
        if (!Runs("node", "--version", TimeSpan.FromSeconds(20)))
        {
            return "needs node 20 or newer on the path";
        }

        if (Directory.Exists(Path.Combine(Folder, "node_modules", "libp2p")))
        {
            return null;
        }

        return Runs("npm", "ci --ignore-scripts --no-audit --no-fund", InstallTime)
            ? null
            : "needs npm and a registry: npm ci failed in tests/interop";
    }

    private static bool Runs(string program, string arguments, TimeSpan limit)
    {
        string file = OperatingSystem.IsWindows() && program == "npm" ? "npm.cmd" : program;
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(file, arguments)
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                return false;
            }

            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
