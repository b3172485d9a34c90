using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace IncidentMesh.Node.Store;

/// <summary>Files and folders that only their owner may read, and files that are replaced whole or not at
/// all.</summary>
public static class Files
{
    /// <summary>rw------- .</summary>
    public const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>rwx------ .</summary>
    public const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;

    /// <summary>Makes a folder with mode 0700, and its parents; an existing one that others may enter is
    /// closed.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }
        Directory.CreateDirectory(path, PrivateFolder);
        if (File.GetUnixFileMode(path) != PrivateFolder) { File.SetUnixFileMode(path, PrivateFolder); }
    }

    /// <summary>Replaces a file: a temporary file beside it is written, flushed and renamed, and the folder
    /// flushed. After a crash the old content or the new one is there, never a mixture. Mode
    /// 0600.</summary>
    /// <exception cref="StoreException">No room, or the disk refused; the old content stays.</exception>
    public static void WriteAtomic(string path, ReadOnlySpan<byte> content)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():n}.tmp");
        try
        {
            using (SafeFileHandle handle = CreatePrivate(temporary))
            {
                RandomAccess.Write(handle, content, 0);
                RandomAccess.FlushToDisk(handle);
            }
            File.Move(temporary, path, overwrite: true);
            DirectorySync.Flush(folder);
        }
        catch (Exception e) when (StoreException.IsOfDisk(e))
        {
            TryDelete(temporary);
            throw StoreException.From(e, $"cannot write {path}");
        }
    }

    /// <summary>Opens a new, empty file with mode 0600 for writing; one of that name is emptied.</summary>
    public static SafeFileHandle CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None);
        }
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
            UnixCreateMode = PrivateFile,
            BufferSize = 0,
        };
        // FileStream takes a create mode and OpenHandle does not; the handle outlives the stream that made
        // it.
        using (new FileStream(path, options)) { }
        return File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.None);
    }

    /// <summary>Renames a file that is of no use, so that nobody loses it: <c>name.bad-1</c> and so on.
    /// Returns its new path, or its old one if even that fails.</summary>
    public static string MoveAside(string path)
    {
        for (int n = 1; n < 100; n++)
        {
            string aside = string.Create(CultureInfo.InvariantCulture, $"{path}.bad-{n}");
            if (Path.Exists(aside)) { continue; }
            try
            {
                File.Move(path, aside);
                return aside;
            }
            catch (Exception e) when (StoreException.IsOfDisk(e))
            {
                return path;
            }
        }
        TryDelete(path);
        return path;
    }

    /// <summary>Deletes a file if that is possible; what remains is removed at the next start.</summary>
    public static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (StoreException.IsOfDisk(e))
        {
            return false;
        }
    }
}
