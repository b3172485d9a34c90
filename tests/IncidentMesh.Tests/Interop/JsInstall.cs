using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace IncidentMesh.Tests.Interop;

/// <summary>Whether the js-libp2p peer of <c>tests/interop</c> can run; if not, each test of it skips with
/// the reason.</summary>
internal static class JsInstall
{
    private static readonly Lazy<string?> Problem = new(Prepare);

    public static string Folder { get; } = Path.Combine(Repo.Root, "tests", "interop");

    /// <summary>Skips the test where a js-libp2p peer cannot be run.</summary>
    public static void Require() => Assert.SkipWhen(Problem.Value is not null, Problem.Value ?? "");

    private static string? Prepare()
    {
        if (!NodeRuns())
        {
            return "needs node 20 or newer on the path";
        }

        return Directory.Exists(Path.Combine(Folder, "node_modules", "libp2p"))
            ? null
            : "needs js-libp2p: npm ci --ignore-scripts --no-audit --no-fund in tests/interop";
    }

    private static bool NodeRuns()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("node", "--version")
            {
                RedirectStandardOutput = true,
            })!;
            process.StandardOutput.ReadToEnd();
            return process.WaitForExit(TimeSpan.FromSeconds(20)) && process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
