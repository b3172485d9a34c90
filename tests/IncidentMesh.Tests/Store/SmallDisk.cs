using System.Diagnostics;
using Xunit;

namespace IncidentMesh.Tests.Store;

/// <summary>A disk of a few megabytes: a tmpfs that is mounted on a folder, where there is the right to mount
/// one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;
    private readonly bool _mounted;

    /// <param name="folder">Where; made if it is missing.</param>
    /// <param name="size">As <c>mount</c> takes it, e.g. <c>3m</c>.</param>
    public SmallDisk(string folder, string size)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        _mounted = Run("mount", "-t", "tmpfs", "-o", $"size={size},mode=0700", "tmpfs", folder);
    }

    public void SkipUnlessMounted() =>
        Assert.SkipUnless(_mounted, "needs the right to mount a small tmpfs");

    /// <summary>Makes the disk larger.</summary>
    public void Grow(string size) => Assert.True(Run("mount", "-o", $"remount,size={size}", _folder));

    public void Dispose()
    {
        if (_mounted)
        {
            Run("umount", _folder);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
