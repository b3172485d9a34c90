using System.Globalization;
using System.Text;
using IncidentMesh.Protocol.Api;
using ScottPlot;
using ScottPlot.Hatches;
using SkiaSharp;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>One bar chart as a file. It is read without colour: parts differ by hatch and stand in a
/// legend, each bar carries its number.</summary>
internal static class StatsChart
{
    private const int Least = 800;
    private const int LeastHigh = 600;
    private const int PixelsAMonth = 48;
    private const int MostWide = 1_600;
    private const int PixelsABar = 26;

    // Around the bars of a lying chart: title, axis, margins.
    private const int PixelsAround = 130;
    private const int MostBars = 100;
    private const int LabelColumns = 40;
    private const int TitleColumns = 80;

    // Months stand in a row as time does: at most so many have a label, and a number.
    private const int MostLabels = 32;
    private const int PixelsOfLabel = 60;

    private const string Others = "others";

    private static readonly IHatch?[] Hatches =
    [
        null, new Striped(StripeDirection.DiagonalUp), new Dots(), new Striped(StripeDirection.Horizontal),
        new Checker(), new Striped(StripeDirection.DiagonalDown), new Grid(),
        new Striped(StripeDirection.Vertical),
    ];

    public static byte[] Png(StatsView view)
    {
        using Plot plot = Draw(view, null, out int width, out int height);
        return plot.GetImageBytes(width, height, ImageFormat.Png);
    }

    public static byte[] Svg(StatsView view)
    {
        StatsSvg svg = new();
        using Plot plot = Draw(view, svg, out int width, out int height);
        return Encoding.UTF8.GetBytes(svg.Finish(plot.GetSvgXml(width, height)));
    }

    /// <summary>Names that a picture cannot show: no letter of them is in its font, or they are of a script
    /// whose letters join or run from right to left. An SVG leaves them to whoever shows it.</summary>
    public static int Unreadable(StatsView view)
    {
        using SKTypeface face = SKTypeface.FromFamilyName(Fonts.Default);
        return view.Rows.Select(row => row.Value).Concat(view.Parts)
            .Count(name => !face.ContainsGlyphs(name) || name.EnumerateRunes().Any(Joins));
    }

    // Hebrew to Myanmar of the blocks of Unicode.
    private static bool Joins(Rune letter) => letter.Value is >= 0x0590 and <= 0x109F;

    // Bars lie, so that a name has room however long it is; those of months stand.
    private static Plot Draw(StatsView view, StatsSvg? svg, out int width, out int height)
    {
        bool months = view.By == "month";
        view = Folded(months ? view : Shortened(view));
        int count = view.Rows.Count;
        width = months ? Math.Clamp(count * PixelsAMonth, Least, MostWide) : Least;
        height = months ? LeastHigh : Math.Max(LeastHigh / 2, (count * PixelsABar) + PixelsAround);
        Plot plot = new();
        List<Bar> bars = [];
        for (int i = 0; i < count; i++)
        {
            int place = months ? i : -i;
            bars.AddRange((view.Split is null
                ? [Part(place, 0, view.Rows[i].Count, FillOf(0, svg))]
                : Parts(view, view.Rows[i], place, svg)));
            if (!months || count <= MostLabels)
            {
                Number(plot, view.Rows[i].Count, place, months);
            }
        }

        bars.ForEach(b => b.Orientation = months ? Orientation.Vertical : Orientation.Horizontal);
        plot.Add.Bars(bars);
        string Text(string text) => svg?.StandIn(text) ?? text;
        Label(plot, [.. view.Rows.Select(r => Text(TextWidth.Cut(SafeText.Show(r.Value), LabelColumns)))],
            months);
        string query = view.Query.Length == 0 ? T("all reports")
            : TextWidth.Cut(SafeText.Show(view.Query), TitleColumns);
        plot.Title(Text($"{query}: " + T($"{view.Total:N0} by {view.By}") + Nameless(view)));
        plot.HideGrid();
        AddLegend(plot, view, svg);
        plot.Font.Automatic();
        return plot;
    }

    private static string Nameless(StatsView view) =>
        view.Without == 0 ? "" : "; " + T($"{view.Without:N0} name no {view.By}");

    private static void Number(Plot plot, int count, int place, bool months)
    {
        string words = count.ToString("N0", CultureInfo.InvariantCulture);
        ScottPlot.Plottables.Text number = months
            ? plot.Add.Text(words, place, count) : plot.Add.Text(" " + words, count, place);
        number.LabelAlignment = months ? Alignment.LowerCenter : Alignment.MiddleLeft;
    }

