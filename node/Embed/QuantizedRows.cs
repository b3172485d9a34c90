using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace IncidentMesh.Node.Embed;

/// <summary>Vectors as 8-bit integers with a scale each, scanned whole: 384 bytes a vector, about 25 ns
/// each on one core. Scores are approximate (about .005 off); callers compare the best again in full
/// precision.</summary>
/// <remarks>Values lie in -127..127, so that the sum of two products fits 16 bits (2 x 127 x 127 = 32,258)
/// and the inner loop widens once for two products.</remarks>
public sealed class QuantizedRows
{
    private const int RowsPerChunk = 4_096;
    private const int Width = Vectors.Dimensions;

    private readonly List<sbyte[]> _chunks = [];
    private readonly List<float> _scales = [];

    /// <summary>Rows, cleared ones included.</summary>
    public int Count => _scales.Count;

    /// <summary>Appends a vector; a row of zeros where <paramref name="vector"/> is empty.</summary>
    /// <returns>The row.</returns>
    public int Add(ReadOnlySpan<float> vector)
    {
        int row = Count;
        if (row % RowsPerChunk == 0)
        {
            _chunks.Add(new sbyte[RowsPerChunk * Width]);
        }

        _scales.Add(0);
        Set(row, vector);
        return row;
    }

    /// <summary>Replaces a row; an empty vector clears it, and a cleared row scores 0.</summary>
    public void Set(int row, ReadOnlySpan<float> vector)
    {
        Span<sbyte> values = _chunks[row / RowsPerChunk].AsSpan(row % RowsPerChunk * Width, Width);
        values.Clear();
        _scales[row] = vector.IsEmpty ? 0 : Quantize(vector, values);
    }

    /// <summary>Writes the approximate dot product of the query with every row.</summary>
    /// <param name="query">384 components.</param>
    /// <param name="scores">Takes <see cref="Count"/> numbers.</param>
    public void Score(ReadOnlySpan<float> query, Span<float> scores)
    {
        Span<sbyte> small = stackalloc sbyte[Width];
        float scale = Quantize(query, small);
        Span<short> wide = stackalloc short[Width];
        for (int i = 0; i < Width; i++)
        {
            wide[i] = small[i];
        }

        ReadOnlySpan<float> scales = CollectionsMarshal.AsSpan(_scales);
        for (int row = 0; row < scales.Length; row++)
        {
            ReadOnlySpan<sbyte> values = _chunks[row / RowsPerChunk].AsSpan(
                row % RowsPerChunk * Width, Width);
            scores[row] = scales[row] == 0 ? 0 : Dot(wide, values) * scale * scales[row];
        }
    }

    private static float Quantize(ReadOnlySpan<float> vector, Span<sbyte> values)
    {
        float largest = 0;
        foreach (float x in vector)
        {
            largest = Math.Max(largest, Math.Abs(x));
        }

        if (largest == 0)
        {
            return 0;
        }

        float scale = largest / 127;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (sbyte)Math.Clamp(MathF.Round(vector[i] / scale), -127, 127);
        }

        return scale;
    }

    private static int Dot(ReadOnlySpan<short> query, ReadOnlySpan<sbyte> row)
    {
        ref short q = ref MemoryMarshal.GetReference(query);
        ref sbyte r = ref MemoryMarshal.GetReference(row);
        Vector256<int> sum = Vector256<int>.Zero;
        for (nuint i = 0; i < Width; i += 32)
        {
            Vector256<sbyte> bytes = Vector256.LoadUnsafe(ref r, i);
            Vector256<short> pair = (Vector256.WidenLower(bytes) * Vector256.LoadUnsafe(ref q, i))
                + (Vector256.WidenUpper(bytes) * Vector256.LoadUnsafe(ref q, i + 16));
            sum += Vector256.WidenLower(pair) + Vector256.WidenUpper(pair);
        }

        return Vector256.Sum(sum);
    }
}
