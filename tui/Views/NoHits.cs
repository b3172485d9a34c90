using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>What a list shows when its query found nothing: which clause to drop, and how many reports that
/// would give.</summary>
internal sealed class NoHits(string text)
{
    private const int ClausesMax = 6;

    private readonly List<(string Clause, int Total)> without = [];

    /// <summary>Asks the node for the query without each of its clauses in turn.</summary>
    public void Find(Desk desk)
    {
        if (!Query.TryParse(text, out Query? query, out _) || query.Terms.Count < 2)
        {
            return;
        }

        for (int i = 0; i < Math.Min(ClausesMax, query.Terms.Count); i++)
        {
            string clause = Query.Of(query.Terms[i]).ToString();
            string rest = query.Without(i).ToString();
            desk.Courier.Ask(
                (node, stop) => node.SearchAsync(rest, 1, null, null, null, stop),
                answer =>
                {
                    without.Add((clause, answer.Total));
                    desk.Changed();
                },
                desk.Failed);
        }
    }

    public void Draw(Area area)
    {
        area.Write(2, 1, T("Nothing found."), Style.Strong);
        int row = 3;
        foreach ((string clause, int total) in without.OrderByDescending(w => w.Total))
        {
            area.Write(2, row, $"{Words.Number(total),6}", Style.Strong);
            area.Field(10, row++, area.Width - 10, T($"without {SafeText.Show(clause)}"), Style.Plain);
        }
    }
}
