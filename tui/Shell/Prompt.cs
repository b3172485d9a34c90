using System.Globalization;

namespace IncidentMesh.Tui.Shell;

/// <summary>What the text in a prompt is for.</summary>
internal enum PromptKind
{
    /// <summary>A query, asked at each key.</summary>
    Search,

    /// <summary>A <c>:command</c>.</summary>
    Command,

    /// <summary>An answer to a question.</summary>
    Answer,
}

/// <summary>One line of text that is being typed, edited by graphemes.</summary>
/// <param name="kind">What it is for.</param>
/// <param name="text">The text to begin with.</param>
/// <param name="label">What stands before it; by default the key that opened it.</param>
/// <param name="caret">Place of the cursor; by default the end.</param>
internal sealed class Prompt(PromptKind kind, string text, string? label = null, int? caret = null)
{
    private const int TextMax = 1024;

    public PromptKind Kind { get; } = kind;

    public string Text { get; private set; } = text;

    /// <summary>Place of the cursor, in UTF-16 units.</summary>
    public int Caret { get; private set; } = caret ?? text.Length;

    /// <summary>Whether all of it is selected: what is typed next takes its place, a key that moves
    /// edits it.</summary>
    public bool Selected { get; set; }

    /// <summary>Whether nobody may read it.</summary>
    public bool Hidden { get; init; }

    /// <summary>What stands before it.</summary>
    public string Mark { get; } = label ?? (kind == PromptKind.Search ? "/" : ":");

    /// <summary>Types or pastes: line breaks become spaces, other control characters are left out.</summary>
    public void Insert(string typed)
    {
        if (Selected && typed.Length > 0)
        {
            Set("");
        }

        string clean = string.Concat(typed.ReplaceLineEndings("\n")
            .Select(c => c is '\n' or '\t' ? " " : char.IsControl(c) ? "" : $"{c}"));
        if (Text.Length + clean.Length <= TextMax)
        {
            Text = Text.Insert(Caret, clean);
            Caret += clean.Length;
        }
    }

    /// <summary>Edits by key; false when the key is not for editing.</summary>
    public bool Edit(string key)
    {
        if (Selected && key is "backspace" or "delete")
        {
            Set("");
            return true;
        }

        Selected &= KeyNames.Typed(key).Length > 0;
        switch (key)
        {
            case "backspace":
                Delete(Before(Caret), Caret);
                return true;
            case "delete":
                Delete(Caret, After(Caret));
                return true;
            case "ctrl-w":
                Delete(WordBefore(), Caret);
                return true;
            case "ctrl-u":
                Delete(0, Caret);
                return true;
            case "ctrl-k":
                Delete(Caret, Text.Length);
                return true;
            case "left":
                Caret = Before(Caret);
                return true;
            case "right":
                Caret = After(Caret);
                return true;
            case "home" or "ctrl-a":
                Caret = 0;
                return true;
            case "end" or "ctrl-e":
                Caret = Text.Length;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Replaces all of it.</summary>
    public void Set(string replacement)
    {
        Selected = false;
        Text = replacement;
        Caret = replacement.Length;
    }

    private void Delete(int from, int to)
    {
        Text = Text.Remove(from, to - from);
        Caret = from;
    }

    private int After(int at) => at >= Text.Length ? at : at + StringInfo.GetNextTextElementLength(Text, at);

    private int Before(int at)
    {
        int previous = 0;
        for (int i = 0; i < at; i = After(i))
        {
            previous = i;
        }

        return previous;
    }

    private int WordBefore()
    {
        int at = Caret;
        while (at > 0 && Text[at - 1] == ' ')
        {
            at--;
        }

        while (at > 0 && Text[at - 1] != ' ')
        {
            at--;
        }

        return at;
    }
}
