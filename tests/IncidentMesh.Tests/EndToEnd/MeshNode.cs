using System.Net;
using System.Security.Cryptography;
using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Policy;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using IncidentMesh.Tests.Simulation;
using Xunit;
using Record = IncidentMesh.Protocol.Records.Record;

namespace IncidentMesh.Tests.EndToEnd;

/// <summary>A node on loopback sockets with its data in a folder, which can be stopped and started
/// again.</summary>
internal sealed class MeshNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _home;
    private readonly SigningKey _hostKey = SigningKey.FromSeed(RandomNumberGenerator.GetBytes(32));
    private readonly List<Cid> _trusted = [];
    private readonly List<MeshChange> _changes = [];

    public MeshNode(string name, params SimAuthor[] trusted)
    {
        _home = Directory.CreateTempSubdirectory($"mesh-{name}-").FullName;
        Author = new SimAuthor(new SeededRandom(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))),
            Seconds);
        _trusted.AddRange(trusted.Select(author => author.Id));
    }

    public SimAuthor Author { get; }

    public MeshLoop Loop { get; private set; } = null!;

    public Multiaddr Address { get; private set; } = null!;

    /// <summary>What was told so far, over all lives.</summary>
    public IReadOnlyList<MeshChange> Changes
    {
        get
        {
            lock (_changes)
            {
                return [.. _changes];
            }
        }
    }

    private static long Seconds => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public async Task StartAsync(params MeshNode[] connect)
    {
        Loop = await MeshLoop.OpenAsync(new MeshOptions
        {
            Folder = DataFolder.Resolve(_home),
            HostKey = _hostKey,
            Rows = ReadRow,
            Self = Author.Id,
        });
        await ChangePolicyAsync(policy => _trusted.ForEach(policy.Trust));
        Loop.Changed += change =>
        {
            lock (_changes)
            {
                _changes.Add(change);
            }
        };
        Address = Loop.Listen(Multiaddr.OfTcp(new IPEndPoint(IPAddress.Loopback, 0)));
        await Loop.SubmitEventAsync(Author.Inception);
        foreach (MeshNode other in connect)
        {
            Loop.Connect(other.Address);
        }
    }

    public async Task<Digest> ReportAsync(string title)
    {
        IReadOnlyList<SignedRecord> signed =
            await Loop.SignAsync(Author.Key, [heads => Author.Report(title, heads, Seconds)]);
        return Assert.Single(signed).Record.Id.Digest;
    }

    /// <summary>Signs a run of reports, a minute apart.</summary>
    public async Task<Digest[]> ReportsAsync(int from, int count)
    {
        long first = Seconds - (4_000 * 60);
        IReadOnlyList<SignedRecord> signed = await Loop.SignAsync(Author.Key,
        [
            .. Enumerable.Range(from, count).Select(n => (Func<IReadOnlyList<Head>, SignedRecord>)(heads =>
                Author.Report($"report {n}", heads, first + (60 * n)))),
        ]);
        return [.. signed.Select(one => one.Record.Id.Digest)];
    }

    public Task ChangePolicyAsync(Action<TrustPolicy> change) => Loop.AskAsync(replica =>
    {
        replica.ChangePolicy(change, Loop.Now);
        return true;
    });

    public Task<bool> HoldsAsync(Digest id) => Loop.AskAsync(replica => replica.Holds(id));

    public Task<Digest> DigestAsync() => Loop.AskAsync(replica => replica.RecordDigest());

    public Task WaitForAsync(params Digest[] ids) =>
        UntilAsync(replica => Array.TrueForAll(ids, replica.Holds));

    public async Task UntilAsync(Func<Replica, bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await Loop.AskAsync(condition))
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public Task StopAsync() => Loop.DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _hostKey.Dispose();
        Author.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    private static bool ReadRow(LogFrame frame, out RowFields fields)
    {
        fields = default;
        if (frame.Kind != FrameKind.Record || !Record.TryRead(frame.Head, out Record? record, out _))
        {
            return false;
        }

        fields = new RowFields
        {
            Id = record.Id.Digest,
            Author = record.Header.Author.Digest,
            Key = record.Header.Key,
            Type = record.Header.Type,
            Created = record.Header.Created,
            Received = frame.Received,
            Position = frame.Position,
            Seq = record.Header.Seq,
        };
        return true;
    }
}
