using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Sync;

public sealed class NegentropyTests
{
    [Fact]
    public void Equal_sets_of_100000_cost_one_round_and_at_most_400_bytes()
    {
        Conversation talk = Reconcile(Set(0, 100_000), Set(0, 100_000));
        Assert.Equal(1, talk.Rounds);
        Assert.InRange(talk.Bytes, 1, 400);
        Assert.Empty(talk.Need);
    }

    [Fact]
    public void The_newest_100_of_100000_cost_at_most_three_rounds_and_6000_bytes()
    {
        Conversation talk = Reconcile(Set(0, 99_900), Set(0, 100_000));
        Assert.InRange(talk.Rounds, 1, 3);
        Assert.InRange(talk.Bytes, 1, 6_000);
        Assert.Equal(100, talk.Need.Count);
    }

    [Fact]
    public void An_overlay_of_what_one_side_declined_makes_the_sets_equal_again()
    {
        var small = new ReconciliationSet();
        var declined = new ReconciliationSet();
        for (int n = 0; n < 100_000; n++)
        {
            (n % 20 == 0 ? declined : small).Add(NegentropyVectorTests.Item(n));
        }

        ReconciliationView large = Set(0, 100_000);
        Conversation without = Reconcile(new ReconciliationView(small), large);
        Conversation with = Reconcile(new ReconciliationView(small, declined), large);
        Assert.True(without.Bytes > 1_000_000);
        Assert.Equal(1, with.Rounds);
        Assert.InRange(with.Bytes, 1, 400);
    }

    [Fact]
    public void Random_differences_are_found_whatever_the_frame_size()
    {
        SeededRandom random = Seeds.New(out string seed);
        for (int run = 0; run < 60; run++)
        {
            int size = random.Next(run < 50 ? 400 : 5_000);
            int itemsASecond = 1 + random.Next(run % 3 == 0 ? 1_000 : 4);
            int missing = 1 + random.Next(20);
            int frameLimit = random.Next(2) == 0 ? 4_096 : Limits.Sync.NegentropyBytes;
            var client = new ReconciliationSet();
            var server = new ReconciliationSet();
            var expected = new HashSet<Digest>();
            for (int n = 0; n < size; n++)
            {
                ReconciliationItem item = NegentropyVectorTests.Item(n, itemsASecond);
                bool here = random.Next(missing) != 0;
                bool there = random.Next(missing) != 0;
                _ = here && client.Add(item);
                _ = there && server.Add(item);
                _ = there && !here && expected.Add(item.Id);
            }

            Conversation talk = Reconcile(new ReconciliationView(client), new ReconciliationView(server),
                frameLimit);
            Assert.True(expected.SetEquals(talk.Need), $"{seed}: run {run}");
            Assert.True(talk.Longest <= frameLimit, $"{seed}: run {run}");
        }
    }

    [Fact]
    public void An_unknown_version_is_answered_with_our_own()
    {
        Assert.True(Negentropy.TryRespond(Set(0, 3), [0x62, 0, 0, 9], out byte[]? reply, out _));
        Assert.Equal([Negentropy.Version], reply);
    }

    [Fact]
    public void An_initiator_refuses_another_version()
    {
        Assert.False(Negentropy.TryContinue(Set(0, 3), [0x60], new List<Digest>(), out _, out Fault? fault));
        Assert.Equal("negentropy-version", fault.Code);
    }

