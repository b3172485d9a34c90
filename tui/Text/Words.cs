using System.Globalization;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Text;

/// <summary>Numbers, times, severities and names as every view writes them.</summary>
internal static class Words
{
    private const int KeyLength = 4;
    private const string CidPrefix = "bafyrei";

    /// <summary>With a comma between thousands.</summary>
    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>What an answer ends with that can be taken back.</summary>
    public static string Undo => T($"{KeyMap.Of(Verb.Undo).Key} undo");

    /// <summary>What is lost with an alert: the node counts its hits from the time it was saved.</summary>
    /// <param name="search">The search that goes, or null.</param>
    public static string TakenAsSeen(SavedSearch? search) => search is not { Unseen: > 0 and var hits } ? ""
        : "; " + Plural(hits, $"its {hits:N0} new hit is taken as seen",
            $"its {hits:N0} new hits are taken as seen");

    /// <summary>What becomes of an author's records who is denied.</summary>
    /// <param name="author">The author.</param>
    public static string Denied(AuthorView author) => author.Standing == "unknown"
        ? T($"{Name(author)} is denied: its records stay out, what waited here is gone for good")
        : T($"{Name(author)} is denied: its records stay out");

    /// <summary>What comes back when an author is no longer denied.</summary>
    /// <param name="author">The author, as it was before it was denied.</param>
    public static string NoLongerDenied(AuthorView author) => author.Standing == "unknown"
        ? T($"{Name(author)} is no longer denied; what had waited here does not come back by itself")
        : T($"{Name(author)} is no longer denied");

    /// <summary>How long ago: <c>0:12</c>, <c>59:59</c>, <c>2 h</c>, <c>3 d</c>.</summary>
    public static string Ago(double seconds) => seconds switch
    {
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 60}:{(int)seconds % 60:00}"),
        < 86400 => $"{(int)(seconds / 3600)} h",
        _ => $"{(int)(seconds / 86400)} d",
    };

    /// <summary>Month and day within the last year, else the year: five columns at most.</summary>
    public static string Date(DateTimeOffset at, DateTimeOffset now)
    {
        bool near = at <= now.AddDays(2) && at > now.AddDays(-360);
        return at.UtcDateTime.ToString(near ? "MM-dd" : "yyyy", CultureInfo.InvariantCulture);
    }

    /// <summary>The date in full.</summary>
    public static string Day(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The mark of a severity, 3 columns at most.</summary>
    public static string SeverityMark(string? severity) => severity switch
    {
        "hazard" => ".",
        "serious-hazard" => "::",
        "incident" => "!",
        "serious-incident" => "!!",
        "disaster" => "!!!",
        _ => "",
    };

    /// <summary>A severity in at most 8 columns.</summary>
    public static string SeverityShort(string? severity) => severity switch
    {
        "serious-hazard" => "ser.haz.",
        "serious-incident" => "serious",
        null => "-",
        _ => SafeText.Show(severity),
    };

    /// <summary>The colour that repeats what mark and word say.</summary>
    public static Style SeverityStyle(string? severity) => severity switch
    {
        "disaster" => new Style(Ink.Bad, Bold: true),
        "serious-incident" => Ink.Bad,
        "incident" => Ink.Warn,
        "serious-hazard" or "hazard" => Ink.Risk,
        _ => Style.Plain,
    };

    /// <summary>A name as this node gives it: <c>@x</c> trusted or own, <c>+x</c> introduced, <c>?key4</c>
    /// unknown, <c>x:key4</c> denied. What a stranger calls itself is never shown as a name.</summary>
    public static string Name(AuthorView author)
    {
        string name = author.Name is { Length: > 0 } given
            ? SafeText.Show(given).TrimStart('@', '+')
            : Key(author.Id);
        return author.Standing switch
        {
            "own" or "trusted" => "@" + name,
            "introduced" => "+" + name,
            "denied" => "x:" + Key(author.Id),
            _ => "?" + Key(author.Id),
        };
    }

    /// <summary>The 8 characters of a CID that people use.</summary>
    public static string Short(string id)
    {
        string tail = id.StartsWith(CidPrefix, StringComparison.Ordinal) ? id[CidPrefix.Length..] : id;
        return SafeText.Show(tail.Length > 8 ? tail[..8] : tail);
    }

    /// <summary>How likely two reports tell of the same event: the number, then the word.</summary>
    public static string Likely(double? probability, string label)
    {
        string word = label switch
        {
            "this" => T("this"),
            "very-likely" => T("very"),
            "likely" => T("likely"),
            "possible" => T("maybe"),
            "no" => T("no"),
            SimilarView.WordsAlone => T("words"),
            _ => SafeText.Show(label),
        };
        return probability is { } p ? string.Create(CultureInfo.InvariantCulture, $"{p:.00} {word}") : word;
    }

    /// <summary>A peer id as its first and last four characters.</summary>
    public static string Peer(string peerId, string ellipsis)
    {
        string safe = SafeText.Show(peerId);
        return safe.Length <= 10 ? safe : safe[..4] + ellipsis + safe[^4..];
    }

    private static string Key(string id)
    {
        string tail = Short(id);
        return tail.Length > KeyLength ? tail[..KeyLength] : tail;
    }
}
