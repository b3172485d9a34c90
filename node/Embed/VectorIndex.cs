using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using IncidentMesh.Protocol.Wire;
using Microsoft.Win32.SafeHandles;

namespace IncidentMesh.Node.Embed;

/// <summary>The vectors of one graph: an append-only file of float32 rows, and the same rows as 8-bit
/// integers in memory. A query scans all of them and compares the best again from the file, so that it finds
/// what an exact search finds. Rows are
/// checksummed; what is damaged or missing counts as not embedded, so that its owner embeds it again. Safe
/// for use by several threads.</summary>
/// <remarks>Layout, little-endian: header <c>"imvec001" | graph 32 | dimensions u32 | crc32c u32</c>,
/// padded to 64 bytes; row <c>id 32 | float32 x 384 | crc32c u32</c>. A row whose id is all zero is
/// free.</remarks>
public sealed class VectorIndex : IDisposable
{
    /// <summary>Rows that a thread reads from the file in one go.</summary>
    private const int RowsPerTurn = 32;

    private const int HeaderLength = 64;
    private const int VectorLength = Vectors.Dimensions * sizeof(float);
    private const int RowLength = Digest.ByteLength + VectorLength + sizeof(uint);

    private readonly Lock _lock = new();
    private readonly SafeFileHandle _file;
    private readonly QuantizedRows _rows = new();
    private readonly List<Digest> _ids = [];
    private readonly Dictionary<Digest, int> _rowOf = [];
    private readonly Stack<int> _free = new();
    private float[] _scores = [];

    private VectorIndex(SafeFileHandle file, Digest graph)
    {
        _file = file;
        Graph = graph;
    }

    /// <summary>Hash of the graph that made the vectors (<see cref="Embedder.Graph"/>).</summary>
    public Digest Graph { get; }

    /// <summary>Rows that failed their checksum when the file was opened.</summary>
    public int Damaged { get; private set; }

