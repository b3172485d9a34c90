using System.Globalization;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Plain;

/// <summary>The same views without a screen: lines come in, lines go out, and nothing that was written
/// changes. For screen readers, braille displays, slow links and scripts. A view is written when it opens;
/// after that only those of its lines that are new.</summary>
/// <param name="desk">The views.</param>
/// <param name="output">Takes the lines.</param>
internal sealed class PlainShell(Desk desk, TextWriter output)
{
    /// <summary>Rows that are written at once.</summary>
    public const int RowsMax = 20;

    private readonly Dictionary<Page, HashSet<string>> before = [];
    private Page? shown;
    private int depth;
    private HashSet<string> written = new(StringComparer.Ordinal);
    private int selected;
    private Span? said;
    private Question? asked;
    private int held;
    private int jobs;
    private bool lost;
    private string fresh = "";

    /// <summary>The first lines.</summary>
    public void Greet()
    {
        output.WriteLine(
            T("IncidentMesh, line by line. A number opens a row, ? lists the commands, q quits."));
        foreach (string line in desk.Tour ? Tour.Lines : [])
        {
            Write(line);
        }
    }

    /// <summary>Takes a line that was typed.</summary>
    public void Enter(string line)
    {
        line = line.TrimEnd();
        said = null;
        desk.Quiet();
        if (desk.Dialog is { } dialog)
        {
            Answer(dialog, line);
        }
        else if (desk.Top.TakesText)
        {
            Type(line);
        }
        else if (line.Length == 0)
        {
            shown = null;
        }
        else if (line[0] is >= '0' and <= '9' && line != "0" && !IsGoKey(line))
        {
            Select(line);
        }
        else
        {
            Do(line);
        }
    }

    /// <summary>Writes what is new since the last call.</summary>
    public void Tell()
    {
        while (desk.ToTerminal.TryDequeue(out _))
        {
            continue;
        }

        Announce();
        if (desk.Ended)
        {
            return;
        }

        if (desk.Message is { } message && message != said)
        {
            Write(message.Text);
        }

        said = desk.Message;
        if (desk.Dialog?.Open is { } open)
        {
            Question(desk.Dialog, open);
            return;
        }

        asked = null;
        View();
    }

    // A digit alone goes to a view where no list is numbered; elsewhere :review does.
    private bool IsGoKey(string line) => desk.Top.List is not { Count: > 0 } && KeyMap.Find(line) is not null;

