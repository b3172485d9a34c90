using System.Diagnostics;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Embed;

/// <summary>Text to vector: the tokenizer and the model on the best device there is. Safe for use by
/// several threads.</summary>
public sealed class Embedder : IDisposable
{
    private readonly ModelFolder _model;
    private readonly EmbeddingDevice _device;
    private readonly Tokenizer _tokenizer;
    private readonly int _batchTokens;

    private Embedder(ModelFolder model, Tokenizer tokenizer, EmbeddingDevice device, EmbeddingOptions options)
    {
        _model = model;
        _tokenizer = tokenizer;
        _device = device;
        _batchTokens = Math.Max(options.BatchTokens, Tokenizer.MaxTokens);
        Graph = model.GraphHash(device.GraphFile);
        Workers = device.OneAtATime ? Math.Max(options.Sessions, 1) : 1;
    }

    /// <summary>What the vectors depend on besides the text
    /// (<see cref="ModelFolder.GraphHash"/>).</summary>
    public Digest Graph { get; }

    /// <summary>The device in words.</summary>
    public string Device => _device.Name;

    /// <summary>ONNX Runtime's name of the execution provider.</summary>
    public string Provider => _device.Provider;

    /// <summary>Why another provider was passed over, or null.</summary>
    public string? Fallback => _device.Fallback;

    /// <summary>Whether each text is embedded alone, so that its vector depends on nothing else.</summary>
    public bool OneAtATime => _device.OneAtATime;

    /// <summary>Callers that should embed at the same time to use the device fully.</summary>
    public int Workers { get; }

    /// <summary>Loads the model (about 1.5 s, most of it the tokenizer): do this in the
    /// background.</summary>
    /// <exception cref="ModelException">The folder holds no model that runs, not even on the
    /// CPU.</exception>
    public static Embedder Open(string folder, EmbeddingOptions options)
    {
        if (!ModelFolder.TryOpen(folder, out ModelFolder? model, out ModelFault? fault))
        {
            throw new ModelException(fault);
        }

        Tokenizer tokenizer;
        try
        {
            tokenizer = Tokenizer.Load(model.Tokenizer);
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException
            or FormatException or IndexOutOfRangeException)
        {
            throw new ModelException(
                new ModelFault(ModelFaultKind.Unusable, $"{model.Tokenizer} is no SentencePiece model"), e);
        }

        return new Embedder(model, tokenizer, EmbeddingDevice.Open(model, tokenizer, options), options);
    }

    /// <summary>The same model and tokenizer on another device: how a node goes on when an accelerator
    /// fails while it runs, in milliseconds. This embedder stays open.</summary>
    /// <exception cref="ModelException">The model does not run on the CPU either.</exception>
    public Embedder Reopen(EmbeddingOptions options) =>
        new(_model, _tokenizer, EmbeddingDevice.Open(_model, _tokenizer, options), options);

    /// <summary>Token ids of a text, as the model sees it.</summary>
    public long[] Tokens(string text) => _tokenizer.Encode(text);

    /// <summary>The vector of one text: <see cref="Vectors.Dimensions"/> components, unit length.</summary>
    /// <exception cref="Microsoft.ML.OnnxRuntime.OnnxRuntimeException">The device failed.</exception>
    public float[] Embed(string text) => _device.Run([_tokenizer.Encode(text)])[0];

    /// <summary>The vectors of several texts, in their order. On an accelerator texts of like length share
    /// a batch; on the CPU each runs alone.</summary>
    /// <exception cref="Microsoft.ML.OnnxRuntime.OnnxRuntimeException">The device failed.</exception>
    public float[][] Embed(IReadOnlyList<string> texts)
    {
        if (_device.OneAtATime)
        {
            return [.. texts.Select(Embed)];
        }

        long[][] rows = [.. texts.Select(_tokenizer.Encode)];
        int[] order = [.. Enumerable.Range(0, rows.Length).OrderBy(i => rows[i].Length)];
        var vectors = new float[rows.Length][];
        for (int start = 0; start < order.Length;)
        {
            // Sorted by length: the last row of a batch is its longest, to which the others are padded.
            int end = start + 1;
            while (end < order.Length && rows[order[end]].Length * (end - start + 1) <= _batchTokens)
            {
                end++;
            }

            float[][] batch = _device.Run([.. order[start..end].Select(i => rows[i])]);
            for (int i = start; i < end; i++)
            {
                vectors[order[i]] = batch[i - start];
            }

            start = end;
        }

        return vectors;
    }

    /// <summary>Texts a second of about title length, with all <see cref="Workers"/>: for
    /// <c>doctor</c>.</summary>
    public double Measure(TimeSpan time)
    {
        const string Title = "Delivery robot strikes a pedestrian outside a school; operator stops the fleet";
        string[] texts = [.. Enumerable.Repeat(Title, OneAtATime ? 1 : 64)];
        Embed(texts);
        long count = 0;
        long started = Stopwatch.GetTimestamp();
        Parallel.For(0, Workers, new ParallelOptions { MaxDegreeOfParallelism = Workers }, _ =>
        {
            do
            {
                Embed(texts);
                Interlocked.Add(ref count, texts.Length);
            }
            while (Stopwatch.GetElapsedTime(started) < time);
        });
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();
}
