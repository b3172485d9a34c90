namespace IncidentMesh.Node.Store;

/// <summary>Why the store could not do what was asked.</summary>
public enum StoreError
{
    /// <summary>Another process holds the data folder (exit 7).</summary>
    FolderLocked,

    /// <summary>The disk, the quota or a limit is full (exit 9).</summary>
    NoRoom,

    /// <summary>Bytes on the disk are not what was written (exit 6).</summary>
    Damaged,

    /// <summary>The disk refused to read or write (exit 6); the log takes nothing more until it is opened
    /// again.</summary>
    Disk,
}

/// <summary>A failure of the disk or of its owner, never of a peer: what a peer sent is a
/// <c>Fault</c>.</summary>
public sealed class StoreException(StoreError error, string message, Exception? inner = null)
    : IOException(message, inner)
{
    // errno of Linux and macOS, and the Win32 codes: .NET hands them through in HResult.
    private const int NoSpaceUnix = 28, QuotaLinux = 122, QuotaMac = 69, FileTooBig = 27;
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int HandleFullWindows = unchecked((int)0x80070027);

    /// <summary>The kind of failure.</summary>
    public StoreError Error { get; } = error;

    /// <summary>The exit code that a command ends with.</summary>
    public int ExitCode => Error switch
    {
        StoreError.FolderLocked => 7,
        StoreError.NoRoom => 9,
        _ => 6,
    };

    /// <summary>Whether an exception of the runtime tells of the disk.</summary>
    public static bool IsOfDisk(Exception e) =>
        e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    /// <summary>Whether an exception of the runtime says that the disk or a quota is full. A file over the
    /// limit of its process (EFBIG) comes as an argument out of range.</summary>
    public static bool IsNoRoom(Exception e) => e is StoreException { Error: StoreError.NoRoom }
        or ArgumentOutOfRangeException
        || (e is IOException && e.HResult is NoSpaceUnix or QuotaLinux or QuotaMac or FileTooBig
            or DiskFullWindows or HandleFullWindows);

    /// <summary>The exception that tells what an <see cref="IOException"/> of the runtime means
    /// here.</summary>
    public static StoreException From(Exception e, string what) => e as StoreException
        ?? (IsNoRoom(e) ? new(StoreError.NoRoom, $"no room: {what}: {e.Message}", e)
            : new(StoreError.Disk, $"{what}: {e.Message}", e));
}
