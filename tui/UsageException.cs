namespace IncidentMesh.Tui;

/// <summary>The command line, the environment or the terminal cannot be used: exit 2.</summary>
/// <param name="message">In words, lower case, no full stop.</param>
/// <param name="hint">What to do.</param>
internal sealed class UsageException(string message, string hint) : Exception(message)
{
    public string Hint { get; } = hint;
}
