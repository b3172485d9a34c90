using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Shell;

/// <summary>The saved searches, and what those of them tell that are alerts: asked for at the start and when
/// records come, told once in a message and for as long as nobody looked in the first line.</summary>
internal sealed class Alerts(Desk desk)
{
    private const int NameColumns = 16;
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(10);

    private readonly LatestOnly asking = new();
    private DateTimeOffset asked;
    private bool planned;

    /// <summary>All saved searches; null before the first answer.</summary>
    public IReadOnlyList<SavedSearch>? Items { get; private set; }

    /// <summary>Alerts with new hits in a few words; empty where there are none.</summary>
    public string Line => Items?.Where(s => s.Unseen > 0).ToArray() switch
    {
        null or [] => "",
        [var one] => T($"alert {Columns.Cut(SafeText.Show(one.Name), NameColumns, desk.Ellipsis)}: "
            + $"{Words.Number(one.Unseen)} new"),
        var several => T($"{several.Length} alerts: {Words.Number(several.Sum(s => s.Unseen))} new"),
    };

    /// <summary>Records came: asks soon, and not for each of them.</summary>
    public void Ask()
    {
        TimeSpan since = desk.Time.GetUtcNow() - asked;
        if (planned)
        {
            return;
        }

        if (since >= AskEvery)
        {
            AskNow();
            return;
        }

        planned = true;
        desk.After(AskEvery - since, () =>
        {
            planned = false;
            AskNow();
        });
    }

    /// <summary>Takes the saved searches as they are now; says what is new.</summary>
    public void Take(SavedListView answer)
    {
        int before = Unseen;
        Items = answer.Items;
        if (Unseen > before && desk.Dialog is null && (desk.Message is null || desk.IsPlain))
        {
            Binding view = KeyMap.Of(Verb.Alerts);
            string shows = desk.IsPlain ? ":" + view.Command : $"{view.Key} {view.Hint}";
            desk.Say($"{Line}   {shows}", Ink.Good);
        }
    }

    private int Unseen => Items?.Sum(s => s.Unseen) ?? 0;

    private void AskNow()
    {
        asked = desk.Time.GetUtcNow();
        asking.Submit(done => desk.Courier.Ask(
            (node, stop) => node.SearchesAsync(null, stop),
            answer =>
            {
                done();
                Take(answer);
            },
            _ => done()));
    }
}
