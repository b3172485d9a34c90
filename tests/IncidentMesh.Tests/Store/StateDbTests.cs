using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using Xunit;

namespace IncidentMesh.Tests.Store;

public sealed class StateDbTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private int _rebuilt;

    public void Dispose() => _folder.Dispose();

    private string File1 => _folder.At("state.db");

    private static PeerRow Peer(int n) => new(
        $"p{n}", [$"/ip4/192.0.2.{n % 250}/tcp/1"], new Instant(n), new Instant(n + 1),
        n % 2 == 0 ? null : new Instant(n), n % 3, n % 4 == 0 ? null : "fault");

    private Task<StateDb> OpenAsync() => StateDb.OpenAsync(File1, tables =>
    {
        _rebuilt++;
        tables.Put(new AlertRow("from-the-log", new Instant(1), 0));
    });

    [Fact]
    public async Task What_is_written_is_there_after_it_is_opened_again()
    {
        await using (StateDb state = await OpenAsync())
        {
            Assert.Null(state.Note);
            await Task.WhenAll(Enumerable.Range(0, 300).Select(n => state.WriteAsync(t => t.Put(Peer(n)))));
            await state.WriteAsync(t =>
            {
                t.Put(new AlertRow("mine", new Instant(8), 2));
                t.RemovePeer("p299");
            });
        }
        await using StateDb again = await OpenAsync();
        Assert.Equal((null, 1), (again.Note, _rebuilt));
        Assert.Equal(299, (await again.ReadAsync(t => t.Peers())).Count);
        for (int n = 0; n < 5; n++)
        {
            PeerRow row = (await again.ReadAsync(t => t.Peer($"p{n}")))!;
            Assert.Equal(Peer(n) with { Addresses = row.Addresses }, row);
            Assert.Equal(Peer(n).Addresses, row.Addresses);
        }
        Assert.Equal(2, (await again.ReadAsync(t => t.Alert("mine")))!.Unseen);
        Assert.Null(await again.ReadAsync(t => t.Alert("other")));
    }

    [Fact]
    public async Task A_write_that_fails_undoes_itself_and_no_other()
    {
        await using StateDb state = await OpenAsync();
        Task good = state.WriteAsync(t => t.Put(Peer(1)));
        Task bad = state.WriteAsync(t =>
        {
            t.Put(Peer(2));
            throw new InvalidOperationException("a bug of the caller");
        });
        Task after = state.WriteAsync(t => t.Put(Peer(3)));
        await good;
        await after;
        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        Assert.Equal(["p1", "p3"], (await state.ReadAsync(t => t.Peers())).Select(p => p.Peer).Order());
    }

    [Fact]
    public async Task A_deleted_database_is_built_from_the_log()
    {
        await (await OpenAsync()).DisposeAsync();
        File.Delete(File1);
        await using StateDb state = await OpenAsync();
        Assert.Equal(2, _rebuilt);
        Assert.NotNull(await state.ReadAsync(t => t.Alert("from-the-log")));
    }

    [Fact]
    public async Task A_damaged_database_is_moved_aside_built_anew_and_told()
    {
        await using (StateDb state = await OpenAsync())
        {
            await Task.WhenAll(Enumerable.Range(0, 300).Select(n => state.WriteAsync(t => t.Put(Peer(n)))));
        }
        byte[] good = File.ReadAllBytes(File1);
        byte[][] bads = [[1, 2, 3], good[..8_192], new byte[good.Length], [.. good.Reverse()]];
        foreach (byte[] bad in bads)
        {
            File.WriteAllBytes(File1, bad);
            await using StateDb state = await OpenAsync();
            Assert.Contains("built again from the log", state.Note);
            Assert.NotNull(await state.ReadAsync(t => t.Alert("from-the-log")));
            Assert.Empty(await state.ReadAsync(t => t.Peers()));
        }
        Assert.Equal(bads.Length, Directory.GetFiles(_folder.Path, "*.bad-*").Length);
    }

    [Fact]
    public async Task A_closed_database_takes_nothing()
    {
        StateDb state = await OpenAsync();
        await state.DisposeAsync();
        await state.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => state.WriteAsync(t => t.Put(Peer(1))));
    }
}
