using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using IncidentMesh.Tests.Records;
using IncidentMesh.Tests.Store;
using Xunit;

namespace IncidentMesh.Tests.Interop;

/// <summary>A whole node of ours but for its model and API: loop, replica, log on disk, host, and an
/// author.</summary>
internal sealed class MeshHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _temp;
    private readonly SigningKey _hostKey;

    private MeshHost(TempFolder temp, SigningKey hostKey, Sample author, MeshLoop loop)
    {
        (_temp, _hostKey, Author, Loop) = (temp, hostKey, author, loop);
        Assert.True(Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? any, out _));
        Address = loop.Listen(any);
    }

    public Sample Author { get; }

    public MeshLoop Loop { get; }

    public Multiaddr Address { get; }

    public PeerId Id => PeerId.Of(_hostKey.Public);

    /// <summary>Opens a node in a folder of its own.</summary>
    /// <param name="number">Of its keys.</param>
    public static async Task<MeshHost> StartAsync(byte number)
    {
        var temp = new TempFolder();
        var author = new Sample(number);
        SigningKey hostKey = Sample.Key(number, 9);
        DataFolder folder = DataFolder.Resolve(temp.At("home"));
        folder.Create();
        MeshLoop loop = await MeshLoop.OpenAsync(new MeshOptions
        {
            Folder = folder,
            HostKey = hostKey,
            Rows = ReportReader.TryReadRow,
            Self = author.Inception.Id,
        });
        return new MeshHost(temp, hostKey, author, loop);
    }

    public Task TrustAsync(MeshHost other) => Loop.AskAsync(replica =>
    {
        replica.ChangePolicy(policy => policy.Trust(other.Author.Inception.Id), Loop.Now);
        return true;
    });

    public Task PublishIdentityAsync() => Loop.SubmitEventAsync(Author.Inception);

    public async Task<SignedRecord> PublishAsync(string title)
    {
        IReadOnlyList<SignedRecord> signed = await Loop.SignAsync(
            Author.Device.Public, [heads => Author.Sign(title, [.. heads])]);
        return signed.Single();
    }

    /// <summary>Waits until a record is held, and admitted.</summary>
    public async Task HoldsAsync(Digest id)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await Loop.AskAsync(replica => replica.Holds(id)))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Loop.DisposeAsync();
        _hostKey.Dispose();
        _temp.Dispose();
    }
}
