using System.Buffers.Binary;
using System.Globalization;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Sync;

/// <summary>Whole conversations against <c>specs/vectors/negentropy.txt</c>.</summary>
public sealed class NegentropyVectorTests
{
    private static readonly string VectorFile = Path.Combine(Repo.Root, "specs", "vectors", "negentropy.txt");

    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        foreach (string line in File.ReadLines(VectorFile).Where(l => l.StartsWith("name: ",
            StringComparison.Ordinal)))
        {
            names.Add(line["name: ".Length..]);
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_roles_say_what_the_reference_says(string name)
    {
        ILookup<string, string> fields = Read(name);
        int frameLimit = int.Parse(fields["frame-limit"].Single());
        ReconciliationView client = View(fields["client"].Single(), fields["items-a-second"].Single());
        ReconciliationView server = View(fields["server"].Single(), fields["items-a-second"].Single());
        var expected = new Queue<string>(fields["message"]);
        var need = new HashSet<Digest>();

        byte[]? message = Negentropy.Initiate(client);
        int rounds = 0;
        while (message is not null)
        {
            rounds++;
            AssertMessage(expected.Dequeue(), message);
            Assert.True(Negentropy.TryRespond(server, message, out byte[]? reply, out Fault? fault,
                frameLimit), $"{fault}");
            AssertMessage(expected.Dequeue(), reply);
            Assert.True(Negentropy.TryContinue(client, reply, need, out message, out fault, frameLimit),
                $"{fault}");
        }

        Assert.Empty(expected);
        Assert.Equal(fields["rounds"].Single(), rounds.ToString(CultureInfo.InvariantCulture));
        byte[] all = [.. need.Order().SelectMany(id => id.ToArray())];
        Assert.Equal(fields["need"].Single(), $"{need.Count}, sha256 {Digest.Sha256(all)}");
    }

    internal static ReconciliationItem Item(int n, int itemsASecond = 1)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, n);
        return new ReconciliationItem((ulong)(1000 + (10 * (n / itemsASecond))), Digest.Sha256(number));
    }

    private static ReconciliationView View(string ranges, string itemsASecond)
    {
        var set = new ReconciliationSet();
        foreach (string range in ranges.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int[] numbers = [.. range.Split('-', '/').Select(n => int.Parse(n,
                CultureInfo.InvariantCulture))];
            for (int n = numbers[0]; n <= numbers[1]; n += numbers.Length > 2 ? numbers[2] : 1)
            {
                set.Add(Item(n, int.Parse(itemsASecond, CultureInfo.InvariantCulture)));
            }
        }

        return new ReconciliationView(set);
    }

    private static ILookup<string, string> Read(string name) => File.ReadLines(VectorFile)
        .SkipWhile(line => line != "name: " + name)
        .TakeWhile(line => line.Length > 0)
        .Select(line => line.Split(':', 2))
        .ToLookup(field => field[0], field => field[1].Trim());

    private static void AssertMessage(string expected, byte[] message) => Assert.Equal(
        expected,
        expected.Contains("sha256", StringComparison.Ordinal)
            ? $"{message.Length} bytes, sha256 {Digest.Sha256(message)}"
            : Convert.ToHexStringLower(message));
}
