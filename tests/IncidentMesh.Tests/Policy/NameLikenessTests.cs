using IncidentMesh.Node.Policy;
using Xunit;

namespace IncidentMesh.Tests.Policy;

public sealed class NameLikenessTests
{
    [Theory]
    [InlineData(true, "bnetza", "bnetza")]
    [InlineData(true, "BNetzA", "b-netz a")]
    [InlineData(true, "Bundesnetzagentur", "Bundesnetzagenturr")]
    [InlineData(true, "bnetza", "bnetzа")]
    [InlineData(true, "Acrimed", "Ácrimed")]
    [InlineData(true, "tester", "te5ter")]
    [InlineData(false, "bnetza", "meti")]
    [InlineData(false, "eff", "ap")]
    [InlineData(false, "x", "x")]
    [InlineData(false, "Le Monde", "El Mundo")]
    public void Names_that_would_be_taken_for_each_other(bool alike, string a, string b)
    {
        Assert.Equal(alike, NameLikeness.Alike(a, b));
        Assert.Equal(alike, NameLikeness.Alike(b, a));
    }
}
