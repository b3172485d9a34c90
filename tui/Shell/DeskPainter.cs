using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Shell;

/// <summary>Draws what every screen has: one line of state above, breadcrumbs or prompt, the body in one or
/// two panes, one line for messages, one of hints. No frames: a row copied with the mouse is clean.</summary>
internal static class DeskPainter
{
    /// <summary>Columns and rows below which one line says that there is no room.</summary>
    public const int ColumnsMin = 40;
    public const int RowsMin = 10;

    private const int ThreePaneColumns = 118;
    private const int ListColumns = 56;
    private const int Gap = 2;

    // Room at the left of the first line for the program and the beginning of the node's name.
    private const int NameColumns = 16;

    public static void Draw(Desk desk, Canvas canvas)
    {
        if (canvas.Width < ColumnsMin || canvas.Height < RowsMin)
        {
            string small = T($"{canvas.Width}x{canvas.Height} is too small, needs {ColumnsMin}x{RowsMin}");
            canvas.All.Field(0, 0, canvas.Width, small, Style.Plain);
            return;
        }

        if (desk.Bare)
        {
            desk.Top.Draw(canvas.All, focused: false);
            return;
        }

        Header(desk, canvas.All);
        int tour = desk.Tour && desk.Stack.Count == 1 ? Tour.Lines.Count + 1 : 0;
        Body(desk, canvas.All.Part(0, 2, canvas.Width, canvas.Height - 4 - tour));
        for (int i = 0; i < tour - 1; i++)
        {
            canvas.All.Field(2, canvas.Height - 1 - tour + i, canvas.Width - 2, Tour.Lines[i], Style.Plain);
        }

        Trail(desk, canvas.All);
        Span? heading = desk.Dialog is { } asked ? new Span(Heading(asked), Style.Strong) : null;
        if ((desk.Message ?? heading ?? desk.Outbox.Line ?? desk.Jobs.Line ?? desk.Top.State) is { } said)
        {
            canvas.All.Field(0, canvas.Height - 2, canvas.Width, said.Text, said.Style);
        }

        Prompt? typed = desk.Prompt is { Kind: PromptKind.Command } ? desk.Prompt : desk.Dialog?.Line;
        if (typed is not null)
        {
            Typed(typed, canvas.All, canvas.Height - 1, canvas.Width);
        }
        else
        {
            canvas.All.Field(0, canvas.Height - 1, canvas.Width, Hints(desk, canvas.Width), Style.Plain);
        }
    }

    /// <summary>Where the two panes of a wide screen stand: list, then text.</summary>
    public static (Area List, Area Text) Panes(Area body)
    {
        int list = ListColumns + (Math.Max(0, body.Width - 120) / 2);
        return (body.Part(0, 0, list, body.Height),
            body.Part(list + Gap, 0, body.Width - list - Gap, body.Height));
    }

    /// <summary>The page left and the page right; right is null for one pane.</summary>
    public static (Page Left, Page? Right) Pair(Desk desk) => desk switch
    {
        { IsWide: true, Zoomed: false, Top.Owner: { } owner } => (owner, desk.Top),
        { IsWide: true, Top.Beside: { } beside } => (desk.Top, beside),
        _ => (desk.Top, null),
    };

    // A text is asked for where it is typed.
    private static string Heading(Dialog asked) => asked.Heading
        + (asked is { Line: null, Open.Label: { Length: > 0 } label } ? $"  {label}?" : "");

    private static void Shown(Dialog dialog, Area body)
    {
        IReadOnlyList<IReadOnlyList<Span>> lines = dialog.Shown!(body.Width);
        dialog.Scroll.Fit(lines.Count, body.Height);
        for (int i = 0; i < body.Height && dialog.Scroll.Top + i < lines.Count; i++)
        {
            body.Write(0, i, lines[dialog.Scroll.Top + i]);
        }

        if (dialog.Scroll.More)
        {
            body.Write(
                0, body.Height - 1, Columns.Pad(T("(more below: down)"), body.Width), Style.Heading);
        }
    }

    private static void Body(Desk desk, Area body)
    {
        if (desk.Dialog is { Shown: not null } dialog)
        {
            Shown(dialog, body);
            return;
        }

        if (desk.IsWide && desk.Top is Views.FacetsPage facets)
        {
            facets.Draw(body.Part(0, 0, Views.FacetsPage.Columns, body.Height), focused: true);
            int rest = Views.FacetsPage.Columns + 1;
            Area remainder = body.Part(rest, 0, body.Width - rest, body.Height);
            bool three = body.Width >= ThreePaneColumns;
            (Area middle, Area beside) = three ? Panes(remainder) : (remainder, remainder);
            facets.Narrowed.Draw(middle, focused: false);
            if (three)
            {
                facets.Narrowed.Beside!.Draw(beside, focused: false);
            }

            return;
        }

        (Page left, Page? right) = Pair(desk);
        if (right is null)
        {
            left.Draw(body, focused: true);
            return;
        }

        (Area list, Area text) = Panes(body);
        left.Draw(list, focused: desk.Top == left);
        right.Draw(text, focused: desk.Top == right);
    }

