using System.Collections.Concurrent;
using System.Text;
using IncidentMesh.Node.Embed;
using IncidentMesh.Protocol.Wire;
using IncidentMesh.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IncidentMesh.Tests.Embed;

public sealed class EmbeddingQueueTests
{
    private static readonly EmbeddingOptions One = new() { Provider = EmbeddingProvider.Cpu, Sessions = 1 };

    private static EmbeddingJob Job(int i) =>
        new(Digest.Sha256(Encoding.ASCII.GetBytes($"job {i}")), $"report number {i}", i);

    [Fact]
    public async Task The_newest_come_first_and_the_vectors_are_those_of_the_model()
    {
        using var gate = new ManualResetEventSlim();
        using var all = new CountdownEvent(6);
        var done = new ConcurrentQueue<EmbeddedText>();
        await using var queue = new EmbeddingQueue(
            () =>
            {
                gate.Wait(TestContext.Current.CancellationToken);
                return SharedModel.Cpu.Reopen(One);
            },
            text =>
            {
                done.Enqueue(text);
                all.Signal();
            },
            NullLogger.Instance);
        queue.Start();
        foreach (int i in new[] { 2, 5, 1, 4, 3, 6, 6 })
        {
            Assert.True(queue.Enqueue(Job(i)));
        }

        Assert.Equal(6, queue.Waiting);
        Assert.Null(queue.Embedder);
        gate.Set();
        all.Wait(TestContext.Current.CancellationToken);
        Assert.Equal(new[] { 6, 5, 4, 3, 2, 1 }.Select(i => Job(i).Id), done.Select(d => d.Id));
        Assert.Equal(SharedModel.Cpu.Embed(Job(6).Text), done.First().Vector);
        Assert.All(done, d => Assert.Equal(SharedModel.Cpu.Graph, d.Graph));
    }

    [Fact]
    public async Task A_full_queue_drops_the_oldest_shows_them_and_says_when_it_is_drained()
    {
        using var gate = new ManualResetEventSlim();
        var drained = new TaskCompletionSource();
        var done = new ConcurrentQueue<Digest>();
        await using var queue = new EmbeddingQueue(
            () =>
            {
                gate.Wait(TestContext.Current.CancellationToken);
                return SharedModel.Cpu.Reopen(One);
            },
            text => done.Enqueue(text.Id),
            NullLogger.Instance,
            capacity: 3);
        queue.Drained += drained.SetResult;
        queue.Start();
        bool[] kept = [.. new[] { 4, 5, 6, 7, 1 }.Select(i => queue.Enqueue(Job(i)))];
        Assert.Equal([true, true, true, true, false], kept);
        Assert.Equal((5, 2), (queue.Waiting, queue.Dropped));
        gate.Set();
        await drained.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(new[] { 7, 6, 5 }.Select(i => Job(i).Id), done);
        Assert.Equal((0, 0), (queue.Waiting, queue.Dropped));
    }

    [Fact]
    public async Task A_text_that_a_person_waits_for_does_not_queue()
    {
        using var gate = new ManualResetEventSlim();
        int before = 0;
        await using var queue = new EmbeddingQueue(
            () =>
            {
                gate.Wait(TestContext.Current.CancellationToken);
                return SharedModel.Cpu.Reopen(One);
            },
            _ => Interlocked.Increment(ref before),
            NullLogger.Instance);
        queue.Start();
        for (int i = 0; i < 2_000; i++)
        {
            queue.Enqueue(Job(i));
        }

        Task<EmbeddedText?> urgent = queue.EmbedNowAsync("urgent", TestContext.Current.CancellationToken);
        gate.Set();
        EmbeddedText? answer = await urgent;
        Assert.Equal(SharedModel.Cpu.Embed("urgent"), answer!.Vector);
        Assert.True(before < 2_000);
    }

    [Fact]
    public async Task Without_a_model_it_says_why_and_takes_nothing()
    {
        await using var queue = new EmbeddingQueue(
            () => Embedder.Open(Path.Combine(Path.GetTempPath(), "incidentmesh-no-model"), One),
            _ => Assert.Fail("nothing can be embedded"),
            NullLogger.Instance);
        queue.Enqueue(Job(1));
        queue.Start();
        await queue.Ready;
        Assert.Equal(ModelFaultKind.Missing, queue.Fault!.Kind);
        Assert.False(queue.Enqueue(Job(2)));
        Assert.Null(await queue.EmbedNowAsync("x", TestContext.Current.CancellationToken));
        Assert.Equal(0, queue.Waiting);
    }

    [Fact]
    public async Task A_model_that_is_repaired_is_taken_without_a_restart()
    {
        using var folder = new TempFolder();
        foreach (string file in Directory.EnumerateFiles(ModelFolder.Shipped))
        {
            File.Copy(file, folder.At(Path.GetFileName(file)));
        }

        string graph = folder.At(ModelFolder.CpuGraphFile);
        File.Delete(graph);
        var time = new FakeTimeProvider();
        var loaded = new TaskCompletionSource<Embedder>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var queue = new EmbeddingQueue(
            () => Embedder.Open(folder.Path, One), _ => { }, NullLogger.Instance, time: time);
        queue.Loaded += loaded.SetResult;
        queue.Start();
        await queue.Ready;
        Assert.Equal(ModelFaultKind.Missing, queue.Fault!.Kind);
        File.Copy(Path.Combine(ModelFolder.Shipped, ModelFolder.CpuGraphFile), graph);
        for (int n = 0; !loaded.Task.IsCompleted; n++)
        {
            Assert.True(n < 600, "the model is not taken");
            time.Advance(EmbeddingQueue.RetryInterval);
            await Task.WhenAny(loaded.Task, Task.Delay(100, TestContext.Current.CancellationToken));
        }

        Assert.Null(queue.Fault);
        EmbeddedText? text = await queue.EmbedNowAsync("robot", TestContext.Current.CancellationToken);
        Assert.Equal(SharedModel.Cpu.Embed("robot"), text!.Vector);
    }

    [Fact]
    public async Task It_stops_with_work_waiting()
    {
        var queue = new EmbeddingQueue(() => SharedModel.Cpu.Reopen(One), _ => { }, NullLogger.Instance);
        queue.Start();
        for (int i = 0; i < 5_000; i++)
        {
            queue.Enqueue(Job(i));
        }

        await queue.DisposeAsync();
        Assert.False(queue.Enqueue(Job(1)));
        Assert.Null(await queue.EmbedNowAsync("x", TestContext.Current.CancellationToken));
    }
}
