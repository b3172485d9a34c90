using System.Text.Json;
using IncidentMesh.Node.Embed;
using Xunit;

namespace IncidentMesh.Tests.Embed;

public sealed class EmbedderTests
{
    private static IEnumerable<(string Text, long[] Ids, float[] Cpu)> Restated() =>
        Read(Path.Combine(Repo.Root, "specs", "vectors", "embedding.jsonl"));

    private static IEnumerable<(string Text, long[] Ids, float[] Cpu)> Read(string file) =>
        from line in File.ReadLines(file)
        let root = JsonDocument.Parse(line).RootElement
        select (
            root.GetProperty("text").GetString()!,
            root.GetProperty("ids").EnumerateArray().Select(id => id.GetInt64()).ToArray(),
            root.GetProperty("cpu").EnumerateArray().Select(x => x.GetSingle()).ToArray());

    [Fact]
    public void Token_ids_and_vectors_are_those_of_the_reference()
    {
        foreach ((string text, long[] ids, float[] cpu) in Restated())
        {
            Assert.Equal(ids, SharedModel.Cpu.Tokens(text));
            float[] mine = SharedModel.Cpu.Embed(text);
            float cosine = Vectors.Dot(mine, cpu) / MathF.Sqrt(Vectors.Dot(cpu, cpu));
            Assert.True(cosine >= 0.999f, $"cosine {cosine} for {text}");
            Assert.Equal(1f, Vectors.Dot(mine, mine), 1e-3f);
        }
    }

    [Fact]
    public void All_reference_texts_agree()
    {
        foreach ((string text, long[] ids, float[] cpu) in Read(Repo.SharedFile("model", "vectors.jsonl")))
        {
            Assert.Equal(ids, SharedModel.Cpu.Tokens(text));
            Assert.True(Vectors.Dot(SharedModel.Cpu.Embed(text), cpu) >= 0.999f, text);
        }
    }

    [Fact]
    public void The_same_text_gives_the_same_bits_whatever_runs_beside_it()
    {
        string[] texts = [.. Restated().Select(v => v.Text).Take(6)];
        float[][] alone = [.. texts.Select(SharedModel.Cpu.Embed)];
        using Embedder second = SharedModel.Cpu.Reopen(
            new EmbeddingOptions { Provider = EmbeddingProvider.Cpu, Sessions = 4 });
        Parallel.For(0, 48, i =>
        {
            Embedder which = i % 2 == 0 ? SharedModel.Cpu : second;
            Assert.Equal(alone[i % texts.Length], which.Embed(texts[i % texts.Length]));
        });
        Assert.Equal(alone, second.Embed(texts));
        Assert.Equal(SharedModel.Cpu.Graph, second.Graph);
    }

    [Fact]
    public void Long_and_malformed_text_is_embedded_and_cut_at_512_tokens()
    {
        string endless = string.Concat(Enumerable.Repeat("Überwachung 🚗 ", 40_000));
        Assert.Equal(Tokenizer.MaxTokens, SharedModel.Cpu.Tokens(endless).Length);
        Assert.Equal(
            SharedModel.Cpu.Tokens("a \uFFFD b \uFFFD"), SharedModel.Cpu.Tokens("a \uD83D b \uDE97"));
        Assert.Equal(2, SharedModel.Cpu.Tokens("a")[^1]);
    }

    [Fact]
    public void Translations_are_nearer_than_other_events()
    {
        float[] english = SharedModel.Cpu.Embed("The face recognition system arrested the wrong person");
        float[] thai = SharedModel.Cpu.Embed("ระบบตรวจจับใบหน้าจับกุมผิดคน");
        float[] other = SharedModel.Cpu.Embed("Chat bot of a bank reveals customers' data");
        Assert.True(Vectors.Dot(english, thai) > Vectors.Dot(english, other) + 0.2f);
    }
}
