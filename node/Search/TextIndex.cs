using System.Runtime.CompilerServices;
using IncidentMesh.Protocol.Wire;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Search.Similarities;
using Lucene.Net.Store;
using Lucene.Net.Util;

namespace IncidentMesh.Node.Search;

/// <summary>What was found on opening an index.</summary>
/// <param name="Documents">Documents in it.</param>
/// <param name="Position">What the owner last gave to <see cref="TextIndex.Commit"/>: feed from there; null:
/// feed all.</param>
/// <param name="Fresh">Why the index was started anew, or null when it was taken as it was.</param>
public sealed record IndexReport(int Documents, string? Position, string? Fresh);

/// <summary>The text index and the table of facts: everything here can be deleted, and is rebuilt by feeding
/// it again. One owner calls the members that change it; any thread may search
/// (<see cref="Searcher"/>).</summary>
public sealed class TextIndex : IDisposable
{
    private const string SchemaKey = "schema";
    private const string PositionKey = "position";
    private const double BufferMegabytes = 48;

    /// <summary>Changes with the analysis or the fields; an index of another schema is built anew.</summary>
    private static readonly string Schema = $"2.{FactsCodec.Version}";

    private readonly ConditionalWeakTable<object, int[]> rowsOfSegment = [];
    private readonly Lucene.Net.Store.Directory directory;
    private readonly IndexWriter writer;
    private IndexView view;
    private bool closed;

    private TextIndex(Lucene.Net.Store.Directory directory)
    {
        this.directory = directory;
        writer = new IndexWriter(directory, new IndexWriterConfig(LuceneVersion.LUCENE_48, Analyzer)
        {
            OpenMode = OpenMode.CREATE_OR_APPEND,
            Similarity = Similarity,
            RAMBufferSizeMB = BufferMegabytes,

            // Merges run in the owner's turn: nothing else touches the files, and a test sees the same order
            // each time.
            MergeScheduler = new SerialMergeScheduler(),
        });
        try
        {
            view = ViewOf(DirectoryReader.Open(writer, applyAllDeletes: true));
        }
        catch
        {
            writer.Rollback();
            throw;
        }
    }

    /// <summary>BM25 with its usual constants; titles weigh more in the query, not in the index.</summary>
    internal static Similarity Similarity { get; } = new BM25Similarity(1.2f, 0.75f);

    internal SearchAnalyzer Analyzer { get; } = new();

    internal ReportTable Table { get; } = new();

    /// <summary>Records that can be found.</summary>
    public int Count => Table.Alive;

    /// <summary>An index that leaves nothing on the disk.</summary>
    public static TextIndex InMemory() => new(new RAMDirectory());

    /// <summary>Opens the index in a folder; makes it where it is missing; starts anew where it is damaged or
    /// of another schema, and says so.</summary>
    /// <param name="folder">A folder of its own, e.g. <c>index/text</c>; emptied when the index is started
    /// anew.</param>
    /// <param name="report">What was found.</param>
    /// <exception cref="LockObtainFailedException">Another process writes this index.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static TextIndex Open(string folder, out IndexReport report)
    {
        System.IO.Directory.CreateDirectory(folder);
        string? damage =
            System.IO.Directory.EnumerateFileSystemEntries(folder).Any() ? null : "there was no index";
        if (damage is null)
        {
            TextIndex? index = null;
            try
            {
                index = new TextIndex(FSDirectory.Open(folder));
                if (index.TryLoad(out string? position, out damage))
                {
                    report = new IndexReport(index.Count, position, null);
                    return index;
                }
            }
            catch (Exception e) when (e is not LockObtainFailedException and not UnauthorizedAccessException)
            {
                // Damaged files make Lucene throw nearly anything: IO, format, index, argument, null
                // reference.
                damage = $"the index was damaged: {e.Message}";
            }

            index?.Dispose();
            System.IO.Directory.Delete(folder, recursive: true);
            System.IO.Directory.CreateDirectory(folder);
        }

        report = new IndexReport(0, null, damage);
        return new TextIndex(FSDirectory.Open(folder));
    }

    /// <summary>Whether a record is in the table.</summary>
    public bool Contains(Digest id)
    {
        Table.Gate.EnterReadLock();
        try
        {
            return Table.TryRow(id, out _);
        }
        finally
        {
            Table.Gate.ExitReadLock();
        }
    }

    /// <summary>The records that it holds.</summary>
    public IReadOnlyList<Digest> Ids()
    {
        Table.Gate.EnterReadLock();
        try
        {
            return [.. Table.Ids];
        }
        finally
        {
            Table.Gate.ExitReadLock();
        }
    }

    /// <summary>Adds a document, or puts it in place of that of the same id. Its facts are seen at once, its
    /// words after the next <see cref="Refresh"/>.</summary>
    public void Put(SearchDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var key = new Term(TextFields.Id, document.Id.ToString());
        Document fields = DocumentFields.Of(document);
        if (Contains(document.Id))
        {
            writer.UpdateDocument(key, fields);
        }
        else
        {
            writer.AddDocument(fields);
        }

        Write(() => Table.Put(document));
    }

