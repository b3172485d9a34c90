using System.Globalization;
using System.Text.RegularExpressions;

namespace IncidentMesh.Tests.Commands;

/// <summary>What differs from run to run, by names that do not: ids are numbered as they come, times, places,
/// keys and sizes of time are hidden.</summary>
/// <param name="home">Where everything lies.</param>
/// <param name="author">The id of the node's identity.</param>
internal sealed partial class TranscriptNames(string home, string author)
{
    private const string Passphrase = "PASSPHRASE";
    private readonly List<string> _ids = [];

    /// <summary>What was printed, with names in the place of what differs.</summary>
    public string Hide(string text)
    {
        foreach (string id in Id().Matches(text).Select(m => m.Value))
        {
            if (id != author && !_ids.Contains(id))
            {
                _ids.Add(id);
            }
        }

        text = text.Replace(home, "HOME", StringComparison.Ordinal);
        text = text.Replace(author, "AUTHOR", StringComparison.Ordinal)
            .Replace(author.Substring(7, 8), "AUTHOR8", StringComparison.Ordinal);
        text = Backlog().Replace(Process().Replace(text, "pid N"), "");
        for (int i = _ids.Count - 1; i >= 0; i--)
        {
            text = text.Replace(_ids[i], $"id{i + 1}", StringComparison.Ordinal)
                .Replace(_ids[i].Substring(7, 8), $"short{i + 1}", StringComparison.Ordinal);
        }

        text = Days().Replace(text, "N d $1");
        text = Stored().Replace(text, "stored SHORT  ");
        text = Time().Replace(text, "TIME");
        text = Month().Replace(text, "MONTH");
        text = Key().Replace(text, "KEY");
        text = Hash().Replace(text, "HASH");
        text = Milliseconds().Replace(text, "$1N");
        text = Port().Replace(Room().Replace(text, "N GiB free"), "/tcp/PORT");
        return Key4().Replace(text, "?key4");
    }

    /// <summary>What is typed, with the real ids and places.</summary>
    public string Real(string text)
    {
        // In one go, as an id may have the name of another in it.
        text = Name().Replace(text, name =>
        {
            int at = int.Parse(name.Groups[2].Value, CultureInfo.InvariantCulture) - 1;
            return at < 0 || at >= _ids.Count ? name.Value
                : name.Groups[1].Value == "id" ? _ids[at] : _ids[at].Substring(7, 8);
        });

        return text.Replace("HOME", home, StringComparison.Ordinal)
            .Replace("AUTHOR", author, StringComparison.Ordinal)
            .Replace(Passphrase, Path.Combine(home, "passphrase"), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\b(id|short)(\d+)\b")]
    private static partial Regex Name();

    [GeneratedRegex("bafyrei[a-z2-7]{52}")]
    private static partial Regex Id();

    [GeneratedRegex(@"\b\d+ d (left|late)\b")]
    private static partial Regex Days();

    [GeneratedRegex("stored [a-z2-7]{8}  ")]
    private static partial Regex Stored();

    [GeneratedRegex(@"20\d\d-\d\d-\d\d([T ]\d\d:\d\d(:[\d.]+)?(\+00:00|Z| UTC)?)?")]
    private static partial Regex Time();

    [GeneratedRegex(@"\b(20\d\d-\d\d)\b")]
    private static partial Regex Month();

    [GeneratedRegex("12D3KooW[A-Za-z0-9]+|z6Mk[A-Za-z0-9]+")]
    private static partial Regex Key();

    [GeneratedRegex(@"\b(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{16})\b")]
    private static partial Regex Hash();

    [GeneratedRegex("(milliseconds\":|seconds\":| in )[0-9.,]+(?= ms| s|,|})")]
    private static partial Regex Milliseconds();

    [GeneratedRegex(@"\d+\.\d GiB free")]
    private static partial Regex Room();

    [GeneratedRegex(@"/tcp/\d{5}\b")]
    private static partial Regex Port();

    [GeneratedRegex(@"pid \d+")]
    private static partial Regex Process();

    [GeneratedRegex(@", (embedding \d+ in the background|\d+ to be embedded when a node runs)")]
    private static partial Regex Backlog();

    [GeneratedRegex(@"\?[a-z2-7]{4}\b")]
    private static partial Regex Key4();
}
