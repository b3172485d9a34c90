using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>One question of a new report, on the screen.</summary>
internal abstract class ComposeField(SubmissionForm form, SubmissionStep step)
{
    /// <summary>The question.</summary>
    public SubmissionStep Step { get; } = step;

    /// <summary>All answers.</summary>
    protected SubmissionForm Form { get; } = form;

    /// <summary>Rows that it takes in <paramref name="width"/> columns.</summary>
    public virtual int Rows(bool focused, int width) => 1;

    /// <summary>Takes a key; false when it does not know it.</summary>
    public abstract bool Press(string key);

    /// <summary>Draws the answer.</summary>
    public abstract void Draw(Area area, bool focused);

    /// <summary>The field for a question.</summary>
    public static ComposeField Of(SubmissionForm form, SubmissionStep step) => step.Kind switch
    {
        StepKind.One or StepKind.Several or StepKind.YesNo => new ChoiceField(form, step),
        StepKind.Evidence => new EvidenceField(form, step),
        _ => new TextField(form, step),
    };
}

/// <summary>A text; open, that of what was told has several rows.</summary>
internal sealed class TextField(SubmissionForm form, SubmissionStep step) : ComposeField(form, step)
{
    private const int OpenRows = 6;
    private TextBox box = new(form[step.Id]);

    private bool Several => Step.Kind == StepKind.Text;

    /// <summary>The text as it stands.</summary>
    public string Text => box.Text;

    /// <summary>What the told text offers here, or empty.</summary>
    public string Offer { get; set; } = "";

    public void Insert(string text)
    {
        box.Insert(Several ? text : text.ReplaceLineEndings(" "));
        Form.Answer(Step.Id, box.Text);
    }

    /// <summary>Replaces all of it.</summary>
    public void Set(string text)
    {
        box = new TextBox(text);
        Form.Answer(Step.Id, text);
    }

    /// <summary>Takes the offer where nothing stands here yet.</summary>
    public bool TakeOffer()
    {
        if (Offer.Length == 0 || box.Text.Length > 0)
        {
            return false;
        }

        Set(Offer);
        return true;
    }

    public override int Rows(bool focused, int width) => focused && Several ? OpenRows : 1;

    public override bool Press(string key)
    {
        bool taken = (Several || key is not ("enter" or "up" or "down")) && box.Press(key);
        if (taken)
        {
            Form.Answer(Step.Id, box.Text);
        }

        return taken;
    }

    public override void Draw(Area area, bool focused)
    {
        string text = box.Text.Trim();
        if (!focused && text.Length > 0)
        {
            int words = text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Length;
            string more = Several ? " " + Plural(words, $"({words} word)", $"({words} words)") : "";
            string line = Columns.Cut(
                SafeText.Show(text.Replace('\n', ' ')), area.Width - Columns.Of(more), area.Canvas.Ellipsis);
            area.Write(0, 0, line + more, Style.Plain);
            return;
        }

        if (text.Length == 0)
        {
            string ghost = Offer.Length > 0 && focused ? T($"{SafeText.Show(Offer)}?  tab takes it")
                : Ghost();
            area.Field(focused ? 2 : 0, 0, area.Width - 2, ghost, Style.Heading);
        }

        box.Draw(area, focused);
    }

    private string Ghost() => Step.Id switch
    {
        SubmissionSteps.Title when Form.Title.Length > 0 => SafeText.Show(Form.Title),
        SubmissionSteps.Language when Form.Language is { } guess => T($"{guess} (guessed)"),
        _ => Step.Help,
    };
}

/// <summary>One or several of a list of answers.</summary>
internal sealed class ChoiceField(SubmissionForm form, SubmissionStep step) : ComposeField(form, step)
{
    private const int Apart = 2;
    private const int ShownMost = 3;
    private int at;

    private IReadOnlyList<StepChoice> Choices => Form.Choices(Step);

    private bool Several => Step.Kind == StepKind.Several;

    public override int Rows(bool focused, int width) =>
        focused && Choices.Count > 0 ? Places(width).Max(p => p.Y) + 1 : 1;

    public override bool Press(string key)
    {
        int count = Choices.Count;
        int number = key.Length == 1 && char.IsAsciiDigit(key[0]) ? key[0] - '1' : -1;
        switch (key)
        {
            case "left" or "right":
                at = (at + (key == "left" ? count - 1 : 1)) % count;
                return true;
            case "space":
                Turn(Math.Min(at, count - 1));
                return true;
            case var _ when number >= 0 && number < count:
                at = number;
                Turn(at);
                return true;
            default:
                return false;
        }
    }

