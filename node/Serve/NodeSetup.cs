using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Serve;

/// <summary>Sets a node up: its keys, its identity in the log, and its profile.</summary>
internal static class NodeSetup
{
    /// <summary>Sets a node up in a folder that holds none.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="profile">Body of the profile record, as JSON.</param>
    /// <param name="passphrase">Seals the root and next keys.</param>
    /// <param name="sealDevice">Seal the device key too.</param>
    /// <param name="join">A first peer, or null.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task CreateAsync(
        DataFolder folder,
        JsonObject profile,
        string passphrase,
        bool sealDevice,
        string? join,
        CancellationToken stop)
    {
        // A mistake in either must not leave half a node behind, which nobody could set up again.
        SubmitRequest request = new()
        {
            Type = RecordTypes.Profile,
            Body = JsonSerializer.SerializeToElement(profile),
        };
        _ = LocalNode.ReadBody(request);
        if (join is not null)
        {
            _ = LocalNode.PeerAddress(join);
        }

        using (folder.Lock())
        {
            Keyring.Create(folder, passphrase, sealDevice, DateTimeOffset.UtcNow.ToUnixTimeSeconds())
                .Dispose();
        }

        await using LocalNode node =
            await LocalNode.OpenAsync(folder, () => Task.FromResult(passphrase), stop);
        await node.SubmitAsync(request, stop);
        if (join is not null)
        {
            await node.PeersAsync(new PeerRequest("add", join), stop);
        }
    }
}
