using System.Diagnostics;
using IncidentMesh.Node.Embed;
using Microsoft.ML.OnnxRuntime;

namespace IncidentMesh.Bench;

/// <summary>The model with nothing around it: sessions of one thread each over token ids, what the product's
/// queue is compared with.</summary>
/// <param name="workers">How many sessions run side by side.</param>
internal sealed class BareModel(int workers) : IDisposable
{
    private readonly InferenceSession[] _sessions = [.. Enumerable.Range(0, workers).Select(_ => Open())];

    /// <summary>Runs each text once.</summary>
    /// <param name="ids">Token ids of each text.</param>
    /// <returns>Seconds until the last one was done.</returns>
    public double Seconds(long[][] ids)
    {
        int next = -1;
        long started = Stopwatch.GetTimestamp();
        Thread[] threads = [.. _sessions.Select(session => new Thread(() =>
        {
            using var run = new RunOptions();
            for (int i; (i = Interlocked.Increment(ref next)) < ids.Length;)
            {
                long[] mask = [.. Enumerable.Repeat(1L, ids[i].Length)];
                using OrtValue a = OrtValue.CreateTensorValueFromMemory(ids[i], [1, ids[i].Length]);
                using OrtValue b = OrtValue.CreateTensorValueFromMemory(mask, [1, mask.Length]);
                using var results = session.Run(run, ["input_ids", "attention_mask"], [a, b], ["embedding"]);
                _ = results[0].GetTensorDataAsSpan<float>().ToArray();
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public void Dispose() => Array.ForEach(_sessions, s => s.Dispose());

    private static InferenceSession Open()
    {
        _ = OnnxRuntime.Env;
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        return new InferenceSession(Path.Combine(ModelFolder.Shipped, ModelFolder.CpuGraphFile), options);
    }
}
