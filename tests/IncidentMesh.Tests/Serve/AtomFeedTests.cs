using System.Xml;
using System.Xml.Linq;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Serve;

/// <summary>What RFC 4287 asks of a feed (4.1.1, 4.1.2), and that hostile text is only text.</summary>
public sealed class AtomFeedTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly DateTimeOffset At = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_feed_has_what_the_RFC_asks_for()
    {
        XElement feed = Feed(Item("a", "one"), Item("b", "two") with { Received = At.AddHours(1) });
        Assert.Equal(Atom + "feed", feed.Name);
        AssertBasics(feed);
        Assert.Equal("2026-11-25T13:00:00Z", feed.Element(Atom + "updated")!.Value);
        Assert.Equal("self", feed.Element(Atom + "link")!.Attribute("rel")!.Value);
        XElement[] entries = [.. feed.Elements(Atom + "entry")];
        Assert.Equal(2, entries.Select(e => e.Element(Atom + "id")!.Value).Distinct().Count());
        Assert.All(entries, entry =>
        {
            AssertBasics(entry);
            Assert.NotNull(entry.Element(Atom + "author")!.Element(Atom + "name"));
            Assert.Equal("text", entry.Element(Atom + "content")!.Attribute("type")!.Value);
        });
    }

    [Fact]
    public void A_feed_without_hits_is_a_feed() => Assert.Empty(Feed().Elements(Atom + "entry"));

    [Fact]
    public void A_word_that_is_type_and_severity_is_one_category()
    {
        ReportItem item = Item("a", "one") with
        {
            Severity = new("incident", "oecd-severity", null), Harm = ["economic"],
        };
        Assert.Equal(["incident", "economic"], Feed(item).Element(Atom + "entry")!
            .Elements(Atom + "category").Select(category => category.Attribute("term")!.Value));
    }

    [Fact]
    public void Hostile_text_is_shown_and_never_breaks_the_document()
    {
        string title = "</title><script>\u001b[31m\u202eevil\uffff\U0001f600 &amp;";
        XElement entry = Feed(Item("a", title)).Element(Atom + "entry")!;
        Assert.Equal(
            "</title><script>\u241b[31m<U+202E>evil\U0001f600 &amp;", entry.Element(Atom + "title")!.Value);
    }

    private static void AssertBasics(XElement of)
    {
        Assert.True(Uri.IsWellFormedUriString(of.Element(Atom + "id")!.Value, UriKind.Absolute));
        Assert.NotNull(of.Element(Atom + "title"));
        Assert.Equal(TimeSpan.Zero, XmlConvert.ToDateTimeOffset(of.Element(Atom + "updated")!.Value).Offset);
    }

    private static XElement Feed(params ReportItem[] items)
    {
        SavedSearch search = new("my-name_ä", "country:DE \"x & y\"", true, 0, At);
        return XDocument.Parse(AtomFeed.Write("bafyreime", search, "http://node/f.atom", items)).Root!;
    }

    private static ReportItem Item(string id, string title) => new()
    {
        Id = "bafyrei" + id,
        Short = id,
        Type = "incident",
        Author = new AuthorView("bafyreiauthor", null, "\"Somebody\"", "unknown"),
        Created = At,
        Received = At,
        Tlp = "CLEAR",
        Title = title,
        State = "current",
        Verified = new VerifiedView(true, true, 0),
    };
}
