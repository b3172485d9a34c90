using System.Globalization;
using System.Security.Cryptography;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Tests.Sync;

/// <summary>Seeds of randomised tests: new each run, or what INCIDENTMESH_SEED says.</summary>
internal static class Seeds
{
    public static SeededRandom New(out string seed)
    {
        ulong number = Of(Environment.GetEnvironmentVariable("INCIDENTMESH_SEED"));
        seed = $"replay with INCIDENTMESH_SEED={number}";
        TestContext(seed);
        return new SeededRandom(number);
    }

    private static ulong Of(string? text) => text is null
        ? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))
        : ulong.Parse(text, CultureInfo.InvariantCulture);

    private static void TestContext(string seed) =>
        Xunit.TestContext.Current.TestOutputHelper?.WriteLine(seed);
}
