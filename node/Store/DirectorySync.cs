using System.Runtime.InteropServices;
using System.Text;

namespace IncidentMesh.Node.Store;

/// <summary>Makes the entries of a directory durable: fsync(2) of a new file does not promise that its name
/// survives a power cut (<c>man 2 fsync</c>). .NET opens no directories, so this calls the C
/// library.</summary>
internal static class DirectorySync
{
    private const int ReadOnly = 0;

    /// <summary>Flushes a directory; does nothing on Windows, where NTFS journals names by itself.</summary>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows()) { return; }
        int handle = Open(Encoding.UTF8.GetBytes(directory + '\0'), ReadOnly);
        if (handle < 0) { throw Failed(directory); }
        try
        {
            // EINVAL: a file system that cannot flush directories (some network mounts) gives what it can.
            const int invalid = 22;
            if (FSync(handle) != 0 && Marshal.GetLastPInvokeError() != invalid) { throw Failed(directory); }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    private static StoreException Failed(string directory) =>
        new(StoreError.Disk, $"cannot flush directory {directory}: {Marshal.GetLastPInvokeErrorMessage()}");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}
