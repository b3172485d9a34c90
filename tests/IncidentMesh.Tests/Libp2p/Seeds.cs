using Xunit;
using System.Globalization;

namespace IncidentMesh.Tests.Libp2p;

/// <summary>Seeds of randomised tests: a new one each run, printed, or that of INCIDENTMESH_SEED.</summary>
internal static class Seeds
{
    public static ulong Next()
    {
        string? given = Environment.GetEnvironmentVariable("INCIDENTMESH_SEED");
        ulong seed = given is null
            ? BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8))
            : ulong.Parse(given, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"INCIDENTMESH_SEED={seed}");
        return seed;
    }
}
