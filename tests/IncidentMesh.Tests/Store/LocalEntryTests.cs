using System.Text;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using Xunit;

namespace IncidentMesh.Tests.Store;

public sealed class LocalEntryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly LocalEntry[] Entries =
    [
        new LocalEntry.TrustAuthor("a1"), new LocalEntry.TrustAuthor("a2"), new LocalEntry.DenyAuthor("a2"),
        new LocalEntry.DenyAuthor("a3"), new LocalEntry.ForgetAuthor("a3"),
        new LocalEntry.NameAuthor("a1", "bnetza"),
        new LocalEntry.FollowList("a1"), new LocalEntry.FollowList("a4"), new LocalEntry.UnfollowList("a4"),
        new LocalEntry.WriteNote("r1", "ask the \u0001 source"), new LocalEntry.WriteNote("r2", "x"),
        new LocalEntry.WriteNote("r2", ""), new LocalEntry.ReviewRecord("r3", Accepted: true),
        new LocalEntry.JudgePair("r9", "r4", "cannot-tell"), new LocalEntry.MarkRecord("r1", Read: true),
        new LocalEntry.MarkRecord("r1", Bookmarked: true), new LocalEntry.MarkRecord("r1", Read: false),
        new LocalEntry.SaveSearch("mine", "country:DE", Alert: true), new LocalEntry.SaveSearch("old", "x"),
        new LocalEntry.DropSearch("old"), new LocalEntry.RememberPeer("p1", ["/ip4/192.0.2.1/tcp/4001"]),
        new LocalEntry.RememberPeer("p2", []), new LocalEntry.ForgetPeer("p2"), new LocalEntry.BanPeer("p3"),
    ];

    [Fact]
    public async Task A_replay_from_the_log_gives_what_was_decided()
    {
        LogPosition[] at;
        await using (RecordLog log = RecordLog.Open(_folder.Path))
        {
            at = await log.AppendAsync([.. Entries.Select(e => e.ToFrame(new Instant(3)))]);
        }
        await using RecordLog again = RecordLog.Open(_folder.Path);
        LocalState state = LocalState.Replay(again, at);
        Assert.Equal(["a1"], state.Trusted);
        Assert.Equal(["a2"], state.Denied);
        Assert.Equal(["a1"], state.Followed);
        Assert.Equal("bnetza", Assert.Single(state.Names).Value);
        Assert.Equal("ask the \u0001 source", Assert.Single(state.Notes).Value);
        Assert.True(state.Reviews["r3"]);
        Assert.Equal("cannot-tell", state.Pairs[("r4", "r9")]);
        Assert.Empty(state.Read);
        Assert.Equal(["r1"], state.Unread);
        Assert.Equal(["r1"], state.Bookmarked);
        LocalEntry.SaveSearch saved = Assert.Single(state.Searches).Value;
        Assert.Equal(new LocalEntry.SaveSearch("mine", "country:DE", Alert: true), saved);
        Assert.Equal(["/ip4/192.0.2.1/tcp/4001"], Assert.Single(state.Peers).Value);
        Assert.Equal(["p3"], state.Banned);
    }

    [Fact]
    public void Every_kind_of_entry_survives_its_frame()
    {
        IEnumerable<string> kinds = typeof(LocalEntry).GetNestedTypes()
            .Where(type => type.IsSubclassOf(typeof(LocalEntry))).Select(type => type.Name);
        Assert.Equal(kinds.Order(), Entries.Select(entry => entry.GetType().Name).Distinct().Order());
        foreach (LocalEntry entry in Entries)
        {
            Assert.True(LocalEntry.TryRead(Frame(entry.ToFrame(default).Body), out LocalEntry? read));
            if (entry is LocalEntry.RememberPeer peer)
            {
                Assert.Equal(peer.Addresses, Assert.IsType<LocalEntry.RememberPeer>(read).Addresses);
            }
            else { Assert.Equal(entry, read); }
        }
    }

    [Theory]
    [InlineData("{\"do\":\"of-a-later-version\",\"x\":1}")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not json")]
    public void An_entry_that_is_not_understood_is_skipped(string json) =>
        Assert.False(LocalEntry.TryRead(Frame(Encoding.UTF8.GetBytes(json)), out _));

    [Fact]
    public void A_note_over_the_limit_is_refused()
    {
        Assert.Throws<ArgumentException>(
            () => new LocalEntry.WriteNote("r", new string('x', Limits.Store.BodyBytes)).ToFrame(default));
    }

    private static LogFrame Frame(ReadOnlyMemory<byte> body) =>
        new(default, FrameKind.Local, BodyState.Present, default, default, body);
}
