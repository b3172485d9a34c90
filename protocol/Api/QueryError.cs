namespace IncidentMesh.Protocol.Api;

/// <summary>Why a text is no query. The sentence a person reads is <see cref="ToString"/>, then the hint on a
/// line of its own.</summary>
/// <param name="Column">Where, as a count of Unicode code points from 1.</param>
/// <param name="Message">What is wrong, lower case, no full stop; quotes at most 40 characters of the
/// query.</param>
/// <param name="Hint">What to type instead.</param>
public sealed record QueryError(int Column, string Message, string Hint)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Message} at column {Column}";
}
