using System.IO.Pipes;
using System.Reflection;

/// <summary>Makes an <c>incidentmesh</c> run one command line after another, as
/// <see cref="IncidentMesh.Tests.Commands.WarmProcess"/> asks, instead of its own. .NET looks for this name
/// outside of all namespaces (dotnet/runtime, "Host startup hook").</summary>
internal static class StartupHook
{
    /// <summary>Environment variable with the name of the pipe.</summary>
    public const string Pipe = "INCIDENTMESH_TEST_PIPE";

    /// <summary>Environment variable with the path of this assembly.</summary>
    public const string Hooks = "DOTNET_STARTUP_HOOKS";

    private const string Ours = "INCIDENTMESH_";

    /// <summary>Runs what is asked for until the pipe closes, and ends the process.
    /// <code>
    /// question = count { argument } count { variable value }
    /// answer   = exit output errors
    /// </code></summary>
    public static void Initialize()
    {
        // Not for the processes that a command starts.
        Environment.SetEnvironmentVariable(Hooks, null);
        MethodInfo main = Assembly.GetEntryAssembly()!.EntryPoint!;
        using NamedPipeClientStream pipe = new(".", Environment.GetEnvironmentVariable(Pipe)!);
        pipe.Connect();
        BinaryReader questions = new(pipe);
        BinaryWriter answers = new(pipe);
        while (TryReadCount(questions, out int count))
        {
            string[] arguments = [.. Enumerable.Range(0, count).Select(_ => questions.ReadString())];
            SetVariables(questions);
            using StringWriter output = new(), errors = new();
            Console.SetOut(output);
            Console.SetError(errors);
            answers.Write((int)main.Invoke(null, [arguments])!);
            answers.Write(output.ToString());
            answers.Write(errors.ToString());
        }

        Environment.Exit(0);
    }

    private static bool TryReadCount(BinaryReader questions, out int count)
    {
        try
        {
            count = questions.ReadInt32();
            return true;
        }
        catch (EndOfStreamException)
        {
            count = 0;
            return false;
        }
    }

    // A command puts settings of its file among the variables.
    private static void SetVariables(BinaryReader questions)
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys.OfType<string>())
        {
            if (name.StartsWith(Ours, StringComparison.Ordinal))
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }

        for (int i = questions.ReadInt32(); i > 0; i--)
        {
            Environment.SetEnvironmentVariable(questions.ReadString(), questions.ReadString());
        }
    }
}
