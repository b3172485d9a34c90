using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Data;

/// <summary>A request that the node refused or did not answer.</summary>
/// <param name="code">A stable word: the node's own, or <see cref="Lost"/>, <see cref="Garbled"/>.</param>
/// <param name="message">In words, lower case, no full stop.</param>
/// <param name="hint">What to do, or null.</param>
/// <param name="exit">Exit code of the program if this ends it.</param>
internal sealed class NodeFailure(string code, string message, string? hint, int exit)
    : Exception(Known(message))
{
    /// <summary>Code of a node that cannot be reached.</summary>
    public const string Lost = "node-lost";

    /// <summary>Code of an answer that is not HTTP or not our JSON.</summary>
    public const string Garbled = "garbled";

    /// <summary>Code of a job that the person stopped.</summary>
    public const string Stopped = "stopped";

    public string Code { get; } = code;

    public string? Hint { get; } = hint is null ? null : Known(hint);

    public int Exit { get; } = exit;

    /// <summary>What went wrong and what to do, in one line that is safe to show.</summary>
    public string Line =>
        "! " + SafeText.Show(Message) + (Hint is null ? "" : "; " + SafeText.Show(Hint));

    /// <summary>Whether there may be no node any more.</summary>
    public bool IsLost => Code == Lost;

    public static NodeFailure Unreachable(string where, string why) => new(
        Lost, T($"no node answers at {where} ({why})"), T("incidentmesh run starts one"), 5);

    public static NodeFailure NotUnderstood(string what) => new(
        Garbled, T($"the node's answer makes no sense: {what}"),
        T("is it another version? incidentmesh --version"), 6);
}
