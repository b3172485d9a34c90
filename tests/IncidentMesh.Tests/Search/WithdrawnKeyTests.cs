using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Search;

/// <summary>A key that a competing update of its identity made void: its records are found no longer,
/// also after a restart, from the snapshot and from the log alone; those of the other keys stay.</summary>
public sealed class WithdrawnKeyTests : IDisposable
{
    private static readonly SigningKey Root = Key(1), Kept = Key(2), Void = Key(3);
    private static readonly IdentityEvent Inception = IdentityEvent.Inception(
        Root, IdentityEvent.Commitment(Key(4).Public), [KeyGrant.Signing(Kept.Public)], 1_700_000_000);

    private static readonly IdentityEvent Update = Adding(Void), Competing = Adding(Key(5));

    private readonly string home = Directory.CreateTempSubdirectory("incidentmesh-node-").FullName;

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Fact]
    public async Task Its_records_are_gone_after_a_restart_as_before_it()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        CancellationToken stop = patience.Token;
        var folder = DataFolder.Resolve(Path.Combine(home, "node"));
        await NodeSetup.CreateAsync(folder, new JsonObject { ["name"] = "reader" }, "x", false, null, stop);
        Digest report;
        StatusView status;
        await using (LocalNode node = await OpenAsync(folder))
        {
            await node.TrustAsync(new TrustRequest("add", Inception.Id.ToString(), null), stop);
            await ImportAsync(node, Inception, Update);
            report = await SubmitAsync(node, Kept, Inception, "kept", null);
            await SubmitAsync(node, Void, Update, "void", null);
            await SubmitAsync(node, Void, Update, "dispute", report);
            Assert.Equal(("kept void", true), await SeenAsync(node, report));
            await ImportAsync(node, Competing);
            while (await SeenAsync(node, report) != ("kept", false))
            {
                await Task.Delay(20, stop);
            }

            status = await node.StatusAsync(stop);
        }

        foreach (bool rebuilt in new[] { false, true })
        {
            if (rebuilt)
            {
                Directory.Delete(folder.Index, recursive: true);
            }

            await using LocalNode node = await OpenAsync(folder);
            Assert.Equal(("kept", false), await SeenAsync(node, report));
            StatusView again = await node.StatusAsync(stop);
            Assert.Equal((status.Records, status.RecordDigest), (again.Records, again.RecordDigest));
            Assert.Equal(status.ByType, again.ByType);
        }
    }

    private static SigningKey Key(byte seed) =>
        SigningKey.FromSeed([.. Enumerable.Repeat(seed, SigningKey.SeedLength)]);

    private static IdentityEvent Adding(SigningKey key) =>
        IdentityEvent.Update(Root, Inception, [KeyGrant.Signing(key.Public)], [], 1_700_000_001);

    private static Task<LocalNode> OpenAsync(DataFolder folder) => LocalNode.OpenAsync(
        folder, () => Task.FromResult("x"), TestContext.Current.CancellationToken);

    private static Task ImportAsync(LocalNode node, params IdentityEvent[] events) => node.Mesh.AskAsync(
        r => events.Select(e => r.ImportEvent(e, node.Mesh.Now)).ToArray());

    private static async Task<Digest> SubmitAsync(
        LocalNode node, SigningKey key, IdentityEvent auth, string title, Digest? disputed)
    {
        RecordBuilder builder = new(Inception.Id, key, auth.Id, new byte[16]);
        IReadOnlyList<SignedRecord> signed = await node.Mesh.SignAsync(key.Public,
        [
            heads => disputed is { } id
                ? builder.Sign(
                    new AttestationBody { Verdict = "dispute" }, heads, 1_700_000_003,
                    relations: [new Relation(Relation.Attests, new Cid(Codec.DagCbor, id))])
                : builder.Sign(
                    RecordTypes.Incident, new IpldMap([new("title", new IpldText(title))]), heads,
                    1_700_000_002),
        ]);
        return signed[0].Record.Id.Digest;
    }

    // The titles that are found, and whether the dispute counts.
    private static async Task<(string Titles, bool Disputed)> SeenAsync(LocalNode node, Digest report)
    {
        Node.Serve.SearchRequest request = new("type:incident");
        SearchView found = await node.SearchAsync(request, TestContext.Current.CancellationToken);
        Assert.True(node.Mesh.Columns.TryFind(report, out RecordRow row));
        string[] titles = [.. found.Items.Select(item => item.Title).Order(StringComparer.Ordinal)];
        return (string.Join(' ', titles), row.Flags.HasFlag(RowFlags.Disputed));
    }
}
