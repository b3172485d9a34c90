using SharpFuzz;

namespace IncidentMesh.Fuzz;

/// <summary>Runs one fuzz target: under AFL++ (bytes on standard input), on files that a fuzzer found, or on
/// random
/// bytes of a seed. CONTRIBUTING.md has the commands.</summary>
internal static class Program
{
    private delegate void Target(ReadOnlySpan<byte> bytes);

    private static readonly Dictionary<string, Target> Targets = new(StringComparer.Ordinal)
    {
        ["connection"] = ConnectionFuzz.Run,
        ["exchange"] = ExchangeTarget.Run,
        ["gossip"] = GossipFuzz.Run,
        ["identity"] = IdentityFuzz.Run,
        ["query"] = QueryTarget.Run,
        ["record"] = RecordFuzz.Run,
        ["sync"] = SyncFuzz.Run,
    };

    private static int Main(string[] args)
    {
        if (args.Length == 0 || !Targets.TryGetValue(args[0], out Target? target))
        {
            Console.Error.WriteLine($"error: name a target: {string.Join(", ", Targets.Keys)}");
            Console.Error.WriteLine(
                "hint: TARGET under afl-fuzz, TARGET FILE.., or TARGET --random SEED COUNT");
            return 2;
        }

        if (args is [_, "--random", string seed, string count])
        {
            return Random(target, ulong.Parse(seed), int.Parse(count));
        }

        foreach (string file in args.Skip(1))
        {
            target(File.ReadAllBytes(file));
        }

        if (args.Length == 1)
        {
            Fuzzer.Run(stream =>
            {
                using MemoryStream copy = new();
                stream.CopyTo(copy);
                target(copy.GetBuffer().AsSpan(0, (int)copy.Length));
            });
        }

        return 0;
    }

    private static int Random(Target target, ulong seed, int count)
    {
        Protocol.Wire.SeededRandom random = new(seed);
        byte[] bytes = new byte[2_048];
        for (int i = 0; i < count; i++)
        {
            int length = random.Next(bytes.Length);
            random.Fill(bytes.AsSpan(0, length));
            target(bytes.AsSpan(0, length));
        }

        Console.WriteLine($"{count} inputs of seed {seed}");
        return 0;
    }
}
