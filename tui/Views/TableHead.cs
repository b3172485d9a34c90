using IncidentMesh.Tui.Text;

namespace IncidentMesh.Tui.Views;

/// <summary>The headings of a table, each cut before the next: words differ in length between
/// languages.</summary>
internal static class TableHead
{
    /// <summary>Draws a row of headings.</summary>
    /// <param name="area">The table.</param>
    /// <param name="row">The row in it.</param>
    /// <param name="heads">Each heading and its first column; a negative one counts from the right
    /// end.</param>
    public static void Draw(Area area, int row, params IReadOnlyList<(int At, string Text)> heads)
    {
        int At(int i) => i == heads.Count ? area.Width + 1
            : heads[i].At < 0 ? area.Width + heads[i].At : heads[i].At;
        for (int i = 0; i < heads.Count; i++)
        {
            area.Field(At(i), row, At(i + 1) - 1 - At(i), heads[i].Text, Style.Heading);
        }
    }
}