    private static void Header(Desk desk, Area screen)
    {
        StatusView? status = desk.Node.Status;
        int x = screen.Write(0, 0, "IncidentMesh", Style.Strong);
        string name = status is null ? "" : "@" + SafeText.Show(status.Name).TrimStart('@');
        (string right, Style style) = desk.Node.LostAt is not null
            ? (T($"! node lost {Words.Ago(desk.Node.LostSeconds)}, retrying"), new Style(Ink.Bad, Bold: true))
            : (status is null ? T("connecting") : Numbers(desk, status, screen.Width), Style.Plain);
        screen.Field(x + 1, 0, Math.Max(0, screen.Width - x - 3 - Columns.Of(right)), name, Style.Plain);
        screen.WriteRight(screen.Width, 0, right, style);
    }

    private static string Numbers(Desk desk, StatusView status, int width)
    {
        int reports = status.ByType.GetValueOrDefault("incident")
            + status.ByType.GetValueOrDefault("model-risk");
        string[] parts =
        [
            desk.Alerts.Line,
            Plural(status.Peers, $"{status.Peers} peer", $"{Words.Number(status.Peers)} peers"),
            Plural(reports, $"{reports} report", $"{Words.Number(reports)} reports"),
            status.Quarantine > 0 ? T($"{Words.Number(status.Quarantine)} in quarantine") : "",
            status.EmbedBacklog > 0 && width >= Desk.WideColumns
                ? T($"{Words.Number(status.EmbedBacklog)} to embed") : "",
            status.SyncedSecondsAgo is { } seconds ? T($"synced {Words.Ago(seconds)}") : T("not synced"),
        ];
        string[] fit = [.. parts.Where(p => p.Length > 0).Take(width < 60 ? 2 : 6)];
        while (fit.Length > 1 && Columns.Of(string.Join("  ", fit)) > width - NameColumns)
        {
            fit = fit[..^1];
        }

        return string.Join("  ", fit);
    }

    private static void Trail(Desk desk, Area screen)
    {
        string aside = desk.Top.Aside(screen.Width);
        int room = screen.Width - (aside.Length > 0 ? Columns.Of(aside) + 2 : 0);
        if (desk.Prompt is { Kind: PromptKind.Search } prompt)
        {
            Typed(prompt, screen, 1, room);
        }
        else
        {
            Crumbs(desk, screen, room);
        }

        screen.WriteRight(screen.Width, 1, aside, Style.Plain);
    }

    private static void Crumbs(Desk desk, Area screen, int room)
    {
        int root = desk.Stack.ToList().FindLastIndex(p => p.IsRoot);
        string[] above = [.. desk.Stack.Skip(Math.Max(0, root)).SkipLast(1).Select(p => p.Crumb)];
        string last = desk.Top.Crumb + (desk.Top.CrumbTail is { } tail ? " > " + tail : "");
        string path = string.Join(" > ", above.Append(""));

        // Where one is matters more than the way there.
        for (int left = 1; left <= above.Length && Columns.Of(path + last) > room; left++)
        {
            path = string.Join(" > ", above.Skip(left).Prepend(desk.Ellipsis).Append(""));
        }

        string shown = Columns.Cut(path + last, room, desk.Ellipsis);
        if (shown.Length <= path.Length)
        {
            screen.Write(0, 1, shown, Style.Plain);
            return;
        }

        int x = screen.Write(0, 1, path, Style.Plain);
        screen.Write(x, 1, shown[path.Length..], Style.Strong);
    }

    private static void Typed(Prompt prompt, Area screen, int row, int room)
    {
        int x = screen.Write(0, row, prompt.Mark + " ", Style.Strong);
        string shown = prompt.Hidden ? new string('*', prompt.Text.Length) : prompt.Text;
        string before = Columns.TakeEnd(SafeText.Show(shown[..prompt.Caret]), room - x - 1);
        x = screen.Write(x, row, before, prompt.Selected ? Style.Selected : Style.Plain);
        screen.Canvas.Cursor = (screen.Left + x, screen.Top + row);
        screen.Part(0, row, room, 1).Write(x, 0, SafeText.Show(shown[prompt.Caret..]), Style.Plain);
    }

    private static string Hints(Desk desk, int width)
    {
        if (desk.Dialog?.Open is { } open)
        {
            string choices = string.Join("  ", open.Choices.Select(c => $"{c.Key} {c.Word}"));
            string back = $"{KeyMap.Of(Verb.Back).Key} {KeyMap.Of(Verb.Back).Hint}";
            string both = choices.Length == 0 ? back : $"{choices}  {back}";
            string narrow = choices.Replace("  ", " ", StringComparison.Ordinal);
            return Columns.Of(both) <= width ? both : Columns.Of(choices) <= width ? choices : narrow;
        }

        if (desk.Prompt is null && desk.Top.HintLine is { } line)
        {
            return line;
        }

        return KeyHints(desk, width);
    }

    private static string KeyHints(Desk desk, int width)
    {
        IReadOnlyList<string> hints = desk.Prompt is { Kind: PromptKind.Search }
            ? [T("type to search"), T("enter keep"), T("esc back"), T("up down select")]
            : [.. desk.Top.Hints.Where(v => v != Verb.Back || desk.Stack.Count > 1)
                .Select(v => $"{KeyMap.Of(v).Key} {desk.Top.HintOf(v)}")];
        string last = $"{KeyMap.Of(Verb.Keys).Key} {KeyMap.Of(Verb.Keys).Hint}";
        string keys = "";
        foreach (string hint in hints)
        {
            if (Columns.Of(keys) + Columns.Of(hint) + 2 + Columns.Of(last) <= width)
            {
                keys += hint + "  ";
            }
        }

        return desk.Prompt is null && desk.Top is not Views.HelpPage ? keys + last : keys.TrimEnd();
    }
}
