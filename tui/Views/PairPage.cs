using System.Globalization;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>Two reports side by side, or one above the other on a narrow screen: words that both have are
/// marked, then why the machine thinks as it does, and what each answer causes.</summary>
/// <param name="desk">The desk.</param>
/// <param name="a">One report.</param>
/// <param name="b">The other.</param>
/// <param name="probability">That they tell of one event, or null.</param>
/// <param name="reasons">Why.</param>
/// <param name="putOff">Puts the pair off where one cannot tell, or null where nobody asked.</param>
internal sealed class PairPage(
    Desk desk, ReportItem a, ReportItem b, double? probability, IReadOnlyList<string> reasons,
    Action? putOff = null)
    : TextPage(desk)
{
    private const int Gap = 4;
    private const int WordMin = 4;

    private ReportView? first;
    private ReportView? second;
    private string reason = "";

    public override string Crumb => T($"{SafeText.Show(a.Short)} and {SafeText.Show(b.Short)}")
        + (probability is { } p ? string.Create(CultureInfo.InvariantCulture, $": {p:.00}") : "");

    public override Span? State =>
        reason.Length > 0 ? new Span(T($"reason: {reason}"), Style.Plain) : base.State;

    public override IReadOnlyList<Verb> Hints { get; } =
        [Verb.Same, Verb.Different, Verb.CannotTell, Verb.Reason, Verb.Translate, Verb.Back];

    public override void Refresh()
    {
        Ask(a.Id, view => first = view);
        Ask(b.Id, view => second = view);
    }

    public override string? Run(Verb verb)
    {
        switch (verb)
        {
            case Verb.Same or Verb.Different:
                Desk.Pop();
                ReportActions.Judge(
                    Desk, a, b, verb == Verb.Same ? "same-event" : "not-same-event", reason,
                    reason.Length == 0 ? null : () => Desk.Push(this));
                return null;
            case Verb.CannotTell when putOff is not null:
                Desk.Pop();
                putOff();
                return null;
            case Verb.CannotTell:
                Desk.Pop();
                Desk.Say(T("left as it is: the machine's guess stays"));
                return null;
            case Verb.Reason:
                Desk.Ask(new Dialog(T("Why"), [new(
                    T("reason"), [], reason)], answers => reason = answers[0]));
                return null;
            case Verb.Translate:
                return T("translations come later: no model for them yet");
            default:
                return base.Run(verb);
        }
    }

    protected override IReadOnlyList<IReadOnlyList<Span>> Lines(int width)
    {
        var lines = new List<IReadOnlyList<Span>>();
        HashSet<string> shared = Vocabulary(first);
        shared.IntersectWith(Vocabulary(second));
        if (width >= Desk.WideColumns)
        {
            int half = (width - Gap) / 2;
            SideBySide(lines, Report(a, first, half, shared), Report(b, second, half, shared), half);
        }
        else
        {
            lines.AddRange(Report(a, first, width, shared));
            lines.Add([]);
            lines.AddRange(Report(b, second, width, shared));
        }

        lines.Add([]);
        lines.AddRange(Answers(width));
        return lines;
    }

    private IReadOnlyList<IReadOnlyList<Span>> Answers(int width)
    {
        var lines = new LineBuilder(width);
        string why = probability is { } p
            ? T($"WHY {p:.00}") : T("WHY");
        lines.Item(why, Style.Heading, string.Join("   ", reasons.Select(r => SafeText.Show(r))), 10);
        lines.Blank();
        int peers = Desk.Node.Status?.Peers ?? 0;
        lines.Item(T("IF SAME"), Style.Heading, Plural(peers,
            $"one event; your signed claim goes to {peers:N0} peer; anyone may dispute it",
            $"one event; your signed claim goes to {peers:N0} peers; anyone may dispute it"), 14);
        lines.Item(T("IF DIFFERENT"), Style.Heading,
            T("they stay two events for you and for all who trust you"), 14);
        return lines.Lines;
    }

    private static void SideBySide(
        List<IReadOnlyList<Span>> lines,
        IReadOnlyList<IReadOnlyList<Span>> left,
        IReadOnlyList<IReadOnlyList<Span>> right,
        int half)
    {
        for (int i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            IReadOnlyList<Span> l = i < left.Count ? left[i] : [];
            int used = l.Sum(s => Columns.Of(s.Text));
            Span pad = new(new string(' ', Math.Max(1, half + Gap - used)), Style.Plain);
            lines.Add([.. l, pad, .. i < right.Count ? right[i] : []]);
        }
    }

    private IReadOnlyList<IReadOnlyList<Span>> Report(
        ReportItem item, ReportView? view, int width, HashSet<string> shared)
    {
        var lines = new LineBuilder(width);
        string place = string.Join(' ', [.. item.Countries.Take(2), item.Lang ?? ""]);
        lines.Text($"{SafeText.Show(item.Short)}  {Words.Name(item.Author)}  {SafeText.Show(place)}  "
            + Words.Date(item.Created, Desk.Time.GetUtcNow()), Style.Heading);
        lines.Text(Marked(ReportRows.Title(item), shared), Style.Strong);
        lines.Parts([item.Occurred ?? "", .. item.Models]);
        lines.Blank();
        if (view is null)
        {
            Wait(lines);
        }
        else
        {
            lines.Text(Marked(SafeText.Show(view.Description ?? "", lines: true), shared), Style.Plain);
        }

        return lines.Lines;
    }

    private static string Marked(string text, HashSet<string> shared) => string.Join(' ', text.Split(' ')
        .Select(w => shared.Contains(Bare(w)) ? $"<{w}>" : w));

    private static string Bare(string word) => word.Trim('.', ',', ';', ':', '!', '?', '"', '(', ')', '\n');

    // Only words that begin with a capital or a digit: names, numbers, not what any two texts share.
    private static HashSet<string> Vocabulary(ReportView? view) => view is null ? []
        : [.. $"{view.Report.Title} {view.Description}".Split(' ', '\n').Select(Bare)
            .Where(w => w.Length >= WordMin && (char.IsUpper(w[0]) || char.IsAsciiDigit(w[0])))];

    private void Ask(string id, Action<ReportView> answered) => Ask(
        (node, stop) => node.ReportAsync(id, stop),
        view =>
        {
            answered(view);
            Renew();
        });
}
