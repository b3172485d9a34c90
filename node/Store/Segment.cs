using System.Buffers.Binary;
using System.Globalization;
using IncidentMesh.Protocol;
using Microsoft.Win32.SafeHandles;

namespace IncidentMesh.Node.Store;

/// <summary>One file of the log (<c>specs/storage.md</c>, section 2):
/// <code>
/// segment = label frame* zero* label
/// label   = "IMLOG1" zero(u16) number(u32) size(u32) created(i64) key(u32) zero(32) check(u32)     64 bytes
/// </code>
/// The label stands twice, so that one lost sector does not lose the key without which no frame can be told
/// from chance. The file is filled with zeros when it is made, so that a commit changes no
/// metadata.</summary>
internal sealed class Segment : IDisposable
{
    public const int LabelBytes = 64;
    public const string Extension = ".seg", TemporaryExtension = ".seg.tmp";
    private const int CheckOffset = 60, ZeroChunk = 1 << 20;
    private static ReadOnlySpan<byte> Magic => "IMLOG1\0\0"u8;

    private readonly SafeFileHandle _handle;

    private Segment(string path, int number, int size, SafeFileHandle handle, uint? key)
    {
        (FilePath, Number, Size, _handle, Key) = (path, number, size, handle, key);
    }

    public string FilePath { get; }

    public int Number { get; }

    /// <summary>Bytes of the whole file.</summary>
    public int Size { get; }

    /// <summary>The key of its label; null if neither copy can be read.</summary>
    public uint? Key { get; }

    /// <summary>Whether both copies of the label are as they were written.</summary>
    public bool LabelIntact { get; private init; } = true;

    public static int DataStart => LabelBytes;

    public int DataEnd => Size - LabelBytes;

    public static string NameOf(int number) =>
        number.ToString("d8", CultureInfo.InvariantCulture) + Extension;

    /// <summary>Makes a zero-filled segment under a temporary name, flushes it and gives it its
    /// name.</summary>
    /// <exception cref="StoreException">No room, or the disk refused.</exception>
    public static Segment Create(string folder, int number, int size, uint key, Instant created)
    {
        string path = Path.Combine(folder, NameOf(number)), temporary = path + ".tmp";
        try
        {
            using (SafeFileHandle handle = Files.CreatePrivate(temporary))
            {
                byte[] zeros = new byte[Math.Min(size, ZeroChunk)];
                for (long at = 0; at < size; at += zeros.Length)
                {
                    RandomAccess.Write(handle, zeros.AsSpan(0, (int)Math.Min(zeros.Length, size - at)), at);
                }
                byte[] label = Label(number, size, key, created);
                RandomAccess.Write(handle, label, 0);
                RandomAccess.Write(handle, label, size - LabelBytes);
                RandomAccess.FlushToDisk(handle);
            }
            File.Move(temporary, path);
            DirectorySync.Flush(folder);
            return Open(path, number);
        }
        catch (Exception e) when (StoreException.IsOfDisk(e))
        {
            Files.TryDelete(temporary);
            throw StoreException.From(e, $"cannot make log segment {number}");
        }
    }

    /// <summary>Opens a segment file. A damaged label is written again from its other copy, and a file that
    /// lost its end is filled up with zeros to the size that its label says.</summary>
    public static Segment Open(string path, int number)
    {
        SafeFileHandle handle = File.OpenHandle(
            path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            int size = (int)Math.Min(RandomAccess.GetLength(handle), int.MaxValue);
            byte[]? first = ReadLabel(handle, 0, number);
            byte[]? last = size < LabelBytes ? null : ReadLabel(handle, size - LabelBytes, number);
            byte[]? label = first ?? last;
            if (label is null)
            {
                return new Segment(path, number, size, handle, null) { LabelIntact = false };
            }
            uint key = BinaryPrimitives.ReadUInt32LittleEndian(label.AsSpan(24));
            if (first is not null && last is not null)
            {
                return new Segment(path, number, size, handle, key);
            }
            size = Math.Max(size, BinaryPrimitives.ReadInt32LittleEndian(label.AsSpan(12)));
            RandomAccess.Write(handle, label, size - LabelBytes);
            RandomAccess.Write(handle, label, 0);
            RandomAccess.FlushToDisk(handle);
            return new Segment(path, number, size, handle, key) { LabelIntact = false };
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Fills the buffer from an offset; returns how many bytes there were.</summary>
    public int Read(Span<byte> to, int offset)
    {
        int total = 0;
        while (total < to.Length)
        {
            int read = RandomAccess.Read(_handle, to[total..], offset + total);
            if (read == 0) { break; }
            total += read;
        }
        return total;
    }

    public void Write(ReadOnlySpan<byte> data, int offset) => RandomAccess.Write(_handle, data, offset);

    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Dispose() => _handle.Dispose();

    private static byte[]? ReadLabel(SafeFileHandle handle, long offset, int number)
    {
        byte[] label = new byte[LabelBytes];
        bool good = RandomAccess.Read(handle, label, offset) == LabelBytes && label.AsSpan().StartsWith(Magic)
            && BinaryPrimitives.ReadInt32LittleEndian(label.AsSpan(8)) == number
            && BinaryPrimitives.ReadInt32LittleEndian(label.AsSpan(12)) is >= 2 * LabelBytes
                and <= Limits.Store.SegmentBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(label.AsSpan(CheckOffset))
                == Crc32C.Of(label.AsSpan(0, CheckOffset));
        return good ? label : null;
    }

    private static byte[] Label(int number, int size, uint key, Instant created)
    {
        byte[] label = new byte[LabelBytes];
        Magic.CopyTo(label);
        BinaryPrimitives.WriteInt32LittleEndian(label.AsSpan(8), number);
        BinaryPrimitives.WriteInt32LittleEndian(label.AsSpan(12), size);
        BinaryPrimitives.WriteInt64LittleEndian(label.AsSpan(16), created.Milliseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(label.AsSpan(24), key);
        uint check = Crc32C.Of(label.AsSpan(0, CheckOffset));
        BinaryPrimitives.WriteUInt32LittleEndian(label.AsSpan(CheckOffset), check);
        return label;
    }
}
