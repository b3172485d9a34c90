using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Net;

/// <summary>The moments that the state machines are told: the wall clock read once, then a monotonic
/// one.</summary>
internal sealed class NetClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly Instant _wall = new(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Where timers come from.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Now; never before an earlier answer.</summary>
    public Instant Now => _wall + Time.GetElapsedTime(_start);
}
