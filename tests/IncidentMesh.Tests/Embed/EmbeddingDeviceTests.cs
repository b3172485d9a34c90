using IncidentMesh.Node.Embed;
using Xunit;

namespace IncidentMesh.Tests.Embed;

public sealed class EmbeddingDeviceTests
{
    private static Embedder Open(EmbeddingOptions options) => SharedModel.Cpu.Reopen(options);

    [Fact]
    public void The_cpu_runs_without_a_warning()
    {
        Assert.Equal("CPU", SharedModel.Cpu.Device);
        Assert.Equal("CPUExecutionProvider", SharedModel.Cpu.Provider);
        Assert.Null(SharedModel.Cpu.Fallback);
        Assert.True(SharedModel.Cpu.OneAtATime);
    }

    [Theory]
    [InlineData(EmbeddingProvider.Cuda, "CUDAExecutionProvider", "CUDA device 7")]
    [InlineData(EmbeddingProvider.DirectMl, "DmlExecutionProvider", "DirectML device 7")]
    public void A_provider_that_is_not_there_falls_back_to_the_cpu_with_the_reason(
        EmbeddingProvider provider, string absent, string device)
    {
        using Embedder embedder = Open(new EmbeddingOptions { Provider = provider, Device = 7 });
        Assert.NotEqual(absent, embedder.Provider);
        Assert.StartsWith($"{device}: ", embedder.Fallback, StringComparison.Ordinal);
        Assert.Equal(SharedModel.Cpu.Embed("robot"), embedder.Embed("robot"));
    }

    [Fact]
    public void A_plugin_that_is_missing_or_no_library_falls_back_with_the_reason()
    {
        string junk = Path.Combine(Path.GetTempPath(), $"incidentmesh-{Guid.NewGuid():N}.so");
        File.WriteAllText(junk, "no library");
        try
        {
            using Embedder broken = Open(new EmbeddingOptions { PluginLibrary = junk });
            Assert.Contains(Path.GetFileName(junk), broken.Fallback, StringComparison.Ordinal);
            using Embedder absent = Open(new EmbeddingOptions { PluginLibrary = junk + ".none" });
            Assert.Contains("there is no file", absent.Fallback, StringComparison.Ordinal);
            using Embedder unnamed = Open(new EmbeddingOptions { Provider = EmbeddingProvider.Plugin });
            Assert.Contains("no library is configured", unnamed.Fallback, StringComparison.Ordinal);
            Assert.All([broken, absent, unnamed], e => Assert.Equal("CPU", e.Device));
        }
        finally
        {
            File.Delete(junk);
        }
    }

    [Fact]
    public void A_plugin_provider_embeds_like_the_cpu_does_on_the_same_graph()
    {
        string library = Repo.SharedFile("ep", "libonnxruntime_providers_webgpu.so");
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("VK_ICD_FILENAMES") is not null,
            "needs a Vulkan device named by VK_ICD_FILENAMES");
        using Embedder webgpu = Open(new EmbeddingOptions
        {
            Provider = EmbeddingProvider.Plugin,
            PluginLibrary = library,
        });
        Assert.SkipUnless(webgpu.Fallback is null, webgpu.Fallback ?? "");
        Assert.Equal("WebGpuExecutionProvider", webgpu.Provider);
        Assert.False(webgpu.OneAtATime);
        Assert.NotEqual(SharedModel.Cpu.Graph, webgpu.Graph);
        float[][] two = webgpu.Embed(["Robot goes rogue", "A longer headline about a robot going rogue"]);
        Assert.True(Vectors.Dot(two[0], SharedModel.Cpu.Embed("Robot goes rogue")) > 0.95f);
    }
}
