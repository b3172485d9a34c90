using System.Collections.Concurrent;
using IncidentMesh.Node.Policy;
using IncidentMesh.Node.Search;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

/// <summary>What this node's operator decided and knows, as search and views ask it: the authors with their
/// standing, names and what they call themselves; records let in one by one; saved queries. Read from any
/// thread.</summary>
internal sealed class AuthorBook(Cid self) : ISearchNames
{
    private readonly ConcurrentDictionary<Digest, Author> _authors = [];
    private readonly ConcurrentDictionary<Digest, bool> _accepted = [];
    private readonly ConcurrentDictionary<string, string> _searches = [];

    /// <summary>An author as this node knows them.</summary>
    internal sealed record Author(
        Cid Id, Standing Standing, string? Name, string? CallsItself, string? Role, string? Country)
    {
        /// <summary>Of whom nothing is known.</summary>
        public static Author Stranger(Cid id) => new(id, Policy.Standing.Unknown, null, null, null, null);
    }

    /// <summary>This node's identity.</summary>
    public Cid Self { get; } = self;

    /// <summary>Everybody who was ever seen or named.</summary>
    public IReadOnlyCollection<Author> All => [.. _authors.Values];

    /// <summary>What is known of an author; a stranger where nothing is.</summary>
    public Author Of(Cid id) =>
        _authors.GetValueOrDefault(id.Digest) ?? Author.Stranger(id);

    /// <summary>Whether an author's records count here.</summary>
    public bool Admits(Digest author) => author == Self.Digest
        || _authors.GetValueOrDefault(
            author)?.Standing is Policy.Standing.Trusted or Policy.Standing.Introduced;

    /// <summary>Whether a record counts here: its author does, or it was let in by itself.</summary>
    public bool Admits(in RecordRow row) => Admits(row.Author) || _accepted.ContainsKey(row.Id);

    /// <summary>Whether the operator has read a record: marked so, or what she wrote or took in from a file,
    /// until she marks that unread.</summary>
    public bool HasRead(in RecordRow row) => row.Author == Self.Digest
        ? !row.Flags.HasFlag(RowFlags.Unread) : row.Flags.HasFlag(RowFlags.Read);

    /// <summary>Notes whether a record was let in by itself.</summary>
    public void SetAccepted(Digest record, bool accepted) =>
        _ = accepted ? _accepted.TryAdd(record, true) : _accepted.TryRemove(record, out _);

    /// <summary>Notes a saved query; null takes it away.</summary>
    public void SetSaved(string name, string? query)
    {
        if (query is null)
        {
            _searches.TryRemove(name, out _);
        }
        else
        {
            _searches[name] = query;
        }
    }

    /// <summary>Sets a standing.</summary>
    public void SetStanding(Cid id, Standing standing) => Change(id, a => a with { Standing = standing });

    /// <summary>Sets the operator's own name; null takes it away.</summary>
    public void SetName(Cid id, string? name) => Change(id, a => a with { Name = name });

    /// <summary>Takes over a profile record.</summary>
    public void SetProfile(Cid id, ProfileBody profile) =>
        Change(id, a =>
            a with { CallsItself = profile.Name, Role = profile.Role, Country = profile.Country });

    /// <summary>The author as the API shows them.</summary>
    public AuthorView View(Cid id)
    {
        Author author = Of(id);
        string? name = id == Self ? author.Name ?? author.CallsItself : author.Name;
        return new AuthorView(id.ToString(), name, author.CallsItself, Standing(id.Digest));
    }

    /// <summary>Authors that a text means: an id, a prefix of one, or the operator's own name.</summary>
    public IReadOnlyList<Cid> Find(string text)
    {
        string bare = text.TrimStart('@', '+', '?').Replace("x:", "", StringComparison.Ordinal);
        if (Cid.TryParse(bare, out Cid exact))
        {
            return [exact];
        }

        Author[] named = [.. _authors.Values.Where(a =>
            string.Equals(a.Name, bare, StringComparison.OrdinalIgnoreCase)
            || (a.Id == Self && string.Equals(a.CallsItself, bare, StringComparison.OrdinalIgnoreCase)))];
        if (named.Length > 0)
        {
            return [.. named.Select(a => a.Id)];
        }

        bool prefix = bare.Length >= 4;
        return prefix
            ? [.. _authors.Values.Select(a => a.Id).Where(id => Starts(id.ToString(), bare)).Order()]
            : [];
    }

    public IReadOnlyList<Digest> Authors(string name) => [.. Find(name).Select(id => id.Digest)];

    public string Standing(Digest author) => author == Self.Digest ? "own"
        : (_authors.GetValueOrDefault(author)?.Standing ?? Policy.Standing.Unknown).ToString()
            .ToLowerInvariant();

    public string? Role(Digest author) => _authors.GetValueOrDefault(author)?.Role;

    /// <summary>The country in the author's profile, or null.</summary>
    public string? Country(Digest author) => _authors.GetValueOrDefault(author)?.Country;

    public string Name(Digest author)
    {
        Author? known = _authors.GetValueOrDefault(author);
        string key = (known?.Id ?? new Cid(Codec.DagCbor, author)).ToString().Substring(7, 4);
        return Standing(author) switch
        {
            "own" => "@" + (known?.Name ?? known?.CallsItself ?? key),
            "trusted" => "@" + (known?.Name ?? key),
            "introduced" => "+" + (known?.Name ?? key),
            "denied" => "x:" + key,
            _ => "?" + key,
        };
    }

    public string? Saved(string name) => _searches.GetValueOrDefault(name);

    private static bool Starts(string id, string prefix) =>
        id.StartsWith(prefix, StringComparison.Ordinal)
        || id.AsSpan(Cid.DagCborPrefix.Length).StartsWith(prefix, StringComparison.Ordinal);

    private void Change(Cid id, Func<Author, Author> change) => _authors.AddOrUpdate(
        id.Digest,
        _ => change(Author.Stranger(id)),
        (_, known) => change(known));
}
