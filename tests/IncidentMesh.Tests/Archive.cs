using System.Diagnostics;
using Xunit;

namespace IncidentMesh.Tests;

/// <summary>Unpacks other people's archives, once a run.</summary>
internal static class Archive
{
    private static readonly Dictionary<string, string> Unpacked = [];

    /// <summary>The folder with the content of <paramref name="archive"/>; skips where <c>tar</c> is
    /// missing.</summary>
    public static string Unpack(string archive)
    {
        lock (Unpacked)
        {
            if (Unpacked.TryGetValue(archive, out string? known))
            {
                return known;
            }

            string folder = Directory.CreateTempSubdirectory("incidentmesh-test-").FullName;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
            using Process? tar = Start(archive, folder);
            Assert.SkipWhen(tar is null, "needs tar and xz");
            tar!.WaitForExit();
            Assert.SkipUnless(tar.ExitCode == 0, "needs tar and xz");
            return Unpacked[archive] = folder;
        }
    }

    private static Process? Start(string archive, string folder)
    {
        try
        {
            return Process.Start("tar", ["-xJf", archive, "-C", folder]);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
