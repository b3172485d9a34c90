using LiteDB;

namespace IncidentMesh.Node.Store;

/// <summary>Whether a state database can be used: LiteDB opens a damaged file without a word and fails
/// later.</summary>
internal static class StateCheck
{
    /// <summary>Changes with the meaning of the tables; a database of another version is built
    /// again.</summary>
    private const int Version = 1;

    private const string Meta = "meta";

    public static ConnectionString ConnectionTo(string path) => new()
    {
        Filename = path, Connection = ConnectionType.Direct,
    };

    /// <summary>LiteDB's write-ahead file; replayed into whatever database has its name.</summary>
    public static string JournalOf(string path) => Path.Combine(
        Path.GetDirectoryName(path)!,
        Path.GetFileNameWithoutExtension(path) + "-log" + Path.GetExtension(path));

    public static void MarkWhole(LiteDatabase database) =>
        database.GetCollection(Meta).Upsert(new BsonDocument { ["_id"] = "whole", ["version"] = Version });

    /// <summary>Reads every document of the file. Null if all of them can be read, else why not.</summary>
    public static string? WhyUseless(string path)
    {
        try
        {
            using var database = new LiteDatabase(ConnectionTo(path));
            BsonDocument? mark = database.GetCollection(Meta).FindById("whole");
            if (mark is null) { return "is not whole"; }
            if (mark["version"].AsInt32 != Version) { return "is of another version"; }
            foreach (string name in database.GetCollectionNames())
            {
                ILiteCollection<BsonDocument> collection = database.GetCollection(name);
                if (collection.FindAll().Count() != collection.Count())
                {
                    return "disagrees with its own index";
                }
            }
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // LiteDB throws nearly anything over a damaged page: index out of range, invalid cast, its own.
            return $"is damaged ({e.GetType().Name})";
        }
    }
}
