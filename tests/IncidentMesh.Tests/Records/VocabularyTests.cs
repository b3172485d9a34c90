using IncidentMesh.Protocol.Records;
using Xunit;

namespace IncidentMesh.Tests.Records;

public class VocabularyTests
{
    [Fact]
    public void Every_vocabulary_has_a_version_a_source_and_a_licence()
    {
        Assert.True(Vocabulary.All.Count >= 30);
        string spec = File.ReadAllText(Path.Combine(Repo.Root, "specs", "vocabularies.md"));
        foreach (Vocabulary vocabulary in Vocabulary.All)
        {
            Assert.NotEmpty(vocabulary.Version);
            Assert.NotEmpty(vocabulary.Origin);
            Assert.NotEmpty(vocabulary.Licence);
            Assert.All(vocabulary.Entries, e => Assert.NotEmpty(e.Label));
            Assert.All(
                vocabulary.Entries, e => Assert.True(e.Parent is null || vocabulary.Contains(e.Parent)));
            Assert.Contains(
                $"| `{vocabulary.Name}` ({vocabulary.Entries.Count}) | {vocabulary.Version} |", spec);
        }
    }

    [Fact]
    public void Every_field_of_a_schema_is_in_the_specification()
    {
        string spec = File.ReadAllText(Path.Combine(Repo.Root, "specs", "records.md"));
        foreach (Field field in Schema.Of("model-risk")!.Fields)
        {
            Assert.Contains($"`{field.Name}`", spec);
            Assert.NotEmpty(field.Help);
            Assert.NotEmpty(field.Rule.Expects);
        }
    }

    [Fact]
    public void Severity_is_ordered_within_its_branches()
    {
        Vocabulary severity = Vocabulary.Get("oecd-severity");
        Assert.Equal("Serious incident", severity.LabelOf("serious-incident"));
        VocabularyEntry serious = severity.Find("serious-incident")!;
        Assert.Equal(("incident", 2), (serious.Branch, serious.Rank));
        Assert.Equal("hazard", severity.Find("serious-hazard")!.Branch);
        Assert.Equal("whatever", severity.LabelOf("whatever"));
        Assert.Equal("serious-incident", severity.Suggest("Serious Incident"));
        Assert.Equal("disaster", severity.Suggest("desaster"));
        Assert.Null(severity.Suggest("banana"));
        Assert.False(Vocabulary.TryGet("nope", out _));
    }

    [Fact]
    public void The_lists_are_whole()
    {
        Assert.Equal(48, Vocabulary.Get("avid-sep").Entries.Count);
        Assert.Equal(249, Vocabulary.Get("iso-3166-1").Entries.Count);
        Assert.Equal(7, Vocabulary.Get("mit-domain").Entries.Count(e => e.Parent is null));
        Assert.Equal(24, Vocabulary.Get("mit-domain").Entries.Count(e => e.Parent is not null));
        Assert.Equal(5, Vocabulary.Get("tlp").Entries.Count);
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("severity", "sevrity", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Edit_distance_counts_letters(string a, string b, int distance) =>
        Assert.Equal(distance, EditDistance.Between(a, b));
}