    /// <summary>Vectors held.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _rowOf.Count;
            }
        }
    }

    /// <summary>Opens the file of a graph in a folder, or makes it; one that is not of this form or graph
    /// is started anew.</summary>
    /// <param name="folder">The data folder's <c>index</c>.</param>
    /// <param name="graph">Hash of the graph.</param>
    /// <exception cref="IOException">The disk failed, or another process has the file.</exception>
    public static VectorIndex Open(string folder, Digest graph)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"vectors-{graph.ToString()[..16]}.f32");
        SafeFileHandle file = File.OpenHandle(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, FileOptions.RandomAccess);
        var index = new VectorIndex(file, graph);
        try
        {
            index.Load();
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }

        return index;
    }

    /// <summary>Whether the vector of a record is here.</summary>
    public bool Contains(Digest id)
    {
        lock (_lock)
        {
            return _rowOf.ContainsKey(id);
        }
    }

    /// <summary>Adds the vector of a record.</summary>
    /// <param name="id">Digest of the record's id.</param>
    /// <param name="graph">The graph that made the vector: must be <see cref="Graph"/>.</param>
    /// <param name="vector">384 components, unit length.</param>
    /// <returns>False if the record has one.</returns>
    public bool Add(Digest id, Digest graph, ReadOnlySpan<float> vector)
    {
        if (graph != Graph || vector.Length != Vectors.Dimensions)
        {
            throw new ArgumentException("the vector is not of this index's graph", nameof(vector));
        }

        lock (_lock)
        {
            if (_rowOf.ContainsKey(id))
            {
                return false;
            }

            if (!_free.TryPop(out int row))
            {
                row = _rows.Add(default);
                _ids.Add(default);
            }

            Write(row, id, vector);
            Keep(row, id, vector);
            return true;
        }
    }

    /// <summary>Overwrites the vector of a record whose body was erased.</summary>
    public bool Remove(Digest id)
    {
        lock (_lock)
        {
            if (!_rowOf.Remove(id, out int row))
            {
                return false;
            }

            Write(row, default, new float[Vectors.Dimensions]);
            _rows.Set(row, default);
            _ids[row] = default;
            _free.Push(row);
            return true;
        }
    }

    /// <summary>Reads the vector of a record; null if there is none.</summary>
    public float[]? Get(Digest id)
    {
        lock (_lock)
        {
            if (!_rowOf.TryGetValue(id, out int row))
            {
                return null;
            }

            var vector = new float[Vectors.Dimensions];
            Read(row, vector);
            return vector;
        }
    }

    /// <summary>The records nearest to a vector of the same graph, best first.</summary>
    /// <param name="graph">The graph that made the query; nothing is found with another.</param>
    /// <param name="query">384 components, unit length.</param>
    /// <param name="limit">Records wanted.</param>
    public IReadOnlyList<(Digest Id, float Cosine)> Nearest(
        Digest graph, ReadOnlySpan<float> query, int limit)
    {
        if (graph != Graph || limit <= 0)
        {
            return [];
        }

        lock (_lock)
        {
            Array.Resize(ref _scores, Math.Max(_scores.Length, _rows.Count));
            float[] asked = query.ToArray();
            List<int> rows = _rows.Best(asked, limit, _scores);
            if (rows.Count == 0)
            {
                return [];
            }

            var found = new (Digest Id, float Cosine)[rows.Count];
            Parallel.ForEach(Partitioner.Create(0, rows.Count, RowsPerTurn), turn =>
            {
                var vector = new float[Vectors.Dimensions];
                for (int i = turn.Item1; i < turn.Item2; i++)
                {
                    Read(rows[i], vector);
                    found[i] = (_ids[rows[i]], Vectors.Dot(asked, vector));
                }
            });
            return [.. found.OrderByDescending(f => f.Cosine).ThenBy(f => f.Id).Take(limit)];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static long Offset(int row) => HeaderLength + ((long)row * RowLength);

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }

    private byte[] Header()
    {
        var header = new byte[HeaderLength];
        Encoding.ASCII.GetBytes("imvec001", header);
        Graph.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), Vectors.Dimensions);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(44), Crc(header.AsSpan(0, 44)));
        return header;
    }

    private void Load()
    {
        byte[] header = Header(), found = new byte[HeaderLength];
        long length = RandomAccess.GetLength(_file);
        if (length < HeaderLength || RandomAccess.Read(_file, found, 0) != HeaderLength
            || !found.AsSpan().SequenceEqual(header))
        {
            Damaged = length == 0 ? 0 : 1;
            RandomAccess.SetLength(_file, 0);
            RandomAccess.Write(_file, header, 0);
            return;
        }

        int rows = (int)Math.Min((length - HeaderLength) / RowLength, int.MaxValue);
        const int RowsPerRead = 256;
        var block = new byte[RowsPerRead * RowLength];
        for (int first = 0; first < rows; first += RowsPerRead)
        {
            Memory<byte> part = block.AsMemory(0, Math.Min(RowsPerRead, rows - first) * RowLength);
            int read = RandomAccess.Read(_file, part.Span, Offset(first));
            for (int at = 0; at + RowLength <= read; at += RowLength)
            {
                Load(part.Span.Slice(at, RowLength));
            }
        }

        // A torn last row is cut off; the record that it was for is embedded again.
        RandomAccess.SetLength(_file, Offset(_rows.Count));
    }

    private void Load(ReadOnlySpan<byte> bytes)
    {
        int row = _rows.Add(default);
        _ids.Add(default);
        var id = new Digest(bytes[..Digest.ByteLength]);
        bool sound = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]) == Crc(
            bytes[..^sizeof(uint)]);
        Damaged += sound ? 0 : 1;
        if (!sound || id == default || _rowOf.ContainsKey(id))
        {
            _free.Push(row);
            return;
        }

        Keep(row, id, MemoryMarshal.Cast<byte, float>(bytes.Slice(Digest.ByteLength, VectorLength)));
    }

    private void Keep(int row, Digest id, ReadOnlySpan<float> vector)
    {
        _rows.Set(row, vector);
        _ids[row] = id;
        _rowOf[id] = row;
    }

    private void Write(int row, Digest id, ReadOnlySpan<float> vector)
    {
        var bytes = new byte[RowLength];
        id.CopyTo(bytes);
        MemoryMarshal.AsBytes(vector).CopyTo(bytes.AsSpan(Digest.ByteLength));
        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes.AsSpan(RowLength - sizeof(uint)), Crc(bytes.AsSpan(0, RowLength - sizeof(uint))));
        RandomAccess.Write(_file, bytes, Offset(row));
    }

    private void Read(int row, Span<float> vector) =>
        RandomAccess.Read(_file, MemoryMarshal.AsBytes(vector), Offset(row) + Digest.ByteLength);
}
