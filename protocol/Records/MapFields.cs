using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Reads fields of a body that may be missing or of another kind: both read as absent, since what a
/// peer wrote is shown as far as it can be.</summary>
internal static class MapFields
{
    internal static string? Text(this IpldMap map, string key) => map.Get<IpldText>(key)?.Value;

    internal static long? Integer(this IpldMap map, string key) => map.Get<IpldInteger>(key)?.Value;

    internal static bool? Boolean(this IpldMap map, string key) => map.Get<IpldBoolean>(key)?.Value;

    internal static Cid? Link(this IpldMap map, string key) => map.Get<IpldLink>(key)?.Value;

    internal static Digest? Digest(this IpldMap map, string key) =>
        map.Get<IpldBytes>(key) is { Value.Length: Wire.Digest.ByteLength } bytes
            ? new Digest(bytes.Value.Span)
            : null;

    internal static IReadOnlyList<string> Texts(this IpldMap map, string key) =>
        map.Get<IpldList>(key) is { } list ? [.. list.Items.OfType<IpldText>().Select(t => t.Value)] : [];

    /// <summary>The map under <paramref name="key"/>, made into a <typeparamref name="T"/>.</summary>
    internal static T? Part<T>(this IpldMap map, string key, Func<IpldMap, T?> read)
        where T : class => map.Get<IpldMap>(key) is { } part ? read(part) : null;

    /// <summary>The maps in the list under <paramref name="key"/>; those that <paramref name="read"/> gives
    /// up on are left out.</summary>
    internal static IReadOnlyList<T> Parts<T>(this IpldMap map, string key, Func<IpldMap, T?> read)
        where T : class =>
        map.Get<IpldList>(key) is { } list ? [.. list.Items.OfType<IpldMap>().Select(read).OfType<T>()] : [];
}

/// <summary>Builds a map field by field; what is null or empty is left out, as the canonical form wants
/// it.</summary>
internal sealed class MapBuilder
{
    private readonly Dictionary<string, IpldNode> _entries = [];

    internal MapBuilder Text(string key, string? value) =>
        Add(key, value is null ? null : new IpldText(value));

    internal MapBuilder Integer(string key, long? value) =>
        Add(key, value is { } n ? new IpldInteger(n) : null);

    internal MapBuilder Boolean(string key, bool? value) =>
        Add(key, value is { } b ? new IpldBoolean(b) : null);

    internal MapBuilder Link(string key, Cid? value) => Add(key, value is { } cid ? new IpldLink(cid) : null);

    internal MapBuilder Digest(string key, Digest? value) =>
        Add(key, value is { } digest ? new IpldBytes(digest.ToArray()) : null);

    internal MapBuilder Map(string key, IpldMap? value) =>
        Add(key, value is { Entries.Count: > 0 } ? value : null);

    internal MapBuilder List(string key, IEnumerable<IpldNode> items)
    {
        IpldNode[] nodes = [.. items];
        return Add(key, nodes.Length > 0 ? new IpldList(nodes) : null);
    }

    internal IpldMap Build() => new(_entries);

    private MapBuilder Add(string key, IpldNode? value)
    {
        if (value is not null)
        {
            _entries.Add(key, value);
        }

        return this;
    }
}
