using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;

namespace IncidentMesh.Node.Embed;

/// <summary>The model on one device of one execution provider. All accelerators go through the same code: a
/// provider is a name and what it adds to the session options; a session is then made, run once and
/// compared with the CPU.</summary>
/// <remarks>The CPU runs <c>cpu.onnx</c>, each text alone, because that graph quantises activations over
/// the whole input, by as many threads as there are sessions: threads that share one wait for its arena
/// (measured: a tenth of the throughput of two). Every other provider runs <c>gpu.onnx</c> in
/// batches.</remarks>
public sealed class EmbeddingDevice : IDisposable
{
    /// <summary>Lowest cosine between an accelerator's vector of the probe text and the CPU's, same graph.
    /// A sound provider has .9996; a driver that computes nonsense is far below.</summary>
    private const float ProbeCosine = 0.995f;

    private const string Probe = "Delivery robot strikes a pedestrian outside a school";
    private static readonly string[] Inputs = ["input_ids", "attention_mask"];
    private static readonly string[] Outputs = ["embedding"];

    /// <summary>The inputs' memory, said in full: the binding's default is the legacy memory type -1, on
    /// which a plug-in provider ends the process (microsoft/onnxruntime#28329).</summary>
    private static readonly OrtMemoryInfo Memory = new(
        OrtMemoryInfo.allocatorCPU, OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default);

    private readonly InferenceSession[] _sessions;
    private readonly ConcurrentBag<InferenceSession> _free;
    private readonly PrePackedWeightsContainer? _weights;
    private readonly RunOptions _run = new();

    private EmbeddingDevice(
        InferenceSession[] sessions, Candidate candidate, string? fallback,
        PrePackedWeightsContainer? weights = null)
    {
        _sessions = sessions;
        _free = [.. sessions];
        _weights = weights;
        Name = candidate.Name;
        Provider = candidate.Provider;
        GraphFile = candidate.Provider == Candidate.Cpu ? ModelFolder.CpuGraphFile : ModelFolder.GpuGraphFile;
        Fallback = fallback;
    }

    /// <summary>The device in words: <c>CPU</c>, <c>CUDA device 0</c>, the name that a plug-in
    /// gives.</summary>
    public string Name { get; }

    /// <summary>ONNX Runtime's name of the provider: <c>CPUExecutionProvider</c>, ...</summary>
    public string Provider { get; }

    /// <summary>Which graph of the model folder runs.</summary>
    public string GraphFile { get; }

    /// <summary>Why the CPU runs although something else was asked for or is there; null if nothing
    /// failed.</summary>
    public string? Fallback { get; }

    /// <summary>Whether texts are embedded alone and not in batches.</summary>
    public bool OneAtATime => GraphFile == ModelFolder.CpuGraphFile;

    /// <summary>Opens the model on the first provider that works. A provider that is missing, fails or
    /// computes nonsense is passed over, and the reason kept in <see cref="Fallback"/>.</summary>
    /// <exception cref="ModelException">The model does not run on the CPU either.</exception>
    public static EmbeddingDevice Open(ModelFolder model, Tokenizer tokenizer, EmbeddingOptions options)
    {
        var reasons = new List<string>();
        long[] probe = tokenizer.Encode(Probe);
        foreach (Candidate candidate in Candidate.InOrder(options, reasons))
        {
            try
            {
                EmbeddingDevice device = OpenOne(model, candidate, options, null);
                if (device.Check(model, probe, options) is not string wrong)
                {
                    return device;
                }

                device.Dispose();
                reasons.Add($"{candidate.Name}: {wrong}");
            }
            catch (Exception e) when (IsProviderFailure(e))
            {
                reasons.Add($"{candidate.Name}: {Candidate.Why(e)}");
            }
        }

        return OpenCpu(model, probe, options, reasons.Count == 0 ? null : string.Join("; ", reasons));
    }

