using System.Diagnostics;
using IncidentMesh.Node.Store;
using Xunit;

namespace IncidentMesh.Tests.Store;

public sealed class DataFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_folder_holds_everything_when_it_is_named()
    {
        var environment = new Dictionary<string, string?>
        {
            ["INCIDENTMESH_HOME"] = "/env", ["HOME"] = "/home/u",
        };
        DataFolder byFlag = DataFolder.Resolve("/flag", null, environment.GetValueOrDefault, windows: false);
        Assert.Equal(("/flag", "/flag/config.toml"), (byFlag.Home, byFlag.ConfigFile));
        Assert.Equal("/flag/api.sock", byFlag.Socket);
        DataFolder byVariable = DataFolder.Resolve(null, null, environment.GetValueOrDefault, windows: false);
        Assert.Equal(("/env", "/env/log", "/env/index"), (byVariable.Home, byVariable.Log, byVariable.Index));
        environment["INCIDENTMESH_CONFIG"] = "/etc/mesh.toml";
        byVariable = DataFolder.Resolve(null, null, environment.GetValueOrDefault, windows: false);
        Assert.Equal("/etc/mesh.toml", byVariable.ConfigFile);
        byFlag = DataFolder.Resolve(null, "/mine.toml", environment.GetValueOrDefault, windows: false);
        Assert.Equal("/mine.toml", byFlag.ConfigFile);
    }

    [Fact]
    public void Without_a_name_the_places_of_the_system_hold()
    {
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = "/home/u", ["XDG_RUNTIME_DIR"] = "/run/user/7",
        };
        DataFolder folder = DataFolder.Resolve(null, null, environment.GetValueOrDefault, windows: false);
        Assert.Equal("/home/u/.local/share/incidentmesh", folder.Home);
        Assert.Equal("/home/u/.config/incidentmesh/config.toml", folder.ConfigFile);
        Assert.Equal("/home/u/.cache/incidentmesh", folder.Cache);
        Assert.Equal("/run/user/7/incidentmesh/api.sock", folder.Socket);
        environment["XDG_DATA_HOME"] = "/data";
        environment["XDG_CONFIG_HOME"] = "/conf";
        environment["XDG_CACHE_HOME"] = "";
        folder = DataFolder.Resolve(null, null, environment.GetValueOrDefault, windows: false);
        Assert.Equal("/data/incidentmesh", folder.Home);
        Assert.Equal("/conf/incidentmesh/config.toml", folder.ConfigFile);
        Assert.Equal("/home/u/.cache/incidentmesh", folder.Cache);
        environment["STATE_DIRECTORY"] = "/var/lib/incidentmesh";
        environment["CONFIGURATION_DIRECTORY"] = "/etc/incidentmesh";
        environment["RUNTIME_DIRECTORY"] = "/run/incidentmesh";
        folder = DataFolder.Resolve(null, null, environment.GetValueOrDefault, windows: false);
        Assert.Equal("/var/lib/incidentmesh", folder.Home);
        Assert.Equal("/etc/incidentmesh/config.toml", folder.ConfigFile);
        Assert.Equal("/run/incidentmesh/api.sock", folder.Socket);
    }

    [Fact]
    public void A_folder_too_deep_for_a_socket_gets_a_short_one_of_its_own()
    {
        string deep = "/" + new string('d', 120);
        DataFolder one = DataFolder.Resolve(deep + "1", null, _ => null, windows: false);
        DataFolder two = DataFolder.Resolve(deep + "2", null, _ => null, windows: false);
        Assert.True(one.Socket.Length <= 103);
        Assert.NotEqual(one.Socket, two.Socket);
    }

    [Fact]
    public void Folders_and_files_are_open_to_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes");
        DataFolder folder = DataFolder.Resolve(_folder.At("home"));
        Directory.CreateDirectory(folder.Home);
        Assert.False(folder.Exists);
        folder.Create();
        Assert.True(folder.Exists);
        foreach (string path in new[] { folder.Home, folder.Log, folder.Keys, folder.Index, folder.Drafts })
        {
            Assert.Equal(Files.PrivateFolder, ModeOf(path));
        }
        Files.WriteAtomic(folder.TokenFile, "token"u8);
        Files.WriteAtomic(folder.TokenFile, "other"u8);
        Assert.Equal(Files.PrivateFile, ModeOf(folder.TokenFile));
        Assert.Equal("other", File.ReadAllText(folder.TokenFile));
        Assert.Empty(Directory.GetFiles(folder.Home, "*.tmp"));
    }

    private static UnixFileMode ModeOf(string path) =>
        OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    [Fact]
    public void A_second_process_is_told_who_holds_the_folder()
    {
        DataFolder folder = DataFolder.Resolve(_folder.At("home"));
        using (folder.Lock())
        {
            StoreException e = Assert.Throws<StoreException>(folder.Lock);
            Assert.Equal((StoreError.FolderLocked, 7), (e.Error, e.ExitCode));
            Assert.EndsWith($"is locked by pid {Environment.ProcessId}", e.Message);
        }
        folder.Lock().Dispose();
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "needs flock(1) to be the other process");
        string[] hold = ["-x", "-o", _folder.At("home", "lock"), "sh", "-c", "echo held; sleep 60"];
        using Process other = Process.Start(
            new ProcessStartInfo("/usr/bin/flock", hold) { RedirectStandardOutput = true })!;
        Assert.Equal("held", other.StandardOutput.ReadLine());
        Assert.Throws<StoreException>(folder.Lock);
        other.Kill(entireProcessTree: true);
        other.WaitForExit();
        folder.Lock().Dispose();
    }
}