    private static void Label(Plot plot, string[] labels, bool months)
    {
        IAxis names = months ? plot.Axes.Bottom : plot.Axes.Left;
        IAxis values = months ? plot.Axes.Left : plot.Axes.Bottom;
        int step = months ? (labels.Length + MostLabels - 1) / MostLabels : 1;
        int[] shown = [.. Enumerable.Range(0, labels.Length).Where(i => i % step == 0)];
        names.SetTicks([.. shown.Select(i => (double)(months ? i : -i))], [.. shown.Select(i => labels[i])]);
        values.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        values.Label.Text = T("reports");
        if (months)
        {
            names.TickLabelStyle.Rotation = -45;
            names.TickLabelStyle.Alignment = Alignment.MiddleRight;
            names.MinimumSize = PixelsOfLabel;
            plot.Axes.Margins(bottom: 0, top: 0.12);
        }
        else
        {
            plot.Axes.Margins(left: 0, right: 0.12, bottom: 0.02, top: 0.02);
        }
    }

    // Bars beyond the first are one.
    private static StatsView Shortened(StatsView view)
    {
        StatsRow[] rest = [.. view.Rows.Skip(MostBars)];
        return rest.Length <= 1 ? view : view with
        {
            Rows =
            [
                .. view.Rows.Take(MostBars),
                new StatsRow(
                    T($"{rest.Length:N0} others"), rest.Sum(r => r.Count),
                    view.Split is null ? null : rest.SelectMany(r => r.Parts ?? new Dictionary<string, int>())
                        .GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Sum(p => p.Value))),
            ],
        };
    }

    // Parts that no bar has need no place in the legend; those beyond the hatches are one.
    private static StatsView Folded(StatsView view)
    {
        string[] seen = [.. view.Parts.Where(p => view.Rows.Any(r => r.Parts?.GetValueOrDefault(p) > 0))];
        if (seen.Length <= Hatches.Length)
        {
            return view with { Parts = seen };
        }

        string[] shown = seen[..(Hatches.Length - 1)];
        StatsRow Fold(StatsRow row)
        {
            Dictionary<string, int> parts =
                row.Parts!.Where(p => shown.Contains(p.Key)).ToDictionary(p => p.Key, p => p.Value);
            parts[Others] = row.Parts!.Where(p => !shown.Contains(p.Key)).Sum(p => p.Value);
            return row with { Parts = parts };
        }

        return view with { Parts = [.. shown, Others], Rows = [.. view.Rows.Select(Fold)] };
    }

    private static IEnumerable<Bar> Parts(
        StatsView view, StatsRow row, int position, StatsSvg? svg)
    {
        // A report with two countries is in two parts, which share its height.
        double bottom = 0, scale = row.Count / (double)Math.Max(1, row.Parts!.Values.Sum());
        for (int i = 0; i < view.Parts.Count; i++)
        {
            double height = row.Parts.GetValueOrDefault(view.Parts[i]) * scale;
            if (height > 0)
            {
                yield return Part(position, bottom, bottom + height, FillOf(i, svg));
            }

            bottom += height;
        }
    }

    private static Bar Part(int position, double bottom, double top, FillStyle fill) => new()
    {
        Position = position,
        ValueBase = bottom,
        Value = top,
        FillColor = fill.Color,
        FillHatch = fill.Hatch,
        FillHatchColor = fill.HatchColor,
        LineColor = Colors.Black,
    };

    private static void AddLegend(Plot plot, StatsView view, StatsSvg? svg)
    {
        for (int i = 0; i < view.Parts.Count; i++)
        {
            plot.Legend.ManualItems.Add(new LegendItem
            {
                LabelText = svg?.StandIn(SafeText.Show(view.Parts[i])) ?? SafeText.Show(view.Parts[i]),
                FillStyle = FillOf(i, svg),
                OutlineColor = Colors.Black,
            });
        }

        if (view.Parts.Count > 0)
        {
            plot.ShowLegend(Edge.Right);
        }
    }

    private static FillStyle FillOf(int part, StatsSvg? svg) => new()
    {
        Color = part == 0 ? Colors.Gray : svg is null ? Colors.White : StatsSvg.KeyOf(part),
        HatchColor = Colors.Black,
        Hatch = svg is null ? Hatches[part] : null,
        IsVisible = true,
    };
}