    /// <summary>Removes a record; false when it was not there.</summary>
    public bool Remove(Digest id)
    {
        writer.DeleteDocuments(new Term(TextFields.Id, id.ToString()));
        return Write(() => Table.Remove(id));
    }

    /// <summary>Sets what this node holds of a record; false when the record is not here. Held in memory
    /// only: to be pushed again after a start for every record whose status is not the default.</summary>
    public bool Mark(Digest id, ReportStatus status) => Write(() => Table.Mark(id, status));

    /// <summary>Lets searches that start from now on see the words of all documents so far. Cheap: a few
    /// milliseconds.</summary>
    public void Refresh()
    {
        DirectoryReader? newer = DirectoryReader.OpenIfChanged(view.Reader, writer, applyAllDeletes: true);
        if (newer is not null)
        {
            IndexView older = view;
            view = ViewOf(newer);
            older.Release();
        }
    }

    /// <summary>Makes durable what was put and removed so far, together with the owner's own mark of how far
    /// it has fed.</summary>
    /// <param name="position">Returned by the next <see cref="Open"/>.</param>
    public void Commit(string position)
    {
        writer.SetCommitData(new Dictionary<string,
            string> { [SchemaKey] = Schema, [PositionKey] = position });
        writer.Commit();
    }

    /// <summary>Closes the index. What was not committed may be lost, never half kept.</summary>
    public void Dispose()
    {
        if (closed)
        {
            return;
        }

        closed = true;
        view.Release();
        writer.Rollback();
        directory.Dispose();
        Analyzer.Dispose();
        Table.Gate.Dispose();
    }

    /// <summary>The newest view, held until <see cref="IndexView.Release"/>.</summary>
    internal IndexView Acquire()
    {
        while (true)
        {
            IndexView current = Volatile.Read(ref view);
            if (current.TryHold())
            {
                return current;
            }
        }
    }

    private bool TryLoad(out string? position, out string? damage)
    {
        IDictionary<string, string>? data = writer.CommitData;
        position = data is not null && data.TryGetValue(PositionKey, out string? value) ? value : null;
        damage = data is null || !data.TryGetValue(SchemaKey, out string? schema)
            ? "the index was never committed"
            : schema != Schema ? $"the index has schema {schema}, not {Schema}" : null;
        if (damage is not null)
        {
            return false;
        }

        foreach (AtomicReaderContext leaf in view.Reader.Leaves)
        {
            leaf.AtomicReader.CheckIntegrity();
            BinaryDocValues facts = leaf.AtomicReader.GetBinaryDocValues(TextFields.Facts);
            IBits? live = leaf.AtomicReader.LiveDocs;
            var bytes = new BytesRef();
            for (int doc = 0; doc < leaf.Reader.MaxDoc; doc++)
            {
                if (live is null || live.Get(doc))
                {
                    facts.Get(doc, bytes);
                    Table.Put(FactsCodec.Read(bytes.Bytes, bytes.Offset, bytes.Length));
                }
            }
        }

        IndexView empty = view;
        view = ViewOf(DirectoryReader.Open(writer, applyAllDeletes: true));
        empty.Release();
        return true;
    }

    private IndexView ViewOf(DirectoryReader reader)
    {
        int[][] rows = [.. reader.Leaves.Select(leaf => RowsOf(leaf.AtomicReader))];
        return new IndexView(reader, rows, Table.Count, Similarity);
    }

    /// <summary>The row of each document of a segment, -1 for a document that is not in the table. A segment
    /// never changes, but is first seen before the table is loaded.</summary>
    private int[] RowsOf(AtomicReader segment)
    {
        if (Table.Count > 0 && rowsOfSegment.TryGetValue(segment.CoreCacheKey, out int[]? known))
        {
            return known;
        }

        var rows = new int[segment.MaxDoc];
        BinaryDocValues? ids = segment.GetBinaryDocValues(TextFields.Id);
        var bytes = new BytesRef();
        for (int doc = 0; doc < rows.Length; doc++)
        {
            ids?.Get(doc, bytes);
            rows[doc] = bytes.Length == Digest.ByteLength
                && Table.TryRow(new Digest(bytes.Bytes.AsSpan(bytes.Offset, bytes.Length)), out int row) ? row
                : -1;
        }

        if (Table.Count > 0)
        {
            rowsOfSegment.AddOrUpdate(segment.CoreCacheKey, rows);
        }

        return rows;
    }

    private T Write<T>(Func<T> change)
    {
        Table.Gate.EnterWriteLock();
        try
        {
            return change();
        }
        finally
        {
            Table.Gate.ExitWriteLock();
        }
    }
}
