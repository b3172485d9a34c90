using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Serve;

/// <summary>Why a command or a request cannot be done: ends a command with an <c>error:</c> line, a
/// <c>hint:</c>
/// line and an exit code, and a request with the same as JSON; never a stack trace.</summary>
internal sealed class ApiException(ErrorBody error) : Exception(error.Message)
{
    public ApiException(string code, string message, string? hint, int exit)
        : this(new ErrorBody(code, message, hint, exit))
    {
    }

    /// <summary>The error as programs read it.</summary>
    public ErrorBody Error { get; } = error;

    public static ApiException Usage(string message, string? hint = null) =>
        new("usage", message, hint, ExitCode.Usage);

    public static ApiException NotFound(string message, string? hint = null) =>
        new("not-found", message, hint, ExitCode.NotFound);

    public static ApiException NotAllowed(string code, string message, string? hint = null) =>
        new(code, message, hint, ExitCode.NotAllowed);

    public static ApiException NeedsNode(string message) =>
        new("no-node", message, "incidentmesh run starts the node", ExitCode.NeedsNode);

    /// <summary>A name that is reserved for what comes later.</summary>
    public static ApiException Later(string what) =>
        new("not-yet", $"{what} comes later", "incidentmesh --help lists what works", ExitCode.Usage);
}
