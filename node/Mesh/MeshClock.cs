using IncidentMesh.Protocol;

namespace IncidentMesh.Node.Mesh;

/// <summary>The moments that the replica is told: the wall clock read once, then a monotonic one.</summary>
internal sealed class MeshClock(TimeProvider time)
{
    private readonly Instant _wall = new(time.GetUtcNow().ToUnixTimeMilliseconds());
    private readonly long _start = time.GetTimestamp();

    public TimeProvider Time { get; } = time;

    /// <summary>Now; never before an earlier answer.</summary>
    public Instant Now => _wall + Time.GetElapsedTime(_start);
}
