using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Identity;

/// <summary>The fields of an identity event, to and from the map that is signed. <c>specs/identity.md</c>,
/// "Events".</summary>
internal sealed class IdentityPayload(string operationName)
{
    private const int MostMultikeyBytes = 2_048;
    private static readonly byte[] X25519 = [0xec, 0x01];

    internal string OperationName { get; } = operationName;

    internal IdentityOperation Operation => OperationName switch
    {
        "inception" => IdentityOperation.Inception,
        "update" => IdentityOperation.Update,
        "rotate" => IdentityOperation.Rotate,
        _ => IdentityOperation.Unknown,
    };

    internal long Created { get; set; }

    internal Cid? Author { get; set; }

    internal long Number { get; set; }

    internal Cid? Previous { get; set; }

    internal PublicKey? Root { get; set; }

    internal Digest? Next { get; set; }

    internal IReadOnlyList<KeyGrant> Added { get; set; } = [];

    internal IReadOnlyList<KeyCut> Cut { get; set; } = [];

    private bool SetsRoot => Operation is IdentityOperation.Inception or IdentityOperation.Rotate;

    private bool Follows => Operation is IdentityOperation.Update or IdentityOperation.Rotate;

    internal IpldMap ToMap()
    {
        Dictionary<string, IpldNode> map = new()
        {
            ["v"] = new IpldInteger(IdentityEvent.CurrentVersion),
            ["op"] = new IpldText(OperationName),
            ["created"] = new IpldInteger(Created),
            ["add"] = new IpldList([.. Added.Select(Write)]),
        };
        if (Root is { } root && Next is { } next)
        {
            map["root"] = new IpldBytes(root.ToMultikey());
            map["next"] = new IpldBytes(next.ToArray());
        }

        if (Author is { } author && Previous is { } previous)
        {
            map["author"] = new IpldLink(author);
            map["n"] = new IpldInteger(Number);
            map["prev"] = new IpldLink(previous);
            map["cut"] = new IpldList([.. Cut.Select(Write)]);
        }

        return new IpldMap(map);
    }

    internal static bool TryRead(
        IpldNode node,
        [NotNullWhen(true)] out IdentityPayload? payload,
        [NotNullWhen(false)] out Fault? fault)
    {
        payload = null;
        fault = null;
        if (node is not IpldMap map || map.Get<IpldInteger>("v") is not { } version)
        {
            fault = Field("v", "is missing or not an integer");
            return false;
        }

        if (version.Value != IdentityEvent.CurrentVersion)
        {
            fault = Fault.Message(
                IdentityFaults.UnknownVersion, $"an identity event of version {version.Value}");
            return false;
        }

        IdentityPayload read = new(map.Get<IpldText>("op")?.Value ?? "");
        fault = read.OperationName.Length is 0 or > Limits.Records.WordBytes
            ? Field("op", "is missing or not a word")
            : read.ReadCommon(map) ?? read.ReadRoot(map) ?? read.ReadPlace(map);
        payload = fault is null ? read : null;
        return payload is not null;
    }

    private Fault? ReadCommon(IpldMap map)
    {
        const long Most = Limits.Records.CreatedSeconds - 1;
        if (map.Get<IpldInteger>("created") is not { Value: >= 0 and <= Most } created)
        {
            return Field("created", "is missing or out of range");
        }

        Created = created.Value;
        if (Operation == IdentityOperation.Unknown)
        {
            return null;
        }

        Fault? fault = ReadList(map, "add", ReadGrant, out IReadOnlyList<KeyGrant> added);
        Added = added;
        bool twice = HasTwice(added.Select(g => g.Multikey));
        return fault ?? (twice ? Field("add", "names one key twice") : null);
    }

    private Fault? ReadRoot(IpldMap map)
    {
        if (!SetsRoot)
        {
            return null;
        }

        if (map.Get<IpldBytes>("root") is not { } root
            || !PublicKey.TryReadMultikey(root.Value.Span, out PublicKey key, out _))
        {
            return Field("root", "is not an Ed25519 multikey");
        }

        if (map.Get<IpldBytes>("next") is not { Value.Length: Digest.ByteLength } next)
        {
            return Field("next", "is not a digest of 32 bytes");
        }

        Root = key;
        Next = new Digest(next.Value.Span);
        return null;
    }

