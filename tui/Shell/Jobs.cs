using System.Globalization;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Shell;

/// <summary>Work that takes a while: it shows how far it is, and can be stopped.</summary>
/// <param name="title">What is done, in words that are safe to show.</param>
/// <param name="started">When it began.</param>
/// <param name="lost">Whether it is lost when the program ends.</param>
internal sealed class Job(string title, DateTimeOffset started, bool lost)
{
    private const int BarColumns = 10;

    private long done;
    private long total;

    public string Title { get; } = title;

    public bool Lost { get; } = lost;

    /// <summary>What came of it; null while it goes on.</summary>
    public Span? Result { get; set; }

    public CancellationTokenSource Stop { get; } = new();

    /// <summary>Tells how far it is; from any thread.</summary>
    /// <param name="reached">Things done.</param>
    /// <param name="of">Things to do, 0 where that is not known.</param>
    public void Reached(long reached, long of)
    {
        Volatile.Write(ref total, of);
        Volatile.Write(ref done, reached);
    }

    /// <summary>How far it is: <c>41 of 90  ####......  45%  0:03 left</c>.</summary>
    public string Progress(DateTimeOffset now)
    {
        long reached = Volatile.Read(ref done);
        long of = Math.Max(reached, Volatile.Read(ref total));
        if (of == 0)
        {
            return Words.Ago((now - started).TotalSeconds);
        }

        double share = (double)reached / of;
        string bar = new string('#', (int)(share * BarColumns)).PadRight(BarColumns, '.');
        double left = reached == 0 ? 0 : (now - started).TotalSeconds * (of - reached) / reached;
        string rest = reached == 0 || reached == of ? "" : "  " + T($"{Words.Ago(Math.Ceiling(left))} left");
        return T($"{Words.Number(reached)} of {Words.Number(of)}")
            + string.Create(CultureInfo.InvariantCulture, $"  {bar}  {(int)(share * 100)}%{rest}");
    }
}

/// <summary>The jobs that go on, and the last that ended.</summary>
internal sealed class Jobs(Desk desk)
{
    private const int KeptMax = 20;

    private readonly List<Job> all = [];

    /// <summary>The newest first.</summary>
    public IReadOnlyList<Job> All => [.. Enumerable.Reverse(all)];

    /// <summary>Jobs that would be lost if the program ended now, in words.</summary>
    public IReadOnlyList<string> WouldBeLost => [.. Running.Where(j => j.Lost).Select(j => j.Title)];

    /// <summary>The line that tells of the last one that goes on, or null.</summary>
    public Span? Line => Running.LastOrDefault() is { } last
        ? new Span(
            $"~ {last.Title}  {last.Progress(desk.Time.GetUtcNow())}   {KeyMap.Of(Verb.Stop).Key} "
                + T("stop") + (Running.Count() > 1 ? "   " + T($"{Running.Count() - 1} more: :jobs") : ""),
            Style.Plain)
        : null;

    private IEnumerable<Job> Running => all.Where(j => j.Result is null);

    /// <summary>Starts a job.</summary>
    /// <param name="title">What is done, in words that are safe to show.</param>
    /// <param name="lost">Whether it is lost when the program ends.</param>
    /// <param name="work">Does it; says how far it is through the job.</param>
    /// <param name="done">Takes what it came to, and says it in words.</param>
    public Job Start<T>(
        string title, bool lost, Func<INodeClient, Job, CancellationToken, Task<T>> work,
        Func<T, string> done)
    {
        var job = new Job(title, desk.Time.GetUtcNow(), lost);
        all.Add(job);
        if (all.Count > KeptMax && all.FindIndex(j => j.Result is not null) is >= 0 and var oldest)
        {
            all.RemoveAt(oldest);
        }

        desk.Courier.Ask(
            (node, stop) => work(node, job, stop),
            answer => End(job, new Span(done(answer), Ink.Good)),
            failure => End(job, Trouble(failure)),
            job.Stop.Token);
        Count(job);
        desk.Changed();
        return job;
    }

    /// <summary>Stops a job, by default the last one; says so.</summary>
    /// <returns>Null, or why not.</returns>
    public string? Stop(Job? job = null)
    {
        if ((job ?? Running.LastOrDefault()) is not { Result: null } running)
        {
            return Texts.T("no job is under way");
        }

        running.Stop.Cancel();
        return null;
    }

    private static Span Trouble(NodeFailure failure) => failure.Code == NodeFailure.Stopped
        ? new Span(Texts.T("stopped"), Style.Plain)
        : new Span(failure.Line, Ink.Bad);

    private void End(Job job, Span result)
    {
        job.Result = result;
        job.Stop.Dispose();
        desk.Say($"{job.Title}: {result.Text}", result.Style.Ink);
        desk.Top.Refresh();
    }

    // Redraws once a second while it goes on.
    private void Count(Job job) => desk.After(TimeSpan.FromSeconds(1), () =>
    {
        if (job.Result is null)
        {
            Count(job);
        }
    });
}
