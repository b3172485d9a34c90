using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>Corroboration as <c>show</c> and <c>cluster</c> print it.</summary>
internal static class CorroborationText
{
    /// <summary><c>same event: 5 reports, 3 independent sources in 2 countries, 1 dispute</c>.</summary>
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

    /// <summary>How it was counted, and who disputes it.</summary>
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
