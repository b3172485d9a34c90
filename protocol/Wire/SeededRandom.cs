using System.Buffers.Binary;

namespace IncidentMesh.Protocol.Wire;

/// <summary>SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014):
/// the only
/// randomness of <c>protocol/</c>, seeded by the owner, so that a simulation replays. For choices, never for
/// keys.</summary>
public sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 up to and without <paramref name="max"/>, which must be above 0.</summary>
    public int Next(int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        return (int)(NextUInt64() % (ulong)max);
    }

    /// <summary>A number from 0 up to and without 1.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Fills <paramref name="bytes"/>.</summary>
    public void Fill(Span<byte> bytes)
    {
        Span<byte> word = stackalloc byte[8];
        while (bytes.Length > 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, NextUInt64());
            int take = Math.Min(8, bytes.Length);
            word[..take].CopyTo(bytes);
            bytes = bytes[take..];
        }
    }

    /// <summary>Puts <paramref name="items"/> into random order.</summary>
    public void Shuffle<T>(IList<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        for (int i = items.Count - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
