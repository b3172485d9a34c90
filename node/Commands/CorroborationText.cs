using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Commands;

/// <summary>Corroboration as <c>show</c> and <c>cluster</c> print it.</summary>
internal static class CorroborationText
{
    /// <summary><c>same event: 5 reports, 3 independent sources in 2 countries, 1 dispute</c>.</summary>
    public static string Line(int reports, int independent, CorroborationView? view)
    {
        string countries = view?.Countries.Count is null or 0 ? ""
            : $" in {Count(view.Countries.Count, "country", "countries")}";
        string disputes = view?.Disputes.Count is null or 0 ? ""
            : $", {Count(view.Disputes.Count, "dispute", "disputes")}";
        return $"same event: {Count(reports, "report", "reports")}, "
            + $"{Count(independent, "independent source", "independent sources")}{countries}{disputes}";
    }

    /// <summary>How it was counted, and who disputes it.</summary>
    public static IEnumerable<string> Why(CorroborationView? view)
    {
        if (view?.Counted.Count > 0)
        {
            yield return SafeText.Show($"independent {view.Independent}: {string.Join(", ", view.Counted)}");
        }

        if (view?.Disputes.Count > 0)
        {
            yield return SafeText.Show($"disputed {view.Disputes.Count}: {string.Join(", ", view.Disputes)}");
        }
    }

    private static string Count(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
