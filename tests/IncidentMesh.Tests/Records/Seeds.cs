using Xunit;

namespace IncidentMesh.Tests.Records;

/// <summary>Seeds of randomised tests: printed, and taken back from <c>INCIDENTMESH_SEED</c>.</summary>
internal static class Seeds
{
    internal static ulong Next()
    {
        string? given = Environment.GetEnvironmentVariable("INCIDENTMESH_SEED");
        ulong seed = given is null ? (ulong)DateTime.UtcNow.Ticks : ulong.Parse(given);
        TestContext.Current.TestOutputHelper?.WriteLine($"INCIDENTMESH_SEED={seed}");
        return seed;
    }
}
