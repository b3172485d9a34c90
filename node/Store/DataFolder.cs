using System.Globalization;
using System.Text;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Store;

/// <summary>Where everything of a node lies (<c>specs/storage.md</c>, section 1). <c>--home</c> or
/// <c>INCIDENTMESH_HOME</c> puts all of it in one folder; else the locations of the operating system
/// hold.</summary>
public sealed class DataFolder
{
    private const string App = "incidentmesh";

    private DataFolder(string home, string config, string cache, string socket)
    {
        (Home, ConfigFile, Cache, Socket) = (home, config, cache, socket);
    }

    /// <summary>The data: log, keys, drafts, index.</summary>
    public string Home { get; }

    /// <summary>The settings, TOML.</summary>
    public string ConfigFile { get; }

    /// <summary>What can be deleted at any time.</summary>
    public string Cache { get; }

    /// <summary>The Unix socket of the local API.</summary>
    public string Socket { get; }

    /// <summary>The record log: the only truth.</summary>
    public string Log => Path.Combine(Home, "log");

    /// <summary>Quarantined records: a log of its own, so that its room is bounded and given back.</summary>
    public string Quarantine => Path.Combine(Home, "quarantine");

    /// <summary>Snapshots and indexes: rebuilt from the log when deleted.</summary>
    public string Index => Path.Combine(Home, "index");

    /// <summary>Key files, each private.</summary>
    public string Keys => Path.Combine(Home, "keys");

    /// <summary>Sealed drafts, one file each.</summary>
    public string Drafts => Path.Combine(Home, "drafts");

    /// <summary>The token of the loopback API where there are no Unix sockets.</summary>
    public string TokenFile => Path.Combine(Home, "api.token");

    /// <summary>Whether a node was ever set up here.</summary>
    public bool Exists => Directory.Exists(Log) || Directory.Exists(Keys);

    private string LockFile => Path.Combine(Home, "lock");

    private string OwnerFile => Path.Combine(Home, "lock.pid");

    /// <summary>Finds the folder of this process: <paramref name="home"/> (<c>--home</c>) wins over the
    /// environment, and <paramref name="config"/> (<c>--config</c>) over both for the settings.</summary>
    public static DataFolder Resolve(string? home = null, string? config = null) =>
        Resolve(home, config, Environment.GetEnvironmentVariable, OperatingSystem.IsWindows());

    /// <summary>The same with the environment as an argument.</summary>
    public static DataFolder Resolve(
        string? home, string? config, Func<string, string?> environment, bool windows)
    {
        string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;
        home = home is { Length: > 0 } ? home : Variable("INCIDENTMESH_HOME");
        config ??= Variable("INCIDENTMESH_CONFIG");
        if (home is not null)
        {
            home = Path.GetFullPath(home);
            string socket = NodeSocket.PathIn(home, home, Variable("XDG_RUNTIME_DIR"), Path.GetTempPath());
            return new DataFolder(
                home, config ?? Path.Combine(home, "config.toml"), Path.Combine(home, "cache"), socket);
        }
        return windows ? OnWindows(config, Variable) : OnUnix(config, Variable);
    }

    /// <summary>Makes the folders, each open to the owner alone.</summary>
    public void Create()
    {
        foreach (string folder in new[] { Home, Log, Index, Keys, Drafts }) { Files.CreateFolder(folder); }
    }

    /// <summary>Takes the folder for this process until the result is disposed. Released by the kernel when
    /// the process ends in whatever way.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.FolderLocked"/> with the owner's process
    /// id.</exception>
    public IDisposable Lock()
    {
        Files.CreateFolder(Home);
        FileStream held;
        try
        {
            held = new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException e) when (IsLocked(e))
        {
            throw new StoreException(StoreError.FolderLocked, $"folder {Home} is locked by {Owner()}", e);
        }
        catch (Exception e) when (StoreException.IsOfDisk(e))
        {
            throw StoreException.From(e, $"cannot lock {Home}");
        }
        TellOwner();
        return held;
    }

    // For whoever finds it locked. A disk without room is no reason not to read.
    private void TellOwner()
    {
        string pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        try
        {
            Files.WriteAtomic(OwnerFile, Encoding.ASCII.GetBytes(pid));
        }
        catch (StoreException)
        {
            File.Delete(OwnerFile);
        }
    }

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of Windows.
    private static bool IsLocked(IOException e) =>
        e.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);

    private string Owner()
    {
        try
        {
            return "pid " + File.ReadAllText(OwnerFile).Trim();
        }
        catch (IOException)
        {
            return "another process";
        }
    }

    private static DataFolder OnUnix(string? config, Func<string, string?> variable)
    {
        string user = variable("HOME") ?? "/";
        // systemd sets these for a service with StateDirectory=, ConfigurationDirectory= and so on.
        string home = variable("STATE_DIRECTORY")
            ?? Path.Combine(variable("XDG_DATA_HOME") ?? Path.Combine(user, ".local", "share"), App);
        string settings = variable("CONFIGURATION_DIRECTORY")
            ?? Path.Combine(variable("XDG_CONFIG_HOME") ?? Path.Combine(user, ".config"), App);
        string cache = variable("CACHE_DIRECTORY")
            ?? Path.Combine(variable("XDG_CACHE_HOME") ?? Path.Combine(user, ".cache"), App);
        string? runtime = variable("RUNTIME_DIRECTORY");
        string? session = variable("XDG_RUNTIME_DIR");
        string folder = runtime ?? (session is null ? home : Path.Combine(session, App));
        return new DataFolder(
            home, config ?? Path.Combine(settings, "config.toml"), cache,
            NodeSocket.PathIn(folder, home, session, Path.GetTempPath()));
    }

    private static DataFolder OnWindows(string? config, Func<string, string?> variable)
    {
        string roaming = variable("APPDATA") ?? ".", local = variable("LOCALAPPDATA") ?? roaming;
        string home = Path.Combine(local, App);
        return new DataFolder(
            home, config ?? Path.Combine(roaming, App, "config.toml"), Path.Combine(home, "cache"),
            Path.Combine(home, "api.sock"));
    }
}
