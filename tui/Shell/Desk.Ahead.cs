using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Shell;

/// <content>Keys that are pressed before the rows that they mean are there.</content>
internal sealed partial class Desk
{
    private readonly Queue<string> ahead = [];

    /// <summary>A page has its rows now, or will not get them: keys that waited are pressed, or
    /// forgotten.</summary>
    public void Arrived(Page page, bool rows)
    {
        if (Top != page || !rows)
        {
            ahead.Clear();
        }

        while (!Top.IsStale && ahead.TryDequeue(out string? key))
        {
            Press(key);
        }
    }

    // A key that acts on a row means one of those that were asked for, none that they will replace. What is
    // pressed after it comes after it.
    private bool Waits(string key)
    {
        Binding? binding = KeyMap.Find(key);
        if (!Top.IsStale || Dialog is not null || Bare)
        {
            return false;
        }

        if (binding?.Verb is Verb.Back or Verb.Quit)
        {
            ahead.Clear();
            return false;
        }

        bool waits = Prompt is null ? ahead.Count > 0 || (binding is not null && KeyMap.NeedsRows(binding))
            : Prompt.Kind == PromptKind.Search && IsMove(key);
        if (waits)
        {
            ahead.Enqueue(key);
            Say(T("waits for the answer; esc gives up"));
        }

        return waits;
    }
}
