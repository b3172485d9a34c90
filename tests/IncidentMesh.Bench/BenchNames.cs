using IncidentMesh.Node.Search;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Bench;

/// <summary>Authors of whom only the standing is known, made up from their ids.</summary>
internal sealed class BenchNames : ISearchNames
{
    public IReadOnlyList<Digest> Authors(string name) => [];

    public string Standing(Digest author) => (author.GetHashCode() & 3) == 0 ? "introduced" : "trusted";

    public string? Role(Digest author) => null;

    public string Name(Digest author) => author.ToString();

    public string? Saved(string name) => null;
}
