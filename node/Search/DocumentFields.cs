using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Util;

namespace IncidentMesh.Node.Search;

/// <summary>A document in Lucene's terms: nothing is stored but the id and the facts, words are only
/// indexed.</summary>
internal static class DocumentFields
{
    private static readonly FieldType Key = new(StringField.TYPE_NOT_STORED);

    /// <summary>The space between two values of one field, so that no phrase spans them.</summary>
    private const string Gap = "\n\n";

    public static Document Of(SearchDocument document)
    {
        byte[] id = document.Id.ToArray();
        var fields = new Document
        {
            new Field(TextFields.Id, document.Id.ToString(), Key),
            new BinaryDocValuesField(TextFields.Id, new BytesRef(id)),
            new BinaryDocValuesField(TextFields.Facts, new BytesRef(FactsCodec.Write(document))),
        };
        AddText(fields, TextFields.Title, [document.Title]);
        AddText(fields, TextFields.Text, [document.Text]);
        AddText(fields, TextFields.System, document.Systems);
        AddText(fields, TextFields.Developer, document.Developers);
        AddText(fields, TextFields.Deployer, document.Deployers);
        AddText(fields, TextFields.Model, document.Models);
        AddText(fields, TextFields.Lineage, document.Lineage);
        AddText(fields, TextFields.Url, document.Urls);
        foreach (string other in document.ExternalIds)
        {
            fields.Add(new Field(TextFields.ExternalId, other.ToLowerInvariant(), Key));
        }

        foreach (string tag in document.Tags)
        {
            string lower = tag.ToLowerInvariant();
            fields.Add(new Field(TextFields.Tag, lower, Key));
            int colon = lower.IndexOf(':', StringComparison.Ordinal);
            if (colon >= 0)
            {
                fields.Add(new Field(TextFields.Tag, lower[(colon + 1)..], Key));
            }
        }

        return fields;
    }

    private static void AddText(Document fields, string name, IReadOnlyList<string> texts)
    {
        if (texts.Any(text => text.Length > 0))
        {
            fields.Add(new TextField(name, string.Join(Gap, texts), Field.Store.NO));
        }
    }
}
