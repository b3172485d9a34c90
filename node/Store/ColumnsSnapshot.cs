using System.Runtime.InteropServices;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Store;

/// <summary>The columns as one file, for a fast start (<c>specs/storage.md</c>, section 6). It holds nothing
/// that the log does not, belongs to one log, and is thrown away when anything about it is unexpected. The
/// arrays stand as they do in memory, so it is of the machine that wrote it: byte order is in the version.
/// <code>
/// snapshot = "IMCOLS" version(u16) logKey(u32) covered(i64) rows(i32) links(i32) tables arrays check(u32)
/// </code></summary>
internal static class ColumnsSnapshot
{
    private static ReadOnlySpan<byte> Magic => "IMCOLS"u8;

    // Changes with the layout, with the meaning of a flag, and with what a reader of rows makes of a body.
    private static ushort Version => (ushort)(BitConverter.IsLittleEndian ? 0x0301 : 0x0302);

    public static byte[] Write(
        ColumnArrays arrays, List<long> identityFrames, List<long> localFrames, uint logKey,
        LogPosition covered)
    {
        using var stream = new MemoryStream(1024 + (arrays.Count * 140));
        using var to = new BinaryWriter(stream);
        to.Write(Magic);
        to.Write(Version);
        to.Write(logKey);
        to.Write(covered.Value);
        to.Write(arrays.Count);
        to.Write(arrays.Links);
        foreach (ValueTable table in Tables(arrays)) { table.Write(to); }
        WriteList<Digest>(to, arrays.Authors.All);
        WriteList<Digest>(to, arrays.Keys.All);
        WriteList<long>(to, CollectionsMarshal.AsSpan(identityFrames));
        WriteList<long>(to, CollectionsMarshal.AsSpan(localFrames));
        to.Write(MemoryMarshal.AsBytes(arrays.Ids.All));
        int rows = arrays.Count;
        foreach (Array array in Arrays(arrays)) { to.Write(Bytes(array, rows)); }
        to.Write(Bytes(arrays.LinkStart, rows + 1));
        to.Write(MemoryMarshal.AsBytes(arrays.LinkTo.AsSpan(0, arrays.Links)));
        to.Write(Bytes(arrays.LinkHow, arrays.Links));
        to.Write(Crc32C.Of(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        return stream.ToArray();
    }

    /// <summary>Reads a snapshot of the log with this key; null with a reason if it is of no use.</summary>
    public static Columns? Read(byte[] bytes, uint logKey, out LogPosition covered, out string? reason)
    {
        covered = default;
        reason = null;
        if (bytes.Length < 32 || !bytes.AsSpan().StartsWith(Magic)) { reason = "is no snapshot"; }
        else if (BitConverter.ToUInt16(bytes, Magic.Length) != Version) { reason = "is of another version"; }
        else if (BitConverter.ToUInt32(bytes, bytes.Length - 4) != Crc32C.Of(bytes.AsSpan(..^4)))
        {
            reason = "is damaged";
        }
        else if (BitConverter.ToUInt32(bytes, 8) != logKey) { reason = "belongs to another log"; }
        if (reason is not null) { return null; }
        covered = new LogPosition(BitConverter.ToInt64(bytes, 12));
        try
        {
            return ReadRows(bytes);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or FormatException)
        {
            reason = "is not what it says";
            return null;
        }
    }

    private static Columns ReadRows(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, 20, bytes.Length - 24, writable: false);
        using var from = new BinaryReader(stream);
        int rows = from.ReadInt32(), links = from.ReadInt32();
        if (rows < 0 || links < 0 || (long)rows * 80 > bytes.Length || (long)links * 34 > bytes.Length)
        {
            throw new InvalidDataException("row count");
        }
        var arrays = new ColumnArrays();
        arrays.Reserve(rows, links);
        foreach (ValueTable table in Tables(arrays)) { table.Read(from); }
        foreach (Digest author in ReadList<Digest>(from)) { arrays.Authors.Add(author); }
        foreach (Digest key in ReadList<Digest>(from)) { arrays.Keys.Add(key); }
        List<long> identityFrames = [.. ReadList<long>(from)], localFrames = [.. ReadList<long>(from)];
        var ids = new Digest[rows];
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(ids.AsSpan()));
        foreach (ref readonly Digest id in ids.AsSpan()) { arrays.Ids.Add(id); }
        foreach (Array array in Arrays(arrays)) { from.BaseStream.ReadExactly(Bytes(array, rows)); }
        from.BaseStream.ReadExactly(Bytes(arrays.LinkStart, rows + 1));
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(arrays.LinkTo.AsSpan(0, links)));
        from.BaseStream.ReadExactly(Bytes(arrays.LinkHow, links));
        if (arrays.Count != rows || arrays.Links != links) { throw new InvalidDataException("row count"); }
        return new Columns(arrays, identityFrames, localFrames);
    }

    private static ValueTable[] Tables(ColumnArrays a) =>
        [a.Types, a.Severities, a.Verdicts, a.Languages, a.CountrySets, a.Relations];

    private static Array[] Arrays(ColumnArrays a) =>
    [
        a.Created, a.Received, a.Position, a.ContentHash, a.Author, a.Key, a.Seq, a.Flags, a.Type, a.Severity,
        a.Verdict, a.Language, a.CountrySet,
    ];

    private static Span<byte> Bytes(Array array, int count) => array switch
    {
        long[] a => MemoryMarshal.AsBytes(a.AsSpan(0, count)),
        ulong[] a => MemoryMarshal.AsBytes(a.AsSpan(0, count)),
        int[] a => MemoryMarshal.AsBytes(a.AsSpan(0, count)),
        _ => MemoryMarshal.AsBytes(((ushort[])array).AsSpan(0, count)),
    };

    private static void WriteList<T>(BinaryWriter to, ReadOnlySpan<T> list)
        where T : unmanaged
    {
        to.Write(list.Length);
        to.Write(MemoryMarshal.AsBytes(list));
    }

    private static T[] ReadList<T>(BinaryReader from)
        where T : unmanaged
    {
        int count = from.ReadInt32();
        if (count < 0 || count > from.BaseStream.Length) { throw new InvalidDataException("list"); }
        var list = new T[count];
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(list.AsSpan()));
        return list;
    }
}
