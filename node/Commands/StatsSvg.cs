using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ScottPlot;

namespace IncidentMesh.Node.Commands;

/// <summary>A chart as SVG. What draws it knows neither hatches nor letters without a font on this machine in
/// that format: it draws each part in a key colour and each text as a stand-in of its width, and both are put
/// in here.</summary>
internal sealed partial class StatsSvg
{
    // One a part after the first, which is grey, in the order of the hatches of a picture.
    private static readonly string[] Tiles =
    [
        Lines("M-2 2L2 -2M0 8L8 0M6 10L10 6"), "<circle cx=\"4\" cy=\"4\" r=\"1.5\"/>", Lines("M0 4H8"),
        "<path d=\"M0 0H4V4H0ZM4 4H8V8H4Z\"/>", Lines("M-2 6L2 10M0 0L8 8M6 -2L10 2"), Lines("M0 4H8M4 0V8"),
        Lines("M4 0V8"),
    ];

    private readonly List<string> _texts = [];

    /// <summary>What is drawn in the place of a text.</summary>
    public string StandIn(string text)
    {
        _texts.Add(text);
        string number = (_texts.Count - 1).ToString("'q'000", CultureInfo.InvariantCulture);
        return number.PadRight(TextWidth.Of(text), 'n');
    }

    /// <summary>The colour of a part that has a hatch.</summary>
    public static Color KeyOf(int part) => new(1, 2, (byte)part);

    /// <summary>Puts texts and hatches into what was drawn.</summary>
    public string Finish(string drawn)
    {
        StringBuilder patterns = new("<defs>");
        for (int i = 0; i < Tiles.Length; i++)
        {
            patterns.Append(Pattern($"hatch-{i + 1}", Tiles[i]));
            drawn = drawn.Replace(
                $"fill=\"#0102{i + 1:x2}\"", $"fill=\"url(#hatch-{i + 1})\"",
                StringComparison.OrdinalIgnoreCase);
        }

        int root = drawn.IndexOf('>', drawn.IndexOf("<svg", StringComparison.Ordinal)) + 1;
        return Drawn().Replace(drawn.Insert(root, patterns.Append("</defs>").ToString()), Written);
    }

    // Skia gives each letter a place, counted from the point that the text hangs on: the first letter of a
    // text that is centred or ends there lies left of it.
    private string Written(Match match)
    {
        double[] places = [.. match.Groups["x"].Value.Split(',', StringSplitOptions.TrimEntries)
            .Where(x => x.Length > 0).Select(x => double.Parse(x, CultureInfo.InvariantCulture))];
        double letter = places.Length > 1 ? places[1] - places[0] : 0, end = places[^1] + letter;
        (string anchor, double at) = places[0] >= 0 ? ("start", places[0])
            : end > letter ? ("middle", 0) : ("end", 0);
        string text = _texts[int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture)];
        return string.Create(CultureInfo.InvariantCulture,
            $"{match.Groups["head"].Value}x=\"{at}\" y=\"{match.Groups["y"].Value}\" ")
            + $"text-anchor=\"{anchor}\" xml:space=\"preserve\">{new XText(text)}</text>";
    }

    private static string Pattern(string id, string tile) =>
        $"<pattern id=\"{id}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
        + $"<rect width=\"8\" height=\"8\" fill=\"white\"/>{tile}</pattern>";

    private static string Lines(string path) => $"<path d=\"{path}\" stroke=\"black\" fill=\"none\"/>";

    [GeneratedRegex(
        """(?<head><text [^>]*?)x="(?<x>[^"]*)" y="(?<y>[^",]*)[^"]*">\s*q(?<n>\d+)n*\s*</text>""")]
    private static partial Regex Drawn();
}