    public override void Draw(Area area, bool focused)
    {
        StepChoice[] choices = [.. Choices];
        if (!focused && choices.Length > ShownMost && Form.Answered(Step))
        {
            string answers = string.Join(
                "  ", choices.Where(Chosen).Select(c => Mark(c) + c.Label));
            area.Field(0, 0, area.Width, answers, Style.Plain);
            return;
        }

        if (!focused)
        {
            string all = string.Join(new string(' ', Apart), choices.Select(c => Mark(c) + c.Label));
            area.Field(0, 0, area.Width, all, Style.Plain);
            return;
        }

        foreach ((int i, (int x, int y)) in Places(area.Width).Index())
        {
            string text = Numbered(choices[i], i);
            area.Field(x, y, area.Width - x, text, i == at ? Style.Selected : Style.Plain);
        }
    }

    // One after the other, as words stand in a text: none is cut that is not wider than a row.
    private IEnumerable<(int X, int Y)> Places(int width)
    {
        (int x, int y) = (0, 0);
        foreach ((int i, StepChoice choice) in Choices.Index())
        {
            int wide = Columns.Of(Numbered(choice, i));
            (x, y) = x > 0 && x + wide > width ? (0, y + 1) : (x, y);
            yield return (x, y);
            x += wide + Apart;
        }
    }

    private string Numbered(StepChoice choice, int i) => $"{i + 1}{Mark(choice)}{choice.Label}";

    private bool Chosen(StepChoice choice) => Form.Values(Step.Id).Contains(choice.Value);

    private string Mark(StepChoice choice) => (Several, Chosen(choice)) switch
    {
        (true, true) => "[x] ",
        (true, false) => "[ ] ",
        (false, true) => "(*) ",
        _ => "( ) ",
    };

    private void Turn(int i)
    {
        StepChoice choice = Choices[i];
        Form.Answer(Step.Id, Several
            ? [.. Choices.Where(c => Chosen(c) != (c == choice)).Select(c => c.Value)]
            : [choice.Value]);
    }
}

/// <summary>Files, links and what is kept; a link is typed here.</summary>
internal sealed class EvidenceField(SubmissionForm form, SubmissionStep step) : ComposeField(form, step)
{
    private TextBox box = new("");

    /// <summary>The link that is being typed.</summary>
    public string Text => box.Text.Trim();

    public void Insert(string text) => box.Insert(text.ReplaceLineEndings(" "));

    /// <summary>Takes the link that was typed; false where it is none.</summary>
    public bool Settle()
    {
        if (Text.Length == 0)
        {
            return true;
        }

        if (!Protocol.Records.Forms.IsUrl(Text))
        {
            return false;
        }

        Form.Add(new() { ["url"] = Text });
        box = new TextBox("");
        return true;
    }

    public override int Rows(bool focused, int width) => focused ? Form.Evidence.Count + 1 : 1;

    public override bool Press(string key)
    {
        if (key == "backspace" && box.Text.Length == 0)
        {
            return Form.RemoveLastEvidence();
        }

        return key is not ("enter" or "up" or "down") && box.Press(key);
    }

    public override void Draw(Area area, bool focused)
    {
        string[] entries = [.. Form.Evidence.Select(Words)];
        if (!focused)
        {
            string all = entries.Length == 0 ? Step.Help : string.Join("  ", entries);
            area.Field(0, 0, area.Width, all, entries.Length == 0 ? Style.Heading : Style.Plain);
            return;
        }

        for (int i = 0; i < entries.Length; i++)
        {
            area.Field(0, i, area.Width, entries[i], Style.Plain);
        }

        Area line = area.Part(0, entries.Length, area.Width, 1);
        if (box.Text.Length == 0)
        {
            line.Field(2, 0, line.Width - 2, T("a link; F2 file  F3 link  F4 kept by us"), Style.Heading);
        }

        box.Draw(line, true);
    }

    private static string Words(System.Text.Json.Nodes.JsonObject entry) => SafeText.Show(
        (string?)entry["name"] ?? (string?)entry["url"] ?? T("kept by us, not shared"));
}
