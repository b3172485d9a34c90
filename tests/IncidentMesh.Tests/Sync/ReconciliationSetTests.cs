using System.Numerics;
using System.Security.Cryptography;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Sync;

public sealed class ReconciliationSetTests
{
    [Fact]
    public void A_set_under_random_changes_is_a_sorted_list()
    {
        SeededRandom random = Seeds.New(out string seed);
        var set = new ReconciliationSet();
        var model = new SortedSet<ReconciliationItem>();
        for (int step = 0; step < 20_000; step++)
        {
            ReconciliationItem item = NegentropyVectorTests.Item(random.Next(6_000), 3);
            bool adds = random.Next(step < 12_000 ? 3 : 2) != 0;
            Assert.True(adds ? set.Add(item) == model.Add(item) : set.Remove(item) == model.Remove(item),
                seed);
        }

        ReconciliationItem[] expected = [.. model];
        Assert.Equal(expected, set.Range(0, set.Count));
        for (int probe = 0; probe < 500; probe++)
        {
            int a = random.Next(expected.Length + 1);
            int b = a + random.Next(expected.Length + 1 - a);
            Assert.Equal(expected[a..b], set.Range(a, b));
            Assert.Equal(Fingerprint(expected[a..b]), FingerprintOf(new ReconciliationView(set), a, b));
            ReconciliationItem bound = NegentropyVectorTests.Item(random.Next(7_000), 3);
            Assert.Equal(expected.Count(i => i < bound), set.LowerBound(bound));
            Assert.Equal(model.Contains(bound), set.Contains(bound));
            if (a < expected.Length)
            {
                Assert.Equal(expected[a], set[a]);
            }
        }
    }

    [Fact]
    public void A_view_over_two_sets_is_one_sorted_list()
    {
        SeededRandom random = Seeds.New(out string seed);
        var set = new ReconciliationSet();
        var overlay = new ReconciliationSet();
        for (int n = 0; n < 3_000; n++)
        {
            (random.Next(4) == 0 ? overlay : set).Add(NegentropyVectorTests.Item(n, 5));
        }

        var view = new ReconciliationView(set, overlay);
        ReconciliationItem[] expected =
            [.. set.Range(0, set.Count).Concat(overlay.Range(0, overlay.Count)).Order()];
        Assert.Equal(expected.Length, view.Count);
        for (int probe = 0; probe < 300; probe++)
        {
            int a = random.Next(expected.Length + 1);
            int b = a + random.Next(expected.Length + 1 - a);
            Assert.True(expected[a..b].SequenceEqual(view.Range(a, b)), seed);
            Assert.Equal(Fingerprint(expected[a..b]), FingerprintOf(view, a, b));
            ReconciliationItem bound = NegentropyVectorTests.Item(random.Next(3_500), 5);
            Assert.Equal(expected.Count(i => i < bound), view.LowerBound(bound));
            if (a < expected.Length)
            {
                Assert.Equal(expected[a], view[a]);
            }
        }
    }

    [Fact]
    public void A_cleared_set_is_empty_and_can_be_filled_again()
    {
        var set = new ReconciliationSet();
        for (int n = 0; n < 2_000; n++)
        {
            set.Add(NegentropyVectorTests.Item(n));
        }

        set.Clear();
        Assert.Equal(0, set.Count);
        Assert.Equal(0, set.LowerBound(ReconciliationItem.Infinity));
        Assert.True(set.Add(NegentropyVectorTests.Item(7)));
        Assert.Equal(1, set.LowerBound(ReconciliationItem.Infinity));
        Assert.False(set.Add(NegentropyVectorTests.Item(7)));
    }

    private static string FingerprintOf(ReconciliationView view, int from, int to)
    {
        Span<byte> bytes = stackalloc byte[ReconciliationView.FingerprintBytes];
        view.Fingerprint(from, to, bytes);
        return Convert.ToHexStringLower(bytes);
    }

    // The definition, word by word, with big integers.
    private static string Fingerprint(ReconciliationItem[] items)
    {
        BigInteger sum = BigInteger.Zero;
        foreach (ReconciliationItem item in items)
        {
            sum += new BigInteger(item.Id.ToArray(), isUnsigned: true);
        }

        byte[] input = new byte[32];
        (sum % BigInteger.Pow(2, 256)).TryWriteBytes(input, out _, isUnsigned: true);
        byte[] count = items.Length < 128
            ? [(byte)items.Length]
            : [(byte)(0x80 | (items.Length >> 7)), (byte)(items.Length & 0x7f)];
        return Convert.ToHexStringLower(SHA256.HashData([.. input, .. count]).AsSpan(0, 16));
    }
}
