using IncidentMesh.Tui.Text;

namespace IncidentMesh.Tui.Shell;

/// <summary>Text of several lines that is being typed, edited by graphemes.</summary>
internal sealed class TextBox(string text)
{
    private const int TextMax = 64 * 1024;

    private int width = 80;

    public string Text { get; private set; } = text;

    /// <summary>Place of the cursor, in UTF-16 units.</summary>
    public int Caret { get; private set; } = text.Length;

    /// <summary>First row on the screen.</summary>
    public int Top { get; private set; }

    /// <summary>Types or pastes; control characters other than line feeds are left out.</summary>
    public void Insert(string typed)
    {
        string clean = string.Concat(typed.ReplaceLineEndings("\n")
            .Select(c => c == '\t' ? " " : c == '\n' || !char.IsControl(c) ? $"{c}" : ""));
        if (Text.Length + clean.Length <= TextMax)
        {
            Text = Text.Insert(Caret, clean);
            Caret += clean.Length;
        }
    }

    /// <summary>Takes a key; false when it is not for editing.</summary>
    public bool Press(string key)
    {
        var line = new Prompt(PromptKind.Answer, Text, caret: Caret);
        switch (key)
        {
            case "enter":
                Insert("\n");
                return true;
            case "up" or "down":
                Climb(key == "up" ? -1 : 1);
                return true;
            case "home" or "ctrl-a":
                Caret = RowOf(out _).Start;
                return true;
            case "end":
                (int from, int to) = RowOf(out _);
                Caret = to > from && to < Text.Length && Text[to - 1] == ' ' ? to - 1 : to;
                return true;
            case "ctrl-u":
                int begin = Text.LastIndexOf('\n', Math.Max(0, Caret - 1), Caret) + 1;
                Text = Text.Remove(begin, Caret - begin);
                Caret = begin;
                return true;
            case "backspace" or "delete" or "left" or "right" or "ctrl-w":
                line.Edit(key);
                (Text, Caret) = (line.Text, line.Caret);
                return true;
        }

        string typed = KeyNames.Typed(key);
        Insert(typed);
        return typed.Length > 0;
    }

    /// <summary>Draws, scrolled so that the cursor is seen.</summary>
    public void Draw(Area area, bool focused)
    {
        width = Math.Max(1, area.Width - 1);
        List<(int Start, int End)> rows = Rows();
        RowOf(out int at);
        Top = Math.Clamp(Top, Math.Max(0, at - area.Height + 1), at);
        for (int i = 0; i < area.Height && Top + i < rows.Count; i++)
        {
            (int start, int end) = rows[Top + i];
            area.Write(0, i, Protocol.Api.SafeText.Show(Text[start..end]), Style.Plain);
        }

        if (focused)
        {
            int column = Columns.Of(Protocol.Api.SafeText.Show(Text[rows[at].Start..Caret]));
            area.Canvas.Cursor = (area.Left + Math.Min(column, width), area.Top + at - Top);
        }
    }

    private void Climb(int step)
    {
        List<(int Start, int End)> rows = Rows();
        (int start, _) = RowOf(out int at);
        int column = Columns.Of(Text[start..Caret]);
        if (at + step >= 0 && at + step < rows.Count)
        {
            (int to, int end) = rows[at + step];
            Caret = to + Columns.Take(Text[to..end], column, out _).Length;
        }
    }

    private (int Start, int End) RowOf(out int index)
    {
        List<(int Start, int End)> rows = Rows();
        index = rows.FindLastIndex(r => r.Start <= Caret);
        return rows[index];
    }

    // Breaks after spaces, and between graphemes where a word is longer than a row.
    private List<(int Start, int End)> Rows()
    {
        var rows = new List<(int, int)>();
        int start = 0;
        foreach (string line in Text.Split('\n'))
        {
            int end = start + line.Length;
            int from = start;
            while (Columns.Of(Text[from..end]) > width)
            {
                int most = Math.Max(1, Columns.Take(Text[from..end], width, out _).Length);
                int space = Text.LastIndexOf(' ', from + most - 1, most);
                int to = from + most < end && Text[from + most] == ' ' ? from + most + 1
                    : space > from ? space + 1 : from + most;
                rows.Add((from, to));
                from = to;
            }

            rows.Add((from, end));
            start = end + 1;
        }

        return rows;
    }
}
