using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Writes a header as canonical DAG-CBOR. <c>specs/records.md</c>, "Header".</summary>
internal static class RecordHeaderWriter
{
    private const int RequiredFields = 10;

    internal static byte[] Write(RecordHeader header)
    {
        CborWriter writer = new(512);
        int relations = header.Relations.Count > 0 ? 1 : 0;
        int language = header.Language is null ? 0 : 1;
        int must = header.Must.Count > 0 ? 1 : 0;
        writer.Map(RequiredFields + relations + language + must);
        writer.Text("v");
        writer.Integer(header.Version);
        writer.Text("key");
        writer.Bytes(header.Key.ToMultikey());
        WriteRelations(writer, header.Relations);
        writer.Text("seq");
        writer.Integer(header.Seq);
        writer.Text("auth");
        writer.Link(header.Auth);
        writer.Text("body");
        writer.Link(header.Body);
        if (header.Language is not null)
        {
            writer.Text("lang");
            writer.Text(header.Language);
        }

        WriteMust(writer, header.Must);
        writer.Text("prev");
        writer.List(header.Previous.Count);
        foreach (Cid id in header.Previous)
        {
            writer.Link(id);
        }

        writer.Text("size");
        writer.Integer(header.Size);
        writer.Text("type");
        writer.Text(header.Type);
        writer.Text("author");
        writer.Link(header.Author);
        writer.Text("created");
        writer.Integer(header.Created);
        return writer.ToArray();
    }

    private static void WriteRelations(CborWriter writer, IReadOnlyList<Relation> relations)
    {
        if (relations.Count == 0)
        {
            return;
        }

        writer.Text("rel");
        writer.List(relations.Count);
        foreach (Relation relation in relations)
        {
            writer.Map(2);
            writer.Text("to");
            writer.Link(relation.To);
            writer.Text("how");
            writer.Text(relation.How);
        }
    }

    private static void WriteMust(CborWriter writer, IReadOnlyList<string> must)
    {
        if (must.Count == 0)
        {
            return;
        }

        writer.Text("must");
        writer.List(must.Count);
        foreach (string key in must)
        {
            writer.Text(key);
        }
    }
}
