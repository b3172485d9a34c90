namespace IncidentMesh.Node.Store;

/// <summary>How the columns came to be at a start, for the operator and the benchmark.</summary>
/// <param name="FromSnapshot">Rows that the snapshot had.</param>
/// <param name="Replayed">Frames read from the log after it.</param>
/// <param name="Unread">Record frames that the reader refused: forms that this version does not know.</param>
/// <param name="Notes">What was wrong, in words; empty when all was well.</param>
public sealed record ColumnsReport(int FromSnapshot, long Replayed, long Unread, IReadOnlyList<string> Notes);

/// <summary>Opens the columns of a log: the snapshot, then the frames behind it. A snapshot that is
/// missing, damaged, old or of another log is moved aside and the whole log is read.</summary>
public static class ColumnsLoader
{
    /// <summary>Name of the snapshot in <c>index/</c>.</summary>
    public const string FileName = "columns.bin";

    /// <summary>Opens the columns.</summary>
    /// <param name="indexFolder">Folder of the snapshot.</param>
    /// <param name="log">The log.</param>
    /// <param name="read">Reads the fields of a record.</param>
    /// <param name="report">What was found.</param>
    public static Columns Open(string indexFolder, RecordLog log, RowReader read, out ColumnsReport report)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(read);
        var notes = new List<string>();
        LogPosition from = LogPosition.Start;
        Columns columns = Load(Path.Combine(indexFolder, FileName), log, notes, ref from) ?? new Columns();
        int rows = columns.Count;
        long replayed = 0, unread = 0;
        foreach (LogFrame frame in log.ReadFrom(from, d => notes.Add($"log: {d}")))
        {
            replayed++;
            unread += Replay(columns, frame, read) ? 0 : 1;
        }
        report = new ColumnsReport(rows, replayed, unread, notes);
        return columns;
    }

    /// <summary>Writes the snapshot. Everything in the log before <paramref name="covered"/> must be in the
    /// columns.</summary>
    public static void Save(Columns columns, string indexFolder, RecordLog log, LogPosition covered)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(log);
        Files.CreateFolder(indexFolder);
        columns.Save(Path.Combine(indexFolder, FileName), log.Key, covered);
    }

    /// <summary>Takes one frame into the columns, as at a start and after each append; false if the reader
    /// refused it.</summary>
    public static bool Replay(Columns columns, LogFrame frame, RowReader read)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(frame);
        switch (frame.Kind)
        {
            case FrameKind.IdentityEvent or FrameKind.Local:
                columns.AddOther(frame.Kind, frame.Position);
                return true;
            case FrameKind.Erasure when BodyEraser.TryReadTarget(frame, out LogPosition target):
                columns.MarkAt(target, RowFlags.Erased);
                return true;
            case FrameKind.Record when read(frame, out RowFields fields):
                Put(columns, frame, fields);
                return true;
            default:
                return false;
        }
    }

    // A second frame of a record holds a body that the first one lost.
    private static void Put(Columns columns, LogFrame frame, RowFields fields)
    {
        RowFlags known = frame.BodyState switch
        {
            BodyState.Erased => RowFlags.Erased,
            BodyState.Damaged => RowFlags.BodyMissing,
            _ => RowFlags.None,
        };
        bool added = columns.Add(fields with { Flags = fields.Flags | known });
        if (!added && known == RowFlags.None)
        {
            columns.Move(fields.Id, frame.Position, RowFlags.BodyMissing);
        }
    }

    private static Columns? Load(string path, RecordLog log, List<string> notes, ref LogPosition from)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (StoreException.IsOfDisk(e))
        {
            notes.Add($"snapshot cannot be read, the log is read instead: {e.Message}");
            return null;
        }
        Columns? columns = ColumnsSnapshot.Read(bytes, log.Key, out LogPosition covered, out string? reason);
        if (columns is not null && covered > log.End) { reason = "covers more than the log holds"; }
        if (reason is null)
        {
            from = covered;
            return columns;
        }
        notes.Add($"snapshot {reason}, the log is read instead; it is kept as {Files.MoveAside(path)}");
        return null;
    }
}
