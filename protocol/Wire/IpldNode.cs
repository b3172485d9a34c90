using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace IncidentMesh.Protocol.Wire;

/// <summary>A value of the IPLD data model without floats and null, which our records do not have.
/// Immutable; equality is that of the canonical bytes. <c>specs/wire.md</c>, "DAG-CBOR".</summary>
public abstract class IpldNode : IEquatable<IpldNode>
{
    /// <summary>Compares the canonical bytes.</summary>
    public bool Equals(IpldNode? other) =>
        other is not null && DagCbor.Write(this).AsSpan().SequenceEqual(DagCbor.Write(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IpldNode);

    /// <inheritdoc/>
    public override int GetHashCode() => Digest.Sha256(DagCbor.Write(this)).GetHashCode();
}

/// <summary>An integer of at most 53 bits either way.</summary>
/// <param name="value">The number.</param>
public sealed class IpldInteger(long value) : IpldNode
{
    /// <summary>The number.</summary>
    public long Value { get; } = value;
}

/// <summary>Unicode text, kept as it came, without U+0000.</summary>
/// <param name="value">The text.</param>
public sealed class IpldText(string value) : IpldNode
{
    /// <summary>The text.</summary>
    public string Value { get; } = value;
}

/// <summary>A byte string.</summary>
/// <param name="value">The bytes; the caller must not change them afterwards.</param>
public sealed class IpldBytes(ReadOnlyMemory<byte> value) : IpldNode
{
    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Value { get; } = value;
}

/// <summary>True or false.</summary>
/// <param name="value">The value.</param>
public sealed class IpldBoolean(bool value) : IpldNode
{
    /// <summary>The value.</summary>
    public bool Value { get; } = value;
}

/// <summary>A link to another block (CBOR tag 42).</summary>
/// <param name="value">What it names.</param>
public sealed class IpldLink(Cid value) : IpldNode
{
    /// <summary>What it names.</summary>
    public Cid Value { get; } = value;
}

/// <summary>A list.</summary>
/// <param name="items">Its items; the caller must not change them afterwards.</param>
public sealed class IpldList(IReadOnlyList<IpldNode> items) : IpldNode
{
    /// <summary>Its items.</summary>
    public IReadOnlyList<IpldNode> Items { get; } = items;
}

/// <summary>A map from text to values, in canonical order: shorter keys first, then by bytes.</summary>
public sealed class IpldMap : IpldNode
{
    private readonly KeyValuePair<string, IpldNode>[] _entries;

    /// <summary>The map without entries.</summary>
    public static IpldMap Empty { get; } = new([]);

    /// <summary>Takes entries in any order.</summary>
    /// <exception cref="ArgumentException">A key occurs twice.</exception>
    public IpldMap(IEnumerable<KeyValuePair<string, IpldNode>> entries)
    {
        _entries = [.. entries];
        Array.Sort(_entries, (a, b) => CompareKeys(a.Key, b.Key));
        for (int i = 1; i < _entries.Length; i++)
        {
            if (_entries[i].Key == _entries[i - 1].Key)
            {
                throw new ArgumentException($"the key \"{_entries[i].Key}\" occurs twice", nameof(entries));
            }
        }
    }

    private IpldMap(KeyValuePair<string, IpldNode>[] sorted) => _entries = sorted;

    /// <summary>The entries in canonical order.</summary>
    public IReadOnlyList<KeyValuePair<string, IpldNode>> Entries => _entries;

    /// <summary>Takes entries that the canonical reader has found in order.</summary>
    internal static IpldMap FromSorted(KeyValuePair<string, IpldNode>[] sorted) => new(sorted);

    /// <summary>Canonical order of keys: length in UTF-8, then bytes (RFC 7049, 3.9, as DAG-CBOR keeps
    /// it).</summary>
    public static int CompareKeys(string a, string b)
    {
        byte[] left = Encoding.UTF8.GetBytes(a);
        byte[] right = Encoding.UTF8.GetBytes(b);
        int order = left.Length - right.Length;
        return order != 0 ? order : left.AsSpan().SequenceCompareTo(right);
    }

    /// <summary>Finds the value of <paramref name="key"/>.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out IpldNode? value)
    {
        foreach (KeyValuePair<string, IpldNode> entry in _entries)
        {
            if (entry.Key == key)
            {
                value = entry.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>The value of <paramref name="key"/> if it is of kind <typeparamref name="T"/>, else
    /// null.</summary>
    public T? Get<T>(string key)
        where T : IpldNode => TryGet(key, out IpldNode? value) ? value as T : null;

    /// <summary>A copy with <paramref name="key"/> set.</summary>
    public IpldMap With(string key, IpldNode value) =>
        new(_entries.Where(e => e.Key != key).Append(new(key, value)));

    /// <summary>A copy without <paramref name="key"/>.</summary>
    public IpldMap Without(string key) => new(_entries.Where(e => e.Key != key).ToArray());
}
