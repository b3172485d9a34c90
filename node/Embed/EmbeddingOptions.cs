namespace IncidentMesh.Node.Embed;

/// <summary>Where the model runs: <c>embed.provider</c> of the configuration.</summary>
public enum EmbeddingProvider
{
    /// <summary>The first that works of DirectML, CUDA, the configured plug-in, the CPU.</summary>
    Auto,

    /// <summary>The CPU, bit-reproducible on one machine.</summary>
    Cpu,

    /// <summary>NVIDIA's CUDA; the build needs <c>-p:Accelerator=cuda</c>.</summary>
    Cuda,

    /// <summary>DirectX 12 machine learning; the default build on Windows.</summary>
    DirectMl,

    /// <summary>A plug-in execution provider, by the path of its library.</summary>
    Plugin,
}

/// <summary>The settings of <c>embed.*</c>.</summary>
public sealed record EmbeddingOptions
{
    /// <summary>Which provider to try; one that fails falls back to the CPU.</summary>
    public EmbeddingProvider Provider { get; init; }

    /// <summary>Which of the provider's devices, from 0.</summary>
    public int Device { get; init; }

    /// <summary>Library of a plug-in execution provider (WebGPU, CUDA, ...), or null.</summary>
    public string? PluginLibrary { get; init; }

    /// <summary>Texts embedded at once on the CPU, each with one thread.</summary>
    public int Sessions { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 2);

    /// <summary>Threads that share one text on the CPU.</summary>
    public int ThreadsPerSession { get; init; } = 1;

    /// <summary>Tokens of one batch on an accelerator, padding counted.</summary>
    public int BatchTokens { get; init; } = 4_096;
}
