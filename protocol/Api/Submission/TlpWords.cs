using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>What the labels of TLP 2.0 mean, in words.</summary>
public static class TlpWords
{
    /// <summary>Who reads what has a label.</summary>
    /// <param name="label">A value of the vocabulary <c>tlp</c>, in any case.</param>
    public static string Of(string label) => label?.ToLowerInvariant() switch
    {
        "red" => T("only the people you name"),
        "amber+strict" => T("the organisations of those you name"),
        "amber" => T("the organisations of those you name, and their clients"),
        "green" => T("the community"),
        _ => T("everyone, for ever, in copies that nobody can call back"),
    };
}
