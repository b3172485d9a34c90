using System.Text;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Protocol.Records;
using Xunit;

namespace IncidentMesh.Tests.Exchange;

public sealed class MappingTests
{
    private const string Begin = "<!-- the tables: of node/Exchange/Mappings, kept equal by a test -->\n";
    private const string End = "<!-- end of the tables -->\n";

    [Fact]
    public void Every_format_that_is_written_says_what_becomes_of_each_field()
    {
        string[] about =
            ["id", "type", "signature", "author", "created", "lang", "tlp", "state", "versions", "answers"];
        string[] fields = [.. about, .. Schema.Of(RecordTypes.ModelRisk)!.Fields.Select(field => field.Name)
            .Where(name => name != RecordBody.Salt)];
        foreach (string format in Exporter.Formats)
        {
            string[] told = [.. Mapping.Of(format).Rows
                .Where(row => row.Ours is not null && row.Export is not null).Select(row => row.Ours!)];
            Assert.Equal(fields.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Every_row_has_a_direction_and_words_of_the_vocabulary()
    {
        Vocabulary words = Vocabulary.Get("mapping");
        foreach (MappedField row in Mapping.All.SelectMany(mapping => mapping.Rows))
        {
            Assert.True(row.Export is not null || row.Import is not null, $"{row}");
            Assert.All(
                new[] { row.Export, row.Import }.OfType<string>(), word => Assert.True(words.Contains(word)));
            Assert.True(row.Ours is not null || row.Theirs is not null, $"{row}");
        }
    }

    [Fact]
    public void The_page_shows_the_tables()
    {
        string page = Path.Combine(Repo.Root, "specs", "exchange.md");
        string text = File.ReadAllText(page);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= Begin.Length && end >= begin, "the page has lost its marks");
        string tables = Tables();
        if (Environment.GetEnvironmentVariable("INCIDENTMESH_ACCEPT") == "1")
        {
            File.WriteAllText(page, text[..begin] + tables + text[end..]);
            return;
        }

        Assert.Equal(tables, text[begin..end]);
    }

    private static string Tables()
    {
        StringBuilder tables = new();
        foreach (Mapping mapping in Mapping.All)
        {
            tables.Append($"\n### {mapping.Title} (`{mapping.Format}`)\n\n");
            if (mapping.Mandatory.Count > 0)
            {
                tables.Append($"Cannot do without: {string.Join(", ", mapping.Mandatory)}.\n\n");
            }

            tables.Append("| ours | theirs | export | import | note |\n| --- | --- | --- | --- | --- |\n");
            foreach (MappedField row in mapping.Rows)
            {
                tables.Append(
                    $"| {row.Ours} | {row.Theirs} | {row.Export} | {row.Import} | {row.Note} |\n");
            }
        }

        return tables.Append('\n').ToString();
    }
}
