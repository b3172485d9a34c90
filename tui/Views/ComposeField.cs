using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;

namespace IncidentMesh.Tui.Views;

/// <summary>One question of a new report.</summary>
internal abstract class ComposeField(string label)
{
    public string Label { get; } = label;

    /// <summary>Whether it has an answer.</summary>
    public abstract bool Answered { get; }

    /// <summary>Rows that it takes.</summary>
    public virtual int Rows(bool focused) => 1;

    /// <summary>Takes a key; false when it does not know it.</summary>
    public abstract bool Press(string key);

    /// <summary>Draws the answer.</summary>
    public abstract void Draw(Area area, bool focused);
}

/// <summary>A text; open it has several rows.</summary>
internal sealed class TextField(string label, string ghost, int openRows = 1) : ComposeField(label)
{
    private readonly TextBox box = new("");

    public string Text => box.Text.Trim();

    public override bool Answered => Text.Length > 0;

    public void Insert(string text) => box.Insert(text);

    public override int Rows(bool focused) => focused ? openRows : 1;

    public override bool Press(string key) =>
        (openRows > 1 || key is not ("enter" or "up" or "down")) && box.Press(key);

    public override void Draw(Area area, bool focused)
    {
        if (!focused && Text.Length > 0)
        {
            int words = Text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Length;
            string more = openRows > 1 ? $" ({words} words)" : "";
            string line = Columns.Cut(
                SafeText.Show(Text.Replace('\n', ' ')), area.Width - more.Length, area.Canvas.Ellipsis);
            area.Write(0, 0, line + more, Style.Plain);
            return;
        }

        if (Text.Length == 0)
        {
            area.Field(focused ? 2 : 0, 0, area.Width - 2, ghost, Style.Heading);
        }

        box.Draw(area, focused);
    }
}

/// <summary>One or several of a list of answers.</summary>
internal sealed class ChoiceField(string label, IReadOnlyList<Choice> choices, bool several)
    : ComposeField(label)
{
    private readonly HashSet<int> chosen = [];
    private int at;

    public IReadOnlyList<string> Values => [.. chosen.Order().Select(c => choices[c].Value)];

    public override bool Answered => chosen.Count > 0;

    /// <summary>Chooses an answer.</summary>
    public ChoiceField With(string value)
    {
        chosen.Add(choices.ToList().FindIndex(c => c.Value == value));
        return this;
    }

    public override int Rows(bool focused) => focused && choices.Count > 4 ? (choices.Count + 2) / 3 : 1;

    public override bool Press(string key)
    {
        int number = key.Length == 1 && char.IsAsciiDigit(key[0]) ? key[0] - '1' : -1;
        switch (key)
        {
            case "left" or "right":
                at = (at + (key == "left" ? choices.Count - 1 : 1)) % choices.Count;
                return true;
            case "space":
                Turn(at);
                return true;
            case var _ when number >= 0 && number < choices.Count:
                at = number;
                Turn(at);
                return true;
            default:
                return false;
        }
    }

    public override void Draw(Area area, bool focused)
    {
        if (!focused && chosen.Count > 0 && choices.Count > 3)
        {
            string answers = string.Join("  ", chosen.Order().Select(c => Mark(c) + choices[c].Word));
            area.Field(0, 0, area.Width, answers, Style.Plain);
            return;
        }

        int columns = choices.Count > 4 ? 3 : choices.Count;
        int wide = choices.Count > 4 ? area.Width / columns : 0;
        int x = 0;
        for (int i = 0; i < choices.Count && i / columns < area.Height; i++)
        {
            string text = (focused ? $"{i + 1}" : "") + Mark(i) + choices[i].Word;
            x = wide > 0 ? i % columns * wide : x;
            Style style = focused && i == at ? Style.Selected : Style.Plain;
            area.Field(x, i / columns, wide > 0 ? wide - 1 : area.Width - x, text, style);
            x += Columns.Of(text) + 2;
        }
    }

    private string Mark(int i) => several
        ? chosen.Contains(i) ? "[x] " : "[ ] "
        : chosen.Contains(i) ? "(*) " : "( ) ";

    private void Turn(int i)
    {
        if (!several)
        {
            chosen.Clear();
            chosen.Add(i);
        }
        else if (!chosen.Remove(i))
        {
            chosen.Add(i);
        }
    }
}
