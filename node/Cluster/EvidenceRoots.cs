using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <summary>Names of what testimonies rest on, equal where it is the same thing
/// (<c>specs/same-event.md</c>, "Independent sources").</summary>
public static class EvidenceRoots
{
    /// <summary>Begins the name of a file: <c>sha256:</c> and 64 hex digits.</summary>
    public const string File = "sha256:";

    /// <summary>Begins the name of a report or of a text that several signed.</summary>
    public const string Text = "report ";

    /// <summary>Begins the name of a document that has an id elsewhere.</summary>
    public const string Document = "document ";

    /// <summary>A report that others rest on.</summary>
    public static string Record(Digest id) => Text + id;

    /// <summary>A file.</summary>
    public static string Hash(Digest sha256) => File + sha256;

    /// <summary>A page, or null for what is no web address.</summary>
    public static string? Page(string url) => CanonicalUrl.Of(url);

    /// <summary>What a report's key says of its evidence; null where it names the event and not a
    /// source.</summary>
    public static string? Key(ExactKey key) => key.Kind switch
    {
        KeyKind.Url => key.Value,
        KeyKind.Document => Document + key.Value,
        KeyKind.Body => Text + key.Value,
        _ => null,
    };
}
