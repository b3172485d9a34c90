using Xunit;

namespace IncidentMesh.Tests.Api;

/// <summary>Tests that change the language, which is the whole process's: they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LanguageCollection
{
    public const string Name = "language";
}
