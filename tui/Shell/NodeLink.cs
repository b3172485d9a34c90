using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Tui.Shell;

/// <summary>What is known of the node: its last status, and whether it is there.</summary>
internal sealed class NodeLink(TimeProvider time)
{
    /// <summary>The last status, or null before the first.</summary>
    public StatusView? Status { get; private set; }

    /// <summary>When the node went away, or null while it is there.</summary>
    public DateTimeOffset? LostAt { get; private set; }

    /// <summary>Seconds since it went away.</summary>
    public double LostSeconds => LostAt is { } at ? (time.GetUtcNow() - at).TotalSeconds : 0;

    /// <summary>The node answered.</summary>
    /// <returns>True when it was away.</returns>
    public bool Told(StatusView status)
    {
        bool back = LostAt is not null;
        Status = status;
        LostAt = null;
        return back;
    }

    /// <summary>The node did not answer.</summary>
    public void Lost() => LostAt ??= time.GetUtcNow();
}
