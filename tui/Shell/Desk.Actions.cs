using System.Text;
using IncidentMesh.Editing;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Text;
using IncidentMesh.Tui.Views;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Shell;

/// <content>Questions, undo, copy and quit, and the way to a view.</content>
internal sealed partial class Desk
{
    private const int UndoMax = 50;
    private static readonly TimeSpan QuitPause = TimeSpan.FromMilliseconds(100);

    // Quitting waits so often for what is saved, then asks.
    private const int QuitPauses = 20;

    private readonly List<(long Act, string What, Action Back)> undo = [];
    private readonly List<Page> left = [];
    private long acts;

    /// <summary>The questions that are open, or null.</summary>
    public Dialog? Dialog { get => field is { Over: false } ? field : null; private set; }

    /// <summary>Whether only the text of the view is shown, so that it can be marked with the mouse; any key
    /// ends it.</summary>
    public bool Bare { get; private set; }

    /// <summary>Sequences for the terminal that draw nothing.</summary>
    public Queue<string> ToTerminal { get; } = [];

    /// <summary>Asks; nothing is asked where all is answered already.</summary>
    public void Ask(Dialog dialog)
    {
        Dialog = dialog;
        Changed();
    }

    /// <summary>What was answered is good: a question that stays is over.</summary>
    public void Answered()
    {
        Dialog = null;
        Changed();
    }

    /// <summary>The number of what is done now: the highest is undone first.</summary>
    public long Act() => ++acts;

    /// <summary>Something was done that <see cref="Verb.Undo"/> takes back.</summary>
    /// <param name="what">What was done.</param>
    /// <param name="back">Takes it back.</param>
    /// <param name="act">Its number, where it was done before now.</param>
    public void Undoable(string what, Action back, long? act = null)
    {
        undo.Add((act ?? Act(), what, back));
        undo.Sort((a, b) => a.Act.CompareTo(b.Act));
        if (undo.Count > UndoMax)
        {
            undo.RemoveAt(0);
        }
    }

    /// <summary>The text that waits for the person's own editor, or null: the screen gives the terminal away
    /// for it.</summary>
    public (string Text, Action<string> Edited)? Lent { get; private set; }

    /// <summary>Asks for the person's own editor.</summary>
    /// <param name="text">What is edited.</param>
    /// <param name="edited">Takes the text that came back.</param>
    public void Lend(string text, Action<string> edited)
    {
        if (IsPlain || TextEditor.Command(Variable) is null)
        {
            Say(IsPlain ? T("line by line there is no editor; incidentmesh draft edit N opens one")
                : T("no editor is set: EDITOR=nano incidentmesh tui"), Ink.Warn);
            return;
        }

        Lent = (text, edited);
        Changed();
    }

