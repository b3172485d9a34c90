using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Protocol.Api;

/// <summary>Corroboration in words, as command line and terminal UI show it.</summary>
public static class CorroborationText
{
    /// <summary><c>same event: 5 reports, 3 independent sources in 2 countries, 1 dispute</c>.</summary>
    /// <param name="reports">Reports of the event.</param>
    /// <param name="independent">Sources among them that do not depend on each other.</param>
    /// <param name="view">Where and how they were counted, or null where that is not known.</param>
    public static string Line(int reports, int independent, CorroborationView? view)
    {
        string countries = view?.Countries.Count is null or 0 ? ""
            : " " + Plural(view.Countries.Count, $"in {view.Countries.Count} country",
                $"in {view.Countries.Count} countries");
        string disputes = view?.Disputes.Count is null or 0 ? ""
            : ", " + Plural(view.Disputes.Count, $"{view.Disputes.Count} dispute",
                $"{view.Disputes.Count} disputes");
        string sources = Plural(
            independent, $"{independent} independent source", $"{independent} independent sources");
        return Plural(reports, $"same event: {reports} report", $"same event: {reports} reports")
            + $", {sources}{countries}{disputes}";
    }

    /// <summary>How it was counted, and who disputes it; safe to show.</summary>
    /// <param name="view">The counts, or null where they are not known.</param>
    public static IEnumerable<string> Why(CorroborationView? view)
    {
        if (view?.Counted.Count > 0)
        {
            yield return SafeText.Show(
                T($"independent {view.Independent}: {string.Join(", ", view.Counted)}"));
        }

        if (view?.Disputes.Count > 0)
        {
            yield return SafeText.Show(
                T($"disputed {view.Disputes.Count}: {string.Join(", ", view.Disputes)}"));
        }
    }
}
