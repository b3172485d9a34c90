using System.Globalization;
using System.Text;
using System.Xml;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Serve;

/// <summary>What a saved query finds, last received first, as an Atom feed (RFC 4287). Ids are <c>ipfs:</c>
/// addresses: a record's is its CID. All text is of others and shown by <see cref="SafeText"/>.</summary>
internal static class AtomFeed
{
    /// <summary>Entries of a feed.</summary>
    public const int Entries = 50;

    private const string Namespace = "http://www.w3.org/2005/Atom";

    /// <summary>The document.</summary>
    /// <param name="identity">CID of the node's identity.</param>
    /// <param name="search">The saved query.</param>
    /// <param name="self">Address of the feed.</param>
    /// <param name="items">What it found.</param>
    public static string Write(
        string identity, SavedSearch search, string self, IReadOnlyList<ReportItem> items)
    {
        StringBuilder text = new();
        XmlWriterSettings settings = new() { Indent = true, Encoding = Encoding.UTF8 };
        using (Utf8Writer target = new(text))
        using (XmlWriter xml = XmlWriter.Create(target, settings))
        {
            xml.WriteStartElement("feed", Namespace);
            Element(xml, "id", $"ipfs://{identity}/feeds/{Uri.EscapeDataString(search.Name)}");
            Element(xml, "title", search.Name);
            Element(xml, "subtitle", search.Query);
            Element(xml, "updated", Time(items.Select(i => i.Received).DefaultIfEmpty(search.Seen
                ?? DateTimeOffset.UnixEpoch).Max()));
            xml.WriteStartElement("link", Namespace);
            xml.WriteAttributeString("rel", "self");
            xml.WriteAttributeString("href", self);
            xml.WriteEndElement();
            Element(xml, "generator", "IncidentMesh");
            foreach (ReportItem item in items)
            {
                Entry(xml, item);
            }

            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static void Entry(XmlWriter xml, ReportItem item)
    {
        xml.WriteStartElement("entry", Namespace);
        Element(xml, "id", $"ipfs://{item.Id}");
        Element(xml, "title", item.Title);
        Element(xml, "updated", Time(item.Received));
        Element(xml, "published", Time(item.Created));
        xml.WriteStartElement("author", Namespace);
        Element(xml, "name", item.Author.Name ?? item.Author.Id);
        Element(xml, "uri", $"ipfs://{item.Author.Id}");
        xml.WriteEndElement();
        IEnumerable<string> all = [item.Type, item.Severity?.Value ?? "", .. item.Harm, .. item.Countries];
        string[] facts = [.. all.Where(f => f.Length > 0).Distinct()];
        foreach (string fact in facts)
        {
            xml.WriteStartElement("category", Namespace);
            xml.WriteAttributeString("term", Clean(fact));
            xml.WriteEndElement();
        }

        xml.WriteStartElement("content", Namespace);
        xml.WriteAttributeString("type", "text");
        xml.WriteString(Clean($"{item.Title} ({string.Join(", ", facts)}) {item.Id}"));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Element(XmlWriter xml, string name, string text) =>
        xml.WriteElementString(name, Namespace, Clean(text));

    private static string Time(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // What XML 1.0 cannot hold (section 2.2) even after control characters were made visible.
    private static string Clean(string text)
    {
        string shown = SafeText.Show(text);
        return shown.All(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c))
            ? shown
            : string.Concat(shown.Where(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)));
    }

    private sealed class Utf8Writer(StringBuilder text) : StringWriter(text, CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