    private void Select(string line)
    {
        string digits = string.Concat(line.TakeWhile(char.IsAsciiDigit));
        string rest = line[digits.Length..].Trim();
        if (desk.Top.List is not { Count: > 0 } list)
        {
            desk.Say(T("there are no numbered rows here"));
        }
        else if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int row)
            || row < 1 || row > list.Count)
        {
            desk.Say(T($"there are rows 1 to {list.Count}"));
        }
        else
        {
            list.Cursor.Fit(list.Count, RowsMax);
            list.Cursor.Select(row - 1);
            selected = row - 1;
            Do(rest.Length == 0 ? KeyMap.Of(Verb.Open).Key : rest);
        }
    }

    private void Do(string line)
    {
        if (line.Length > 1 && line[0] == '/')
        {
            desk.Command($"{KeyMap.Of(Verb.Search).Command} {line[1..]}");
        }
        else if (line is "/" or "search" or ":search")
        {
            desk.Ask(new Dialog(
                T("Search"), [new(T("query"), [])],
                answers => desk.Command($"{KeyMap.Of(Verb.Search).Command} {answers[0]}")));
        }
        else if (line[0] == ':' && line.Length > 1)
        {
            desk.Command(line[1..].Trim());
        }
        else if (KeyMap.Find(line) is not null && line != ":")
        {
            desk.Press(line);
        }
        else
        {
            desk.Command(line);
        }
    }

    // In a view that takes text a line is text; a colon and the name of a key press it.
    private void Type(string line)
    {
        if (line.Length > 1 && line[0] == ':')
        {
            desk.Press(line == ":back" ? "esc" : line[1..]);
        }
        else if (desk.Top.Question is not null)
        {
            desk.Top.Answer(line);
        }
        else
        {
            desk.Paste(line);
        }
    }

    private void Answer(Dialog dialog, string line)
    {
        if (line == "esc" || line == ":back")
        {
            desk.Press("esc");
        }
        else if (dialog.Line is { } text)
        {
            text.Set(line.Length == 0 ? text.Text : line);
            desk.Press("enter");
        }
        else
        {
            Choice? choice = dialog.Open!.Choices.FirstOrDefault(
                c => c.Key == line || c.Word.Equals(line, StringComparison.OrdinalIgnoreCase));
            desk.Press(choice?.Key ?? line);
        }
    }

    private void Question(Dialog dialog, Question open)
    {
        if (asked == open)
        {
            return;
        }

        foreach (string line in asked is null && dialog.Shown is { } shown
            ? Views.LineBuilder.Texts(shown(Desk.WideColumns)) : [])
        {
            Write(line);
        }

        asked = open;
        string choices = string.Join(", ", open.Choices.Select(c => $"{c.Key} {c.Word}"));
        string answer = open.Choices.Count > 0 ? choices
            : open.Text.Length > 0 ? T($"Enter takes {SafeText.Show(open.Text)}") : T("one line");
        Write($"{dialog.Heading}: {open.Label}? {answer}; {T("esc goes back")}");
    }

    private void Announce()
    {
        if (desk.Node.LostAt is not null != lost)
        {
            lost = !lost;
            Write(lost ? T("! node lost, retrying; what was read stays") : "");
        }

        if (desk.Outbox.Waiting.Count > held)
        {
            Write(desk.Outbox.Line!.Value.Text);
        }

        held = desk.Outbox.Waiting.Count;
        int started = desk.Jobs.All.Count(j => j.Result is null);
        if (started > jobs)
        {
            Write(T($"{desk.Jobs.All[0].Title}: under way; :jobs tells how far, :stop stops it"));
        }

        jobs = started;
    }

    private void View()
    {
        Page top = desk.Top;
        List<string> lines = [];
        int from = 0;
        if (top.List is { Count: > 0 } list)
        {
            list.Cursor.Fit(list.Count, RowsMax);
            from = list.Cursor.Selected / RowsMax * RowsMax;
            int to = Math.Min(list.Count, from + RowsMax);
            lines.AddRange(Enumerable.Range(from, to - from).Select(i => $"{i + 1}. {top.Row(i)}"));
            lines.Add(to < list.Count || from > 0
                ? T($"rows {from + 1} to {to}; :page-down and :page-up show others") : "");
        }

        if (top.Question is { } question)
        {
            lines = [.. question];
        }
        else
        {
            lines.AddRange(top.Lines());
            lines.Add(top.State?.Text ?? "");
            lines.Add(top.TakesText ? T("a line is text; :ctrl-s sends, :esc goes back, :tab goes on") : "");
        }

        Heading(top);
        string[] now = [.. lines.Select(Plain).Where(l => l.Length > 0)];
        foreach (string line in now.Where(l => !written.Contains(l)))
        {
            output.WriteLine(line);
        }

        written = before[top] = [.. now];
        Moved(top);
    }

    // A view that opens is written whole; one that is come back to says where that is.
    private void Heading(Page top)
    {
        bool back = desk.Stack.Count < depth && before.ContainsKey(top);
        depth = desk.Stack.Count;
        if (top == shown)
        {
            return;
        }

        Write($"{Crumbs()}  {top.Aside(Desk.WideColumns)}");
        written = back ? before[top] : [];
        selected = -1;
        shown = back ? top : null;
        foreach (Page gone in before.Keys.Except(desk.Stack).ToArray())
        {
            before.Remove(gone);
        }
    }

    // A move inside the rows that were written says where it went; what came in says so once.
    private void Moved(Page top)
    {
        int at = top.List?.Cursor.Selected ?? 0;
        string aside = top.Aside(Desk.WideColumns);
        if (top == shown && at != selected && top.List is { Count: > 0 })
        {
            Write($"{at + 1}. {top.Row(at)}");
        }

        if (top == shown && top.Question is null && selected >= 0 && aside != fresh)
        {
            Write(aside);
        }

        (selected, fresh, shown) = (at, aside, top);
    }

    private string Crumbs()
    {
        int root = desk.Stack.ToList().FindLastIndex(p => p.IsRoot);
        return string.Join(" > ", desk.Stack.Skip(Math.Max(0, root)).Select(p => p.Crumb))
            + (desk.Top.CrumbTail is { } tail ? " > " + tail : "");
    }

    private void Write(string line)
    {
        if (Plain(line) is { Length: > 0 } text)
        {
            output.WriteLine(text);
        }
    }

    // Columns are for the eye: here one space does.
    private static string Plain(string line) =>
        string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