    /// <summary>Edits what was lent; nothing changes where the editor says that it gave up.</summary>
    /// <param name="editor">Takes the text and gives the edited one, or null.</param>
    public void Edit(Func<string, string?> editor)
    {
        if (Lent is not { } lent)
        {
            return;
        }

        Lent = null;
        try
        {
            if (editor(lent.Text) is { } text)
            {
                lent.Edited(text);
            }
            else
            {
                Say(T("the editor gave up: nothing was changed"), Ink.Warn);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException
            or System.ComponentModel.Win32Exception)
        {
            Say("! " + SafeText.Show(e.Message), Ink.Bad);
        }

        Changed();
    }

    /// <summary>Whether something is saved still that would be lost.</summary>
    public bool IsKeeping => Written.Any(p => p.IsKeeping);

    /// <summary>What was written and is not saved, in words.</summary>
    public IReadOnlyList<string> Unsaved => [.. Written.Select(p => p.Unsaved).OfType<string>()];

    /// <summary>Whether something goes on, or waits for the node, that would be lost.</summary>
    public bool IsBusy => Outbox.IsSending || Jobs.WouldBeLost is not [] || IsKeeping
        || (Unsaved is not [] && Node.LostAt is not null);

    // A report that was left for the list is written on still.
    private IEnumerable<Page> Written => stack.Concat(left).Append(Draft).OfType<Page>().Distinct();

    private void QuitNow()
    {
        Keep();
        Ended = true;
    }

    private void Keep()
    {
        foreach (Page page in Written)
        {
            page.Keep();
        }
    }

    /// <summary>Copies text with the terminal's help.</summary>
    /// <param name="text">Text that is safe to show.</param>
    /// <param name="what">What it is, in words.</param>
    public void Copy(string text, string what)
    {
        if (IsPlain)
        {
            Say($"{what}: {text}");
        }
        else if (TerminalClipboard.Copy(text, Variable) is { } sequence)
        {
            ToTerminal.Enqueue(sequence);
            Say(T($"{what} was sent to your terminal; if it did not take it, ctrl-y shows bare text"));
        }
        else
        {
            string bytes = Words.Number(Encoding.UTF8.GetByteCount(text));
            string most = Words.Number(TerminalClipboard.BytesMax);
            Say(T($"{what} has {bytes} bytes, terminals take {most}; ctrl-y shows bare text"), Ink.Warn);
        }
    }

    private void Undo()
    {
        if (Outbox.LastAct is { } held && (undo is not [.., var last] || held > last.Act))
        {
            Outbox.TakeBack(held);
            return;
        }

        if (undo.Count == 0)
        {
            Say(T("nothing to undo; what was sent is corrected with e, taken back with x"));
            return;
        }

        (_, string what, Action back) = undo[^1];
        undo.RemoveAt(undo.Count - 1);
        Say(T($"undone: {what}"));
        back();
    }

    private void PressInDialog(Dialog dialog, string key)
    {
        if (dialog.Shown is not null && IsMove(key) && dialog.Scroll.Move(KeyMap.Find(key)!.Verb))
        {
            return;
        }

        string? why = dialog.Press(key);
        if (why is not null)
        {
            Say(SafeText.Show(why));
        }
    }

    // What can be saved is saved first.
    private void Quit()
    {
        Keep();
        QuitWhenKept(QuitPauses);
    }

    private void QuitWhenKept(int pauses)
    {
        if (IsKeeping && pauses > 0)
        {
            Say(T("saving what was written"));
            After(QuitPause, () => QuitWhenKept(pauses - 1));
            return;
        }

        Quiet();
        string[] lost = [.. Outbox.Waiting, .. Jobs.WouldBeLost, .. Unsaved];
        if (lost.Length == 0)
        {
            Ended = true;
            return;
        }

        Ask(new Dialog(
            T($"would be lost: {string.Join("; ", lost)}"),
            [new(T("what now"), [
                new("f", T("finish and quit"), "finish"), new("d", T("drop and quit"), "drop"),
                new("w", T("wait here"), "wait")])],
            answers =>
            {
                if (answers[0] == "drop")
                {
                    Ended = true;
                }
                else if (answers[0] == "finish")
                {
                    Finish();
                }
            }));
    }

    /// <summary>Sends what is held, waits for jobs that would be lost, then ends.</summary>
    public void Finish()
    {
        Keep();
        Outbox.SendAll();
        EndWhenDone();
    }

    private void EndWhenDone() => After(QuitPause, () =>
    {
        if (IsBusy)
        {
            EndWhenDone();
        }
        else if (Unsaved is [var text, ..])
        {
            Say("! " + T($"not saved: {text}"), Ink.Bad);
        }
        else
        {
            // A record that was refused waits to be opened.
            Ended = Dialog is null && Message?.Style.Ink != Ink.Bad;
        }
    });

    private void GoTo(Verb verb)
    {
        switch (verb)
        {
            case Verb.Reports when Widen():
                break;
            case Verb.Reports when stack.Count == 1:
                Say(T("these are all reports"));
                break;
            case Verb.Reports:
                Home();
                break;
            case Verb.Peers:
                Go<PeersPage>(() => new PeersPage(this), T("these are the peers"));
                break;
            case Verb.Trust:
                Go<TrustPage>(() => new TrustPage(this), T("these are the authors"));
                break;
            case Verb.Review:
                Go<ReviewPage>(() => new ReviewPage(this), T("this is the review"));
                break;
            case Verb.Statistics:
                string about = (Top as ReportsPage ?? (Top as FacetsPage)?.Narrowed)?.Query ?? "";
                Go<StatsPage>(() => new StatsPage(this, about), T("these are the statistics"));
                break;
            case Verb.Drafts:
                Go<DraftsPage>(() => new DraftsPage(this), Texts.T("these are the drafts"));
                break;
            case Verb.Alerts:
                Go<AlertsPage>(() => new AlertsPage(this), T("these are the saved searches"));
                break;
            case Verb.Jobs:
                Go<JobsPage>(() => new JobsPage(this), T("these are the jobs"));
                break;
            case Verb.Keys:
                Go<HelpPage>(() => new HelpPage(this), T("these are the keys; esc goes back"));
                break;
        }
    }

    private void Go<T>(Func<Page> create, string here)
        where T : Page
    {
        if (Top is T)
        {
            Say(here);
        }
        else
        {
            Push(create());
        }
    }

    // The first list may have been narrowed by facets; with nothing below it, this is the way back.
    private bool Widen()
    {
        if (stack is not [ReportsPage { Query.Length: > 0 } first])
        {
            return false;
        }

        first.Ask("");
        Say(T("all reports again"));
        return true;
    }

    private void WriteOn(bool anew)
    {
        if (anew || Draft is not ComposePage open)
        {
            Push(new ComposePage(this));
            return;
        }

        string on = open.Number is { } number ? T($"go on with draft {number}") : T("go on with the draft");
        Ask(new Dialog(
            T("A report is being written"),
            [new("", [new("g", on, "on"), new("n", T("new one"), "new")])],
            answers => Push(answers[0] == "on" ? open : new ComposePage(this))));
    }

    private void Zoom()
    {
        if (Top.Owner is null || !IsWide)
        {
            Say(T("z: the text has the whole width already"));
        }
        else
        {
            Zoomed = !Zoomed;
        }
    }
}
