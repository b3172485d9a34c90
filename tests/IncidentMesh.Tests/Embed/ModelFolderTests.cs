using IncidentMesh.Node.Embed;
using Xunit;

namespace IncidentMesh.Tests.Embed;

public sealed class ModelFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("incidentmesh-model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Link(params string[] files)
    {
        foreach (string file in files)
        {
            File.Copy(Path.Combine(ModelFolder.Shipped, file), Path.Combine(_folder, file), overwrite: true);
        }
    }

    [Fact]
    public void The_shipped_model_is_what_its_sums_say_and_the_graphs_differ()
    {
        Assert.True(ModelFolder.TryOpen(ModelFolder.Shipped, out ModelFolder? model, out _));
        Assert.NotEqual(model.GraphHash(ModelFolder.CpuGraphFile), model.GraphHash(ModelFolder.GpuGraphFile));
        Assert.Equal(model.GraphHash(ModelFolder.CpuGraphFile), SharedModel.Cpu.Graph);
    }

    [Fact]
    public void A_missing_folder_or_file_is_named()
    {
        Assert.False(ModelFolder.TryOpen(Path.Combine(_folder, "none"), out _, out ModelFault? fault));
        Assert.Equal(ModelFaultKind.Missing, fault.Kind);
        Assert.Contains("cpu.onnx", fault.Message, StringComparison.Ordinal);
        ModelException thrown = Assert.Throws<ModelException>(
            () => Embedder.Open(_folder, new EmbeddingOptions()));
        Assert.Equal(ModelFaultKind.Missing, thrown.Fault.Kind);
    }

    [Fact]
    public void A_file_that_is_not_the_one_listed_is_damaged()
    {
        Link("cpu.onnx", "gpu.onnx", "tokenizer.model", "SHA256SUMS");
        File.WriteAllText(Path.Combine(_folder, "weights.bin"), "version https://git-lfs.github.com/\n");
        Assert.False(ModelFolder.TryOpen(_folder, out _, out ModelFault? fault));
        Assert.Equal(ModelFaultKind.Damaged, fault.Kind);
        Assert.Contains("weights.bin", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_make_no_model_are_unusable()
    {
        foreach (string file in new[] { "cpu.onnx", "gpu.onnx", "weights.bin", "tokenizer.model" })
        {
            File.WriteAllText(Path.Combine(_folder, file), "not a model");
        }

        ModelException noTokenizer = Assert.Throws<ModelException>(
            () => Embedder.Open(_folder, new EmbeddingOptions()));
        Assert.Equal(ModelFaultKind.Unusable, noTokenizer.Fault.Kind);
        Link("tokenizer.model");
        ModelException noGraph = Assert.Throws<ModelException>(
            () => Embedder.Open(_folder, new EmbeddingOptions()));
        Assert.Equal(ModelFaultKind.Unusable, noGraph.Fault.Kind);
    }
}
