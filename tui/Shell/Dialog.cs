using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Shell;

/// <summary>One of the answers to choose from.</summary>
/// <param name="Key">The key that chooses it.</param>
/// <param name="Word">As people read it.</param>
/// <param name="Value">What it stands for.</param>
internal sealed record Choice(string Key, string Word, string Value);

/// <summary>One question.</summary>
/// <param name="Label">What is asked.</param>
/// <param name="Choices">Answers to choose from; none for a line of text.</param>
/// <param name="Text">The text to begin with.</param>
/// <param name="Hidden">Whether nobody may read what is typed.</param>
internal sealed record Question(
    string Label, IReadOnlyList<Choice> Choices, string Text = "", bool Hidden = false);

/// <summary>Questions one after the other in the last line. A choice takes one key, a text ends with Enter;
/// Esc goes back one question, and before the first it gives up.</summary>
internal sealed class Dialog
{
    private readonly IReadOnlyList<Question> questions;
    private readonly Action<IReadOnlyList<string>> done;
    private readonly List<string> answers = [];
    private readonly List<string> words = [];

    /// <param name="title">What is being done.</param>
    /// <param name="questions">The questions.</param>
    /// <param name="done">Takes the values of all answers.</param>
    /// <param name="answered">Values of the first answers, where they are known.</param>
    public Dialog(
        string title, IReadOnlyList<Question> questions, Action<IReadOnlyList<string>> done,
        params IReadOnlyList<string> answered)
    {
        (Title, this.questions, this.done) = (title, questions, done);
        foreach (string value in answered)
        {
            Choice? chosen = questions[answers.Count].Choices.FirstOrDefault(c => c.Value == value);
            Answer(value, chosen?.Word ?? value);
        }

        Begin();
    }

    /// <summary>What is being done.</summary>
    public string Title { get; }

    /// <summary>The question that is open; null when all are answered, or none will be.</summary>
    public Question? Open => Over ? null : questions[answers.Count];

    /// <summary>Whether it is over.</summary>
    public bool Over { get; private set; }

    /// <summary>Called when it is given up, or null.</summary>
    public Action? GivenUp { get; init; }

    /// <summary>Whether the last question stays open, with what was typed, until
    /// <see cref="Desk.Answered"/>: what is answered may be wrong, and nothing that is typed after it may be
    /// taken for keys.</summary>
    public bool Stays { get; init; }

    /// <summary>What stands in place of the view while it is asked, for a width, or null.</summary>
    public Func<int, IReadOnlyList<IReadOnlyList<Span>>>? Shown { get; init; }

    /// <summary>The scroll of what is shown.</summary>
    public TextScroll Scroll { get; } = new();

    /// <summary>The line of text that is being typed, or null.</summary>
    public Prompt? Line { get; private set; }

    /// <summary>What was answered so far.</summary>
    public string Heading => string.Join("  ", words.Where(w => w.Length > 0).Prepend(Title));

    /// <summary>Takes a key.</summary>
    /// <returns>Null, or why it means nothing here.</returns>
    public string? Press(string key)
    {
        if (key == "esc")
        {
            Back();
            return null;
        }

        if (Line is { } line)
        {
            if (key == "enter")
            {
                Answer(line.Text.Trim(), Open!.Hidden ? "" : line.Text.Trim());
                Go();
            }
            else if (!line.Edit(key))
            {
                line.Insert(KeyNames.Typed(key));
            }

            return null;
        }

        if (Open!.Choices.FirstOrDefault(c => c.Key == key) is not { } choice)
        {
            return T($"{key} is none of the answers; esc gives up");
        }

        Answer(choice.Value, choice.Word);
        Go();
        return null;
    }

    private void Answer(string value, string word)
    {
        answers.Add(value);
        words.Add(word);
    }

    private void Back()
    {
        if (answers.Count == 0)
        {
            Over = true;
            GivenUp?.Invoke();
            return;
        }

        answers.RemoveAt(answers.Count - 1);
        words.RemoveAt(words.Count - 1);
        Begin();
    }

    private void Go()
    {
        if (answers.Count < questions.Count)
        {
            Begin();
            return;
        }

        string[] given = [.. answers];
        Over = !Stays;
        if (Stays)
        {
            answers.RemoveAt(answers.Count - 1);
            words.RemoveAt(words.Count - 1);
            Begin();
            Line?.Set(Open!.Hidden ? "" : given[^1]);
        }

        done(given);
    }

    private void Begin() => Line = questions[answers.Count] is { Choices.Count: 0 } asked
        ? new Prompt(PromptKind.Answer, asked.Text, asked.Label + ":") { Hidden = asked.Hidden } : null;
}
