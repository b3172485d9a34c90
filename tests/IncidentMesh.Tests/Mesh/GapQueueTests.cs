using IncidentMesh.Node.Mesh;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Mesh;

public sealed class GapQueueTests
{
    [Fact]
    public void A_gap_is_asked_for_after_a_second_then_ever_more_rarely_up_to_a_day()
    {
        var gaps = new GapQueue();
        gaps.Add(Id(0), Key(0), null, default);
        Assert.False(gaps.TryTake(new Instant(999), out _, out _));
        var waits = new List<long>();
        long last = 0;
        for (int n = 0; n < 14; n++)
        {
            Instant due = gaps.NextTick!.Value;
            waits.Add(due.Milliseconds - last);
            last = due.Milliseconds;
            Assert.True(gaps.TryTake(due, out _, out _));
        }

        Assert.Equal([1_000, 60_000, 120_000, 240_000], waits[..4]);
        Assert.Equal(Limits.Mesh.GapMostMilliseconds, waits[^1]);
    }

    [Fact]
    public void A_key_is_asked_for_one_gap_a_minute()
    {
        var gaps = new GapQueue();
        gaps.Add(Id(0), Key(0), null, default);
        gaps.Add(Id(1), Key(0), null, default);
        gaps.Add(Id(2), Key(1), null, default);
        var now = new Instant(1_000);
        var taken = new List<Digest>();
        while (gaps.TryTake(now, out Digest id, out _))
        {
            taken.Add(id);
        }

        Assert.Equal(2, taken.Count);
        Assert.Contains(Id(2), taken);
    }

    [Fact]
    public void Four_thousand_and_96_gaps_are_noted_and_not_one_more()
    {
        var gaps = new GapQueue();
        for (int n = 0; n <= Limits.Mesh.Gaps; n++)
        {
            gaps.Add(Id(n), Key(0), null, default);
        }

        Assert.Equal(Limits.Mesh.Gaps, gaps.Count);
    }

    [Fact]
    public void A_gap_that_is_filled_is_not_asked_for()
    {
        var gaps = new GapQueue();
        gaps.Add(Id(0), Key(0), PendingPoolTests.Peer(3), default);
        gaps.Remove(Id(0));
        Assert.Null(gaps.NextTick);
        Assert.False(gaps.TryTake(new Instant(5_000), out _, out _));
    }

    private static Digest Id(int n) => Digest.Sha256(BitConverter.GetBytes(n));

    private static PublicKey Key(int n) => new(Digest.Sha256(BitConverter.GetBytes(n + 1_000_000)).ToArray());
}
