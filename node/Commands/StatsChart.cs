using System.Globalization;
using System.Text;
using IncidentMesh.Protocol.Api;
using ScottPlot;
using ScottPlot.Hatches;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>One bar chart as a file. It is read without colour: parts differ by hatch and stand in a
/// legend, each bar carries its number.</summary>
internal static class StatsChart
{
    private const int PixelsHigh = 600;
    private const int PixelsABar = 48;
    private const int LeastWide = 800;
    private const int MostWide = 4_000;

    // Long labels stand askew from this many bars on.
    private const int MostLevelLabels = 12;

    private const string Others = "others";

    private static readonly IHatch?[] Hatches =
    [
        null, new Striped(StripeDirection.DiagonalUp), new Dots(), new Striped(StripeDirection.Horizontal),
        new Checker(), new Striped(StripeDirection.DiagonalDown), new Grid(),
        new Striped(StripeDirection.Vertical),
    ];

    public static byte[] Png(StatsView view)
    {
        using Plot plot = Draw(view);
        return plot.GetImageBytes(Width(view), PixelsHigh, ImageFormat.Png);
    }

    public static byte[] Svg(StatsView view)
    {
        using Plot plot = Draw(view);
        return Encoding.UTF8.GetBytes(plot.GetSvgXml(Width(view), PixelsHigh));
    }

    private static int Width(StatsView view) =>
        Math.Clamp(view.Rows.Count * PixelsABar, LeastWide, MostWide);

    private static Plot Draw(StatsView view)
    {
        view = Folded(view);
        Plot plot = new();
        List<Bar> bars = [];
        for (int i = 0; i < view.Rows.Count; i++)
        {
            bars.AddRange(view.Split is null
                ? [Part(i, 0, view.Rows[i].Count, 0)]
                : Parts(view, view.Rows[i], i));
            ScottPlot.Plottables.Text number = plot.Add.Text(
                view.Rows[i].Count.ToString("N0", CultureInfo.InvariantCulture), i, Top(bars, i));
            number.LabelAlignment = Alignment.LowerCenter;
        }

        plot.Add.Bars(bars);
        string[] labels = [.. view.Rows.Select(r => SafeText.Show(r.Value))];
        plot.Axes.Bottom.SetTicks([.. labels.Select((_, i) => (double)i)], labels);
        if (labels.Length > MostLevelLabels)
        {
            plot.Axes.Bottom.TickLabelStyle.Rotation = -45;
            plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
        }

        string query = view.Query.Length == 0 ? T("all reports") : SafeText.Show(view.Query);
        plot.Title($"{query}: " + T($"{view.Total:N0} by {view.By}"));
        plot.YLabel(T("reports"));
        plot.Axes.Margins(bottom: 0, top: 0.12);
        plot.Axes.Left.TickGenerator =
            new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        plot.HideGrid();
        AddLegend(plot, view);
        plot.Font.Automatic();
        return plot;
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

    private static IEnumerable<Bar> Parts(StatsView view, StatsRow row, int position)
    {
        // A report with two countries is in two parts, which share its height.
        double bottom = 0, scale = row.Count / (double)Math.Max(1, row.Parts!.Values.Sum());
        for (int i = 0; i < view.Parts.Count; i++)
        {
            double height = row.Parts.GetValueOrDefault(view.Parts[i]) * scale;
            if (height > 0)
            {
                yield return Part(position, bottom, bottom + height, i);
            }

            bottom += height;
        }
    }

    private static double Top(List<Bar> bars, int position) =>
        bars.Where(b => b.Position == position).Select(b => b.Value).DefaultIfEmpty(0).Max();

    private static Bar Part(int position, double bottom, double top, int part)
    {
        FillStyle fill = FillOf(part);
        return new Bar
        {
            Position = position,
            ValueBase = bottom,
            Value = top,
            FillColor = fill.Color,
            FillHatch = fill.Hatch,
            FillHatchColor = fill.HatchColor,
            LineColor = Colors.Black,
        };
    }

    private static void AddLegend(Plot plot, StatsView view)
    {
        for (int i = 0; i < view.Parts.Count; i++)
        {
            plot.Legend.ManualItems.Add(new LegendItem
            {
                LabelText = SafeText.Show(view.Parts[i]),
                FillStyle = FillOf(i),
                OutlineColor = Colors.Black,
            });
        }

        if (view.Parts.Count > 0)
        {
            plot.ShowLegend(Edge.Right);
        }
    }

    private static FillStyle FillOf(int part)
    {
        return new FillStyle
        {
            Color = part == 0 ? Colors.Gray : Colors.White,
            HatchColor = Colors.Black,
            Hatch = Hatches[part],
            IsVisible = true,
        };
    }
}
