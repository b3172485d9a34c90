using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>A node where people have it: in the folders of a desktop session.</summary>
public sealed class SessionFolderTests : IDisposable
{
    private readonly CommandProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_node_makes_its_folder_in_that_of_the_session()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a Unix socket in a session's folder");
        string session = Path.Combine(_cli.Home, "session");
        Directory.CreateDirectory(session);
        _cli.Shell = "unset INCIDENTMESH_HOME XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME; "
            + $"export HOME='{_cli.Home}' XDG_RUNTIME_DIR='{session}'";
        CommandResult init =
            _cli.Run("init", "--name=tester", "--yes", $"--passphrase-file={_cli.PassphraseFile}");
        Assert.True(init.Exit == 0, init.Err);
        using NodeProcess running = new(_cli);
        Assert.True(File.Exists(Path.Combine(session, "incidentmesh", "api.sock")));
    }
}