    /// <summary>Embeds rows of token ids: one run. Rows are padded to the longest.</summary>
    /// <param name="rows">Token ids; exactly one row where <see cref="OneAtATime"/>.</param>
    /// <returns>One vector of unit length for each row, in order.</returns>
    /// <exception cref="OnnxRuntimeException">The provider failed.</exception>
    public float[][] Run(IReadOnlyList<long[]> rows)
    {
        if (OneAtATime && rows.Count != 1)
        {
            throw new ArgumentException("this graph embeds one text at a time", nameof(rows));
        }

        int length = rows.Max(r => r.Length);
        var ids = new long[rows.Count * length];
        var mask = new long[rows.Count * length];
        Array.Fill(ids, Tokenizer.Padding);
        for (int i = 0; i < rows.Count; i++)
        {
            rows[i].CopyTo(ids, i * length);
            Array.Fill(mask, 1, i * length, rows[i].Length);
        }

        long[] shape = [rows.Count, length];
        using OrtValue idValue = OrtValue.CreateTensorValueFromMemory<long>(Memory, ids, shape);
        using OrtValue maskValue = OrtValue.CreateTensorValueFromMemory<long>(Memory, mask, shape);
        using IDisposableReadOnlyCollection<OrtValue> results = Run([idValue, maskValue]);
        ReadOnlySpan<float> flat = results[0].GetTensorDataAsSpan<float>();
        int width = flat.Length / rows.Count;
        var vectors = new float[rows.Count][];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = flat.Slice(i * width, width).ToArray();
        }

        return vectors;
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(OrtValue[] inputs)
    {
        // More callers than sessions share the first.
        bool own = _free.TryTake(out InferenceSession? session);
        try
        {
            return (session ?? _sessions[0]).Run(_run, Inputs, inputs, Outputs);
        }
        finally
        {
            if (own)
            {
                _free.Add(session!);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run.Dispose();
        Array.ForEach(_sessions, s => s.Dispose());
        _weights?.Dispose();
    }

    private static EmbeddingDevice OpenCpu(
        ModelFolder model, long[] probe, EmbeddingOptions options, string? fallback)
    {
        try
        {
            EmbeddingDevice cpu = OpenOne(model, Candidate.CpuOnly, options, fallback);
            if (Shape(cpu.Run([probe])[0]) is string wrong)
            {
                cpu.Dispose();
                throw new ModelException(new ModelFault(ModelFaultKind.Unusable, $"{model.Path}: {wrong}"));
            }

            return cpu;
        }
        catch (Exception e) when (IsProviderFailure(e))
        {
            throw new ModelException(
                new ModelFault(ModelFaultKind.Unusable, $"{model.Path}: {Candidate.Why(e)}"), e);
        }
    }

    private static EmbeddingDevice OpenOne(
        ModelFolder model, Candidate candidate, EmbeddingOptions options, string? fallback)
    {
        bool cpu = candidate.Provider == Candidate.Cpu;
        using SessionOptions settings = Settings(cpu ? options.ThreadsPerSession : 0);
        candidate.AppendTo(settings);
        if (!cpu)
        {
            string gpu = model.PathOf(ModelFolder.GpuGraphFile);
            return new EmbeddingDevice([new InferenceSession(gpu, settings)], candidate, fallback);
        }

        string graph = model.PathOf(ModelFolder.CpuGraphFile);
        PrePackedWeightsContainer weights = new();
        InferenceSession[] sessions =
        [
            .. Enumerable.Range(0, Math.Max(options.Sessions, 1))
                .Select(_ => new InferenceSession(graph, settings, weights)),
        ];
        return new EmbeddingDevice(sessions, candidate, fallback, weights);
    }

    private static SessionOptions Settings(int threads)
    {
        _ = OnnxRuntime.Env;
        var settings = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };

        // A node is idle most of the time: waiting threads must sleep, not spin.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return settings;
    }

    /// <summary>Runs the probe here and, on the same graph, on the CPU.</summary>
    private string? Check(ModelFolder model, long[] probe, EmbeddingOptions options)
    {
        float[] mine = Run([probe])[0];
        if (Shape(mine) is string wrong)
        {
            return wrong;
        }

        using SessionOptions settings = Settings(options.ThreadsPerSession);
        var reference = new Candidate(Name, Provider, static _ => { });
        using var cpu = new EmbeddingDevice(
            [new InferenceSession(model.PathOf(GraphFile), settings)], reference, null);
        float cosine = Vectors.Dot(mine, cpu.Run([probe])[0]);
        return cosine >= ProbeCosine ? null : FormattableString.Invariant(
            $"its vectors differ from the CPU's (cosine {cosine:F3})");
    }

    private static string? Shape(float[] vector) =>
        vector.Length != Vectors.Dimensions
            ? $"the output has {vector.Length} dimensions, not {Vectors.Dimensions}"
            : Math.Abs(Vectors.Dot(vector, vector) - 1) is var off && off < 1e-3f
                ? null
                : "the output is not of unit length";

    private static bool IsProviderFailure(Exception e) =>
        e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException
            or NotSupportedException;
}
