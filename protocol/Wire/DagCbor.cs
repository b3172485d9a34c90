using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace IncidentMesh.Protocol.Wire;

/// <summary>Whole values to and from canonical DAG-CBOR: one byte string for one value, everything else
/// refused.
/// Sources: ipld.io DAG-CBOR specification; RFC 8949. <c>specs/wire.md</c>, "DAG-CBOR".</summary>
public static class DagCbor
{
    /// <summary>Reads one value that takes all of <paramref name="bytes"/>.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out IpldNode? value,
        [NotNullWhen(false)] out Fault? fault)
    {
        CborReader reader = new(bytes);
        if (!TryReadNode(ref reader, 1, out value))
        {
            fault = reader.Fault!;
            value = null;
            return false;
        }

        if (!reader.AtEnd)
        {
            fault = Fault.Message("cbor-trailing", "bytes after the value");
            value = null;
            return false;
        }

        fault = null;
        return true;
    }

    /// <summary>The canonical bytes of <paramref name="node"/>.</summary>
    /// <exception cref="ArgumentException">The value has no canonical form (a lone surrogate, U+0000, a
    /// number beyond
    /// 53 bits): a caller's bug, since what people type is checked before.</exception>
    public static byte[] Write(IpldNode node)
    {
        CborWriter writer = new();
        WriteNode(writer, node);
        return writer.ToArray();
    }

    private static void WriteNode(CborWriter writer, IpldNode node)
    {
        switch (node)
        {
            case IpldInteger n:
                writer.Integer(n.Value);
                break;
            case IpldText t:
                writer.Text(t.Value);
                break;
            case IpldBytes b:
                writer.Bytes(b.Value.Span);
                break;
            case IpldBoolean b:
                writer.Boolean(b.Value);
                break;
            case IpldLink l:
                writer.Link(l.Value);
                break;
            case IpldList list:
                writer.List(list.Items.Count);
                foreach (IpldNode item in list.Items)
                {
                    WriteNode(writer, item);
                }

                break;
            case IpldMap map:
                writer.Map(map.Entries.Count);
                foreach (KeyValuePair<string, IpldNode> entry in map.Entries)
                {
                    writer.Text(entry.Key);
                    WriteNode(writer, entry.Value);
                }

                break;
            default:
                throw new ArgumentException($"no encoding for {node.GetType().Name}", nameof(node));
        }
    }

    private static bool TryReadNode(ref CborReader reader, int depth, [NotNullWhen(true)] out IpldNode? node)
    {
        node = null;
        switch (reader.Peek())
        {
            case CborKind.Integer when reader.TryReadInteger(out long number):
                node = new IpldInteger(number);
                break;
            case CborKind.Bytes when reader.TryReadBytes(out ReadOnlySpan<byte> bytes):
                node = new IpldBytes(bytes.ToArray());
                break;
            case CborKind.Text when reader.TryReadText(out ReadOnlySpan<byte> text):
                node = new IpldText(Encoding.UTF8.GetString(text));
                break;
            case CborKind.Boolean when reader.TryReadBoolean(out bool flag):
                node = new IpldBoolean(flag);
                break;
            case CborKind.Link when reader.TryReadLink(out Cid link):
                node = new IpldLink(link);
                break;
            case CborKind.List:
                return TryReadList(ref reader, depth, out node);
            case CborKind.Map:
                return TryReadMap(ref reader, depth, out node);
            case CborKind.End or CborKind.Other:
                return reader.FailKind();
        }

        return node is not null;
    }

    private static bool TryReadList(ref CborReader reader, int depth, [NotNullWhen(true)] out IpldNode? node)
    {
        node = null;
        if (!reader.CheckDepth(depth) || !reader.TryReadList(out int count))
        {
            return false;
        }

        IpldNode[] items = new IpldNode[count];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadNode(ref reader, depth + 1, out IpldNode? item))
            {
                return false;
            }

            items[i] = item;
        }

        node = new IpldList(items);
        return true;
    }

    private static bool TryReadMap(ref CborReader reader, int depth, [NotNullWhen(true)] out IpldNode? node)
    {
        node = null;
        if (!reader.CheckDepth(depth) || !reader.TryReadMap(out int count))
        {
            return false;
        }

        KeyValuePair<string, IpldNode>[] entries = new KeyValuePair<string, IpldNode>[count];
        ReadOnlySpan<byte> previous = default;
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadKey(previous, out ReadOnlySpan<byte> key)
                || !TryReadNode(ref reader, depth + 1, out IpldNode? value))
            {
                return false;
            }

            previous = key;
            entries[i] = new(Encoding.UTF8.GetString(key), value);
        }

        node = IpldMap.FromSorted(entries);
        return true;
    }
}
