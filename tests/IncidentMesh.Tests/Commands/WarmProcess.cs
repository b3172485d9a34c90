using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Pipes;

namespace IncidentMesh.Tests.Commands;

/// <summary>An <c>incidentmesh</c> that runs one command line after another, each through the program's entry
/// point: compiling the code anew for each takes twenty times longer than most commands. They are kept to the
/// end of the tests, as many as there are processors, and end with them.</summary>
internal sealed class WarmProcess : IDisposable
{
    private static readonly SemaphoreSlim Slots = new(Environment.ProcessorCount);
    private static readonly ConcurrentBag<WarmProcess> Idle = [];

    private readonly NamedPipeServerStream _pipe;
    private readonly Process _process;
    private readonly Task<string> _errors;

    private WarmProcess()
    {
        string name = $"incidentmesh-{Guid.NewGuid():N}";
        _pipe = new NamedPipeServerStream(name);
        ProcessStartInfo start = CommandProcess.Program();
        start.Environment[StartupHook.Hooks] = typeof(StartupHook).Assembly.Location;
        start.Environment[StartupHook.Pipe] = name;
        start.Environment["LC_ALL"] = "C";
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _ = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
        if (!_pipe.WaitForConnectionAsync().Wait(CommandProcess.Patience))
        {
            _process.Kill();
            throw new InvalidOperationException(_errors.Result);
        }
    }

    /// <summary>Runs one command line in one that is idle. Its standard input is empty.</summary>
    public static CommandResult Run(string[] arguments, IReadOnlyDictionary<string, string> variables)
    {
        Slots.Wait();
        try
        {
            WarmProcess warm = Idle.TryTake(out WarmProcess? idle) ? idle : new WarmProcess();
            CommandResult result = warm.Ask(arguments, variables);
            Idle.Add(warm);
            return result;
        }
        finally
        {
            Slots.Release();
        }
    }

    public void Dispose()
    {
        _pipe.Dispose();
        _process.Dispose();
    }

    private CommandResult Ask(string[] arguments, IReadOnlyDictionary<string, string> variables)
    {
        BinaryWriter question = new(_pipe);
        question.Write(arguments.Length);
        Array.ForEach(arguments, question.Write);
        question.Write(variables.Count);
        foreach ((string name, string value) in variables)
        {
            question.Write(name);
            question.Write(value);
        }

        using Timer late = new(_ => _process.Kill(), null, CommandProcess.Patience, Timeout.InfiniteTimeSpan);
        try
        {
            BinaryReader answer = new(_pipe);
            return new CommandResult(answer.ReadInt32(), answer.ReadString(), answer.ReadString());
        }
        catch (EndOfStreamException)
        {
            string errors = _errors.Result;
            Dispose();
            throw new InvalidOperationException($"{string.Join(' ', arguments)}: no answer\n{errors}");
        }
    }
}
