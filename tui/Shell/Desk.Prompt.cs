using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Text;
using IncidentMesh.Tui.Views;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Shell;

/// <content>The open prompt: a search that asks at each key, or a command.</content>
internal sealed partial class Desk
{
    /// <summary>The open prompt, or null.</summary>
    public Prompt? Prompt { get; private set; }

    /// <summary>Text was pasted: it goes into what is being typed.</summary>
    public void Paste(string text)
    {
        if (Dialog?.Line is { } line)
        {
            line.Insert(text);
        }
        else if (Prompt is null)
        {
            Top.Paste(text);
        }
        else
        {
            Type(text);
        }

        Changed();
    }

    /// <summary>Opens a search for pasted text.</summary>
    public void PasteIntoSearch(string text)
    {
        Press(KeyMap.Of(Verb.Search).Key);
        Type(text);
    }

    private void PressInPrompt(Prompt prompt, string key)
    {
        string before = prompt.Text;
        switch (key)
        {
            case "esc" or "ctrl-g":
                ClosePrompt(keep: false);
                return;
            case "enter":
                ClosePrompt(keep: true);
                return;
            case "tab" when prompt.Kind == PromptKind.Command:
                Complete(prompt);
                return;
            case "backspace" when prompt.Text.Length == 0:
                ClosePrompt(keep: false);
                return;
            case var _ when IsMove(key) && KeyMap.Find(key) is { } move:
                Top.Run(move.Verb);
                return;
        }

        if (!prompt.Edit(key))
        {
            prompt.Insert(KeyNames.Typed(key));
        }

        Asked(prompt, before);
    }

    private static bool IsMove(string key) => key is "up" or "down" or "pgup" or "pgdn";

    private void Type(string text)
    {
        if (Prompt is { } prompt)
        {
            string before = prompt.Text;
            prompt.Insert(text);
            Asked(prompt, before);
            Changed();
        }
    }

    private void Asked(Prompt prompt, string before)
    {
        if (prompt.Kind == PromptKind.Search && prompt.Text != before && Top is ReportsPage list)
        {
            list.Ask(prompt.Text.Trim());
        }
    }

    // What comes on top of a search that is typed takes it as it stands.
    private void Settle()
    {
        if (Prompt is { Kind: PromptKind.Search })
        {
            Prompt = null;
            (Top as ReportsPage)?.Settle();
        }
    }

    private void ClosePrompt(bool keep)
    {
        Prompt closed = Prompt!;
        if (closed.Kind == PromptKind.Command)
        {
            Prompt = null;
            if (keep)
            {
                Command(closed.Text.Trim());
            }

            return;
        }

        string query = closed.Text.Trim();
        string below = stack.Count > 1 && stack[^2] is ReportsPage list ? list.Query : "";
        if (!keep || query == below)
        {
            Prompt = null;
            Pop();
        }
        else
        {
            Settle();
        }
    }

    private static void Complete(Prompt prompt)
    {
        if (KeyMap.Matching(prompt.Text) is [var only, ..])
        {
            prompt.Set(only.Command);
        }
    }

    /// <summary>Runs a <c>:command</c>, without its colon.</summary>
    public void Command(string text)
    {
        string name = text.Split(' ', 2)[0];
        string argument = text[name.Length..].Trim();
        if (name.Length == 0)
        {
            return;
        }

        switch (KeyMap.Matching(name))
        {
            case [{ Verb: Verb.Search }] when argument.Length > 0:
                Push(new ReportsPage(this, argument));
                break;
            case [{ Verb: Verb.New }] when Top is not PeersPage:
                WriteOn(anew: true);
                break;
            case [var only]:
                Run(only);
                break;
            case []:
                Say(T($"no command :{SafeText.Show(name)}; ? lists them"), Ink.Warn);
                break;
            case var several:
                string names = string.Join(", ", several.Select(b => b.Command));
                Say(T($":{name} could be {names}"), Ink.Warn);
                break;
        }
    }
}
