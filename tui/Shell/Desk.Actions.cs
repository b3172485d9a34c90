using System.Text;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Text;

namespace IncidentMesh.Tui.Shell;

/// <content>Questions, undo, copy and quit.</content>
internal sealed partial class Desk
{
    private const int UndoMax = 50;
    private static readonly TimeSpan QuitPause = TimeSpan.FromMilliseconds(100);

    private readonly List<(string What, Action Back)> undo = [];

    /// <summary>The questions that are open, or null.</summary>
    public Dialog? Dialog { get; private set; }

    /// <summary>Whether only the text of the view is shown, so that it can be marked with the mouse; any key
    /// ends it.</summary>
    public bool Bare { get; private set; }

    /// <summary>Sequences for the terminal that draw nothing.</summary>
    public Queue<string> ToTerminal { get; } = [];

    /// <summary>Asks; nothing is asked where all is answered already.</summary>
    public void Ask(Dialog dialog)
    {
        Dialog = dialog.Over ? null : dialog;
        Changed();
    }

    /// <summary>Something was done that <see cref="Verb.Undo"/> takes back.</summary>
    public void Undoable(string what, Action back)
    {
        undo.Add((what, back));
        if (undo.Count > UndoMax)
        {
            undo.RemoveAt(0);
        }
    }

    /// <summary>Copies text with the terminal's help.</summary>
    /// <param name="text">Text that is safe to show.</param>
    /// <param name="what">What it is, in words.</param>
    public void Copy(string text, string what)
    {
        if (TerminalClipboard.Copy(text, Variable) is { } sequence)
        {
            ToTerminal.Enqueue(sequence);
            Say($"{what} was sent to your terminal; if it did not take it, ctrl-y shows bare text");
        }
        else
        {
            Say($"{what} has {Words.Number(Encoding.UTF8.GetByteCount(text))} bytes, terminals take "
                + $"{Words.Number(TerminalClipboard.BytesMax)}; ctrl-y shows bare text", Ink.Warn);
        }
    }

    private void Undo()
    {
        if (Outbox.TakeBack())
        {
            return;
        }

        if (undo.Count == 0)
        {
            Say("nothing to undo; what was sent is corrected with e, taken back with x");
            return;
        }

        (string what, Action back) = undo[^1];
        undo.RemoveAt(undo.Count - 1);
        Say($"undone: {what}");
        back();
    }

    private void PressInDialog(Dialog dialog, string key)
    {
        string? why = dialog.Press(key);
        if (dialog.Over && Dialog == dialog)
        {
            Dialog = null;
        }

        if (why is not null)
        {
            Say(SafeText.Show(why));
        }
    }

    private void Quit()
    {
        if (Outbox.Waiting is [])
        {
            Ended = true;
            return;
        }

        Ask(new Dialog(
            $"{Words.Count(Outbox.Waiting.Count, "record")} would be lost",
            [new("what now", [
                new("s", "send now and quit", "send"), new("d", "drop and quit", "drop"),
                new("w", "wait here", "wait")])],
            answers =>
            {
                if (answers[0] == "drop")
                {
                    Ended = true;
                }
                else if (answers[0] == "send")
                {
                    Outbox.SendAll();
                    EndWhenSent();
                }
            }));
    }

    private void EndWhenSent() => After(QuitPause, () =>
    {
        if (Outbox.Waiting is not [])
        {
            EndWhenSent();
        }
        else
        {
            // A record that was refused came back as a draft.
            Ended = Dialog is null && Message?.Style.Ink != Ink.Bad;
        }
    });
}
