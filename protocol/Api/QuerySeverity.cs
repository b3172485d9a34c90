namespace IncidentMesh.Protocol.Api;

/// <summary>The OECD severities as two branches that are not comparable with each other: <c>hazard &lt;
/// serious-hazard</c> (could happen) and <c>incident &lt; serious-incident &lt; disaster</c> (happened).
/// <c>serious</c> stands for the second step of both.</summary>
public static class QuerySeverity
{
    /// <summary>The words of the field.</summary>
    public static IReadOnlyList<string> Words { get; } =
        ["hazard", "serious-hazard", "incident", "serious-incident", "disaster", "serious"];

    /// <summary>Whether a report of severity <paramref name="severity"/> satisfies the comparison.</summary>
    /// <param name="severity">The mapped severity of a report, or null when it has none: satisfies
    /// nothing.</param>
    /// <param name="comparison">The operator.</param>
    /// <param name="value">One of <see cref="Words"/>; any other word is satisfied by nothing.</param>
    public static bool Matches(string? severity, QueryOperator comparison, string value)
    {
        if (severity is null || Place(severity) is not (int branch, int step) || branch < 0
            || Place(value) is not (int wantedBranch, int wantedStep))
        {
            return false;
        }

        if (wantedBranch >= 0 && branch != wantedBranch)
        {
            return false;
        }

        return comparison switch
        {
            QueryOperator.Is => step == wantedStep,
            QueryOperator.AtLeast => step >= wantedStep,
            QueryOperator.AtMost => step <= wantedStep,
            QueryOperator.Above => step > wantedStep,
            _ => step < wantedStep,
        };
    }

    /// <summary>A number that sorts severities from mild to grave across both branches, 0 for none or
    /// unknown; for <c>--sort=severity</c>, where what happened comes before what could.</summary>
    public static int Rank(string? severity) => severity switch
    {
        "hazard" => 1,
        "serious-hazard" => 2,
        "incident" => 3,
        "serious-incident" => 4,
        "disaster" => 5,
        _ => 0,
    };

    /// <summary>Branch (0 could happen, 1 happened, -1 both) and step; null for another word.</summary>
    private static (int Branch, int Step)? Place(string word) => word.ToLowerInvariant() switch
    {
        "hazard" => (0, 0),
        "serious-hazard" => (0, 1),
        "incident" => (1, 0),
        "serious-incident" => (1, 1),
        "disaster" => (1, 2),
        "serious" => (-1, 1),
        _ => null,
    };
}