    [Theory]
    [InlineData("", "negentropy-version")]
    [InlineData("70", "negentropy-version")]
    [InlineData("5f", "negentropy-version")]
    [InlineData("61800000", "negentropy-varint")]
    [InlineData("6100", "negentropy-varint")]
    [InlineData("6181", "negentropy-varint")]
    [InlineData("61ffffffffffffffffffff00", "negentropy-varint")]
    [InlineData("6102000081ffffffffffffffff7f0000", "negentropy-bound")]
    [InlineData("6183ffffffffffffffff7f0000", "negentropy-varint")]
    [InlineData("61002100", "negentropy-bound")]
    [InlineData("610002aa", "negentropy-truncated")]
    [InlineData("61000003", "negentropy-mode")]
    [InlineData("6100000100112233", "negentropy-truncated")]
    [InlineData("6100000201aa", "negentropy-truncated")]
    [InlineData("61000002ffffffff7f", "negentropy-truncated")]
    [InlineData("610000000000", "negentropy-bound")]
    [InlineData("610501aa000101a900", "negentropy-bound")]
    public void A_malformed_message_is_refused(string hex, string code)
    {
        byte[] message = Convert.FromHexString(hex);
        Assert.False(Negentropy.TryRespond(Set(0, 3), message, out _, out Fault? fault));
        Assert.Equal(code, fault.Code);
        Assert.False(Negentropy.TryContinue(Set(0, 3), message, new List<Digest>(), out _, out _));
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        SeededRandom random = Seeds.New(out string seed);
        ReconciliationView view = Set(0, 500);
        byte[] valid = Negentropy.Initiate(Set(0, 450));
        for (int run = 0; run < 5_000; run++)
        {
            byte[] message = random.Next(2) == 0 ? new byte[random.Next(64)] : (byte[])valid.Clone();
            if (message.Length == valid.Length)
            {
                message[random.Next(message.Length)] = (byte)random.Next(256);
            }
            else
            {
                random.Fill(message);
                message = [Negentropy.Version, .. message];
            }

            Exception? thrown = Record.Exception(() => Negentropy.TryRespond(view, message, out _, out _));
            Assert.True(thrown is null, $"{seed}: {Convert.ToHexString(message)}: {thrown}");
        }
    }

    [Fact]
    public void A_message_of_60000_bytes_is_read_and_one_more_is_refused()
    {
        // A list of ids that fills the frame: version, infinity, no prefix, mode, count in two bytes or
        // three.
        byte[] list = new byte[Limits.Sync.NegentropyBytes + 1];
        byte[] head = [Negentropy.Version, 0, 0, 2];
        int ids = (Limits.Sync.NegentropyBytes - head.Length - 2) / Digest.ByteLength;
        head.CopyTo(list, 0);
        list[4] = (byte)(0x80 | (ids >> 7));
        list[5] = (byte)(ids & 0x7f);
        int length = 6 + (ids * Digest.ByteLength);
        Assert.True(Negentropy.TryRespond(Set(0, 3), list.AsSpan(0, length), out _, out Fault? fault),
            $"{fault}");
        Assert.False(Negentropy.TryRespond(Set(0, 3), list, out _, out fault));
        Assert.Equal("negentropy-size", fault.Code);
    }

    private static ReconciliationView Set(int from, int to)
    {
        var set = new ReconciliationSet();
        for (int n = from; n < to; n++)
        {
            set.Add(NegentropyVectorTests.Item(n));
        }

        return new ReconciliationView(set);
    }

    private static Conversation Reconcile(
        ReconciliationView client, ReconciliationView server, int frameLimit = Limits.Sync.NegentropyBytes)
    {
        var talk = new Conversation();
        byte[]? message = Negentropy.Initiate(client);
        while (message is not null)
        {
            Assert.True(talk.Rounds++ < 2_000, "no end");
            Assert.True(Negentropy.TryRespond(server, message, out byte[]? reply, out Fault? fault,
                frameLimit), $"{fault}");
            talk.Count(message, reply);
            Assert.True(Negentropy.TryContinue(client, reply, talk.Need, out message, out fault, frameLimit),
                $"{fault}");
        }

        return talk;
    }

    private sealed class Conversation
    {
        public HashSet<Digest> Need { get; } = [];

        public int Rounds { get; set; }

        public int Bytes { get; private set; }

        public int Longest { get; private set; }

        public void Count(byte[] message, byte[] reply)
        {
            Bytes += message.Length + reply.Length;
            Longest = Math.Max(Longest, Math.Max(message.Length, reply.Length));
        }
    }
}