    private Fault? ReadPlace(IpldMap map)
    {
        if (!Follows)
        {
            return null;
        }

        if (map.Get<IpldLink>("author") is not { Value.Codec: Codec.DagCbor } author
            || map.Get<IpldLink>("prev") is not { Value.Codec: Codec.DagCbor } previous)
        {
            return Field("author", "or \"prev\" is missing or not a link to DAG-CBOR");
        }

        if (map.Get<IpldInteger>("n") is not { Value: >= 1 and <= Limits.Records.IdentityEvents } number)
        {
            return Field("n", $"is not an integer from 1 to {Limits.Records.IdentityEvents}");
        }

        Author = author.Value;
        Previous = previous.Value;
        Number = number.Value;
        Fault? fault = ReadList(map, "cut", ReadCut, out IReadOnlyList<KeyCut> cut);
        Cut = cut;
        return fault ?? (HasTwice(cut.Select(c => c.Multikey)) ? Field("cut", "names one key twice") : null);
    }

    private static Fault? ReadList<T>(
        IpldMap map, string key, Func<IpldMap, T?> read, out IReadOnlyList<T> items)
        where T : class
    {
        items = [];
        if (map.Get<IpldList>(key) is not { } list || list.Items.Count > Limits.Records.IdentityKeys)
        {
            return Field(key, $"is not a list of at most {Limits.Records.IdentityKeys}");
        }

        List<T> found = [];
        foreach (IpldNode node in list.Items)
        {
            if (node is not IpldMap entry || read(entry) is not { } item)
            {
                return Field(key, $"has a malformed entry, number {found.Count + 1}");
            }

            found.Add(item);
        }

        items = found;
        return null;
    }

    private static KeyGrant? ReadGrant(IpldMap map)
    {
        if (ReadMultikey(map, "key") is not { } key || map.Get<IpldList>("can") is not { } can
            || can.Items.Count is 0 or > Limits.Records.KeyAbilities)
        {
            return null;
        }

        List<string> abilities = [];
        foreach (IpldNode node in can.Items)
        {
            if (node is not IpldText { Value.Length: > 0 and <= Limits.Records.WordBytes } ability
                || (abilities.Count > 0 && IpldMap.CompareKeys(abilities[^1], ability.Value) >= 0))
            {
                return null;
            }

            abilities.Add(ability.Value);
        }

        ReadOnlyMemory<byte>? encryption = ReadMultikey(map, "enc");
        bool hasEncryption = map.TryGet("enc", out _);
        return hasEncryption && encryption is null ? null : new KeyGrant(key, abilities, encryption);
    }

    private static KeyCut? ReadCut(IpldMap map)
    {
        if (ReadMultikey(map, "key") is not { } key || map.Get<IpldList>("heads") is not { } list
            || list.Items.Count > Limits.Records.CutHeads)
        {
            return null;
        }

        List<Cid> heads = [];
        foreach (IpldNode node in list.Items)
        {
            if (node is not IpldLink link || (heads.Count > 0 && link.Value <= heads[^1]))
            {
                return null;
            }

            heads.Add(link.Value);
        }

        return new KeyCut(key, heads);
    }

    /// <summary>Bytes of a key. The kinds that are known have a fixed length; others are kept for a later
    /// version.</summary>
    private static ReadOnlyMemory<byte>? ReadMultikey(IpldMap map, string name)
    {
        if (map.Get<IpldBytes>(name) is not { Value.Length: > 2 and <= MostMultikeyBytes } bytes)
        {
            return null;
        }

        ReadOnlySpan<byte> key = bytes.Value.Span;
        bool known = key.StartsWith(X25519) || key is [0xed, 0x01, ..];
        return known && key.Length != PublicKey.MultikeyLength ? null : bytes.Value;
    }

    private static bool HasTwice(IEnumerable<ReadOnlyMemory<byte>> keys)
    {
        HashSet<string> seen = [];
        return !keys.All(k => seen.Add(Convert.ToHexString(k.Span)));
    }

    private static IpldMap Write(KeyGrant grant)
    {
        IEnumerable<string> can = grant.Can.Order(Comparer<string>.Create(IpldMap.CompareKeys));
        IpldMap map = new(
        [
            new("key", new IpldBytes(grant.Multikey)),
            new("can", new IpldList([.. can.Select(c => new IpldText(c))])),
        ]);
        return grant.Encryption is { } encryption ? map.With("enc", new IpldBytes(encryption)) : map;
    }

    private static IpldMap Write(KeyCut cut) => new(
    [
        new("key", new IpldBytes(cut.Multikey)),
        new("heads", new IpldList([.. cut.Heads.Order().Select(h => new IpldLink(h))])),
    ]);

    private static Fault Field(string name, string what) =>
        Fault.Message("identity-field", $"\"{name}\" {what}");
}
