using IncidentMesh.Node.Policy;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Policy;

public sealed class QuarantineTests
{
    [Fact]
    public void An_author_has_64_records_and_not_65()
    {
        var quarantine = new Quarantine();
        for (int n = 0; n < Limits.Policy.QuarantineAuthorRecords; n++)
        {
            Assert.True(quarantine.TryAdd(Entry(n, author: 0), out _));
        }

        Assert.False(quarantine.HasRoomFor(Author(0), 1));
        Assert.False(quarantine.TryAdd(Entry(1_000, author: 0), out _));
        Assert.True(quarantine.TryAdd(Entry(1_000, author: 1), out _));
    }

    [Fact]
    public void An_author_has_2_MiB_and_not_a_byte_more()
    {
        var quarantine = new Quarantine();
        Assert.True(quarantine.TryAdd(
            Entry(0, author: 0, bytes: (int)Limits.Policy.QuarantineAuthorBytes - 10), out _));
        Assert.False(quarantine.TryAdd(Entry(1, author: 0, bytes: 11), out _));
        Assert.True(quarantine.TryAdd(Entry(1, author: 0, bytes: 10), out _));
    }

    [Fact]
    public void The_oldest_of_a_peer_goes_when_it_brought_513()
    {
        var quarantine = new Quarantine();
        for (int n = 0; n < Limits.Policy.QuarantinePeerRecords; n++)
        {
            Assert.True(quarantine.TryAdd(Entry(n, author: n), out IReadOnlyList<QuarantineEntry> none));
            Assert.Empty(none);
        }

        Assert.True(quarantine.TryAdd(Entry(9_000, author: 9_000),
            out IReadOnlyList<QuarantineEntry> evicted));
        Assert.Equal(Entry(0, author: 0).Id, Assert.Single(evicted).Id);
        Assert.Equal(Limits.Policy.QuarantinePeerRecords, quarantine.Count);
    }

    [Fact]
    public void The_heaviest_peers_oldest_go_when_4096_are_held()
    {
        var quarantine = new Quarantine();
        for (int n = 0; n < Limits.Policy.QuarantineRecords; n++)
        {
            int peer = n < 400 ? 0 : 1 + (n % 16);
            Assert.True(quarantine.TryAdd(
                Entry(n, author: n, peer: peer, bytes: peer == 0 ? 900 : 100),
                    out IReadOnlyList<QuarantineEntry> none));
            Assert.Empty(none);
        }

        Assert.True(quarantine.TryAdd(
            Entry(9_000, author: 9_000, peer: 50), out IReadOnlyList<QuarantineEntry> evicted));
        Assert.Equal(Entry(0, author: 0).Id, Assert.Single(evicted).Id);
        Assert.Equal(Limits.Policy.QuarantineRecords, quarantine.Count);
    }

    [Fact]
    public void Sixty_four_MiB_are_held_and_not_a_byte_more()
    {
        var quarantine = new Quarantine();
        int size = (int)Limits.Policy.QuarantineAuthorBytes;
        int most = (int)(Limits.Policy.QuarantineBytes / size);
        for (int n = 0; n < most; n++)
        {
            Assert.True(quarantine.TryAdd(Entry(n, author: n, bytes: size),
                out IReadOnlyList<QuarantineEntry> none));
            Assert.Empty(none);
        }

        Assert.True(quarantine.TryAdd(Entry(most, author: most, bytes: 1),
            out IReadOnlyList<QuarantineEntry> gone));
        Assert.Single(gone);
        Assert.True(quarantine.Bytes <= Limits.Policy.QuarantineBytes);
    }

    [Fact]
    public void Thirty_days_later_a_record_is_gone()
    {
        var quarantine = new Quarantine();
        quarantine.TryAdd(Entry(5, author: 0), out _);
        Instant due = quarantine.NextExpiry!.Value;
        Assert.Equal(5_000 + (30L * 86_400_000), due.Milliseconds);
        Assert.Empty(quarantine.Expire(new Instant(due.Milliseconds - 1)));
        Assert.Single(quarantine.Expire(due));
        Assert.Equal(0, quarantine.Count);
        Assert.Null(quarantine.NextExpiry);
    }

    [Fact]
    public void The_records_of_an_author_are_found_oldest_first()
    {
        var quarantine = new Quarantine();
        quarantine.TryAdd(Entry(3, author: 7), out _);
        quarantine.TryAdd(Entry(1, author: 7), out _);
        quarantine.TryAdd(Entry(2, author: 8), out _);
        Assert.Equal([1_000, 3_000], quarantine.Of(Author(7)).Select(e => e.Since.Milliseconds));
        Assert.True(quarantine.Remove(Entry(3, author: 7).Id));
        Assert.Single(quarantine.Of(Author(7)));
    }

    private static Cid Author(int n) => TrustPolicyTests.Id($"author {n}");

    private static QuarantineEntry Entry(int n, int author, int peer = 0, int bytes = 100) => new(
        Digest.Sha256(BitConverter.GetBytes(n)), Author(author), n, bytes, $"peer {peer}",
            new Instant(n * 1_000L));
}
