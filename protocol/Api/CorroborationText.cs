using System.Globalization;
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
        int countries = view?.Countries.Count ?? 0;
        int disputes = view?.Disputes.Count ?? 0;
        string line = T("same event") + ": "
            + Plural(reports, $"{reports} report", $"{Number(reports)} reports") + ", "
            + Plural(independent, $"{independent} independent source",
                $"{Number(independent)} independent sources");
        line += countries == 0 ? ""
            : " " + Plural(countries, $"in {countries} country", $"in {countries} countries");
        return line + (disputes == 0 ? ""
            : ", " + Plural(disputes, $"{disputes} dispute", $"{disputes} disputes"));
    }

    /// <summary>How it was counted, and who disputes it; safe to show.</summary>
    /// <param name="view">The counts, or null where they are not known.</param>
    public static IEnumerable<string> Why(CorroborationView? view)
    {
        if (view?.Counted.Count > 0)
        {
            yield return T($"independent {view.Independent}: ") + All(view.Counted);
        }

        if (view?.Disputes.Count > 0)
        {
            yield return T($"disputed {view.Disputes.Count}: ") + All(view.Disputes);
        }
    }

    private static string All(IReadOnlyList<string> names) => SafeText.Show(string.Join(", ", names));

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
