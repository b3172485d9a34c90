namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>What an answer looks like.</summary>
public enum StepKind
{
    /// <summary>Text of several lines.</summary>
    Text,

    /// <summary>One line of text.</summary>
    Line,

    /// <summary>One of the choices.</summary>
    One,

    /// <summary>Any number of the choices.</summary>
    Several,

    /// <summary>Yes or no.</summary>
    YesNo,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>An amount and the code of a currency, <c>5000 EUR</c>.</summary>
    Money,

    /// <summary>A time, or two with <c>..</c> between.</summary>
    Time,

    /// <summary>Texts with <c>;</c> between.</summary>
    Lines,

    /// <summary>Codes of countries.</summary>
    Countries,

    /// <summary>Names with <c>;</c> between.</summary>
    Names,

    /// <summary>Files, links, and what is kept and not shared.</summary>
    Evidence,
}

/// <summary>One answer to choose.</summary>
/// <param name="Value">What records carry.</param>
/// <param name="Label">As people read it.</param>
public sealed record StepChoice(string Value, string Label);

/// <summary>One question of a report.</summary>
/// <param name="Id">Its name: the field of the body that it fills (<c>a.b</c> within a map), or one of
/// <see cref="SubmissionSteps"/>.</param>
/// <param name="Label">A word or two.</param>
/// <param name="Help">What to answer, in a line.</param>
/// <param name="Kind">What an answer looks like.</param>
public sealed record SubmissionStep(string Id, string Label, string Help, StepKind Kind)
{
    /// <summary>Place among the seven that OECD makes mandatory, from 1; 0 for all others. Two questions may
    /// share one.</summary>
    public int Number { get; init; }

    /// <summary>Number of the criterion in OECD's common reporting framework; 0 where it has none.</summary>
    public int Oecd { get; init; }

    /// <summary>The heading that it stands under, for those that are not mandatory.</summary>
    public string Group { get; init; } = "";

    /// <summary>What there is to choose.</summary>
    public IReadOnlyList<StepChoice> Choices { get; init; } = [];

    /// <summary>Whether a report needs an answer before it is sent.</summary>
    public bool Needed => Number > 0 && Id != SubmissionSteps.HarmDone;
}
