using System.Diagnostics;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;

namespace IncidentMesh.Tests.Commands;

/// <summary>What a command printed and how it ended.</summary>
internal sealed record CommandResult(int Exit, string Out, string Err);

/// <summary>Runs the built <c>incidentmesh</c> as its user would, in a home of its own.</summary>
internal sealed class CommandProcess : IDisposable
{
    private const string Passphrase = "correct horse";
    private const string English = "C";

    /// <summary>How long a command may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public CommandProcess()
    {
        Home = Directory.CreateTempSubdirectory("incidentmesh-cli-").FullName;
        Node = Path.Combine(Home, "node");
        PassphraseFile = Write("passphrase", Passphrase + "\n");
    }

    public string Home { get; }

    public string PassphraseFile { get; }

    /// <summary>The node's folder.</summary>
    public string Node { get; init; }

    /// <summary>Folder of the model, or null: few tests need it, and loading it costs a second.</summary>
    public string? Model { get; set; }

    /// <summary>The locale, by which texts are chosen.</summary>
    public string Locale { get; set; } = English;

    /// <summary>What a shell does before it becomes the command, or null.</summary>
    public string? Shell { get; set; }

    /// <summary>Whether a command that is started has a terminal, as <c>script</c> (util-linux) makes one:
    /// what is typed is its standard input, and all that it prints its standard output. Its process id is in
    /// the file <c>pid</c>.</summary>
    public bool AtTerminal { get; set; }

    public string Write(string name, string text)
    {
        string path = Path.Combine(Home, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Every command in a process of its own, as its users have it; otherwise only those that
    /// <see cref="WarmProcess"/> cannot run: a node, a shell before it, another language.</summary>
    public bool Cold { get; init; }

    private Dictionary<string, string> Variables => new()
    {
        ["INCIDENTMESH_HOME"] = Node,
        ["INCIDENTMESH_MODEL"] = Model ?? Path.Combine(Home, "no-model"),
    };

    public CommandResult Run(params string[] arguments)
    {
        if (!Cold && Shell is null && Locale == English && arguments is not ["run" or "demo" or "tui", ..])
        {
            return WarmProcess.Run(arguments, Variables);
        }

        using Process process = Start(arguments);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            throw new TimeoutException(string.Join(' ', arguments));
        }

        return new CommandResult(process.ExitCode, output, errors.Result);
    }

    public Process Start(params string[] arguments)
    {
        ProcessStartInfo start = Program();
        if (Shell is not null)
        {
            string[] shell = ["-c", $"{Shell}; exec \"$@\"", "--", start.FileName, .. start.ArgumentList];
            start.FileName = "bash";
            start.ArgumentList.Clear();
            Array.ForEach(shell, start.ArgumentList.Add);
        }

        Array.ForEach(arguments, start.ArgumentList.Add);
        if (AtTerminal)
        {
            string line = string.Join(' ', start.ArgumentList.Prepend(start.FileName).Select(a => $"'{a}'"));
            start.ArgumentList.Clear();
            start.FileName = "script";
            string typed = $"echo $$ > '{Path.Combine(Home, "pid")}'; exec {line}";
            Array.ForEach(["-qefc", typed, "/dev/null"], start.ArgumentList.Add);
        }

        start.Environment["LC_ALL"] = Locale;
        foreach ((string name, string value) in Variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>The built <c>incidentmesh</c> without arguments, its streams in the test's hands.</summary>
    public static ProcessStartInfo Program()
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "incidentmesh.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };

        // Short-lived: measuring code for a later tier costs more than it gives, and a second mapping of the
        // pages of compiled code an eighth of the time.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment.Remove("INCIDENTMESH_NODE");
        start.Environment.Remove("INCIDENTMESH_PASSPHRASE_FILE");
        return start;
    }

    /// <summary>Sets the node up, as <c>init</c> does but in this process, which has compiled the code for it
    /// long before most tests; the transcripts have the command itself.</summary>
    public CommandProcess Init(bool sealDevice = false)
    {
        Task.Run(() => NodeSetup.CreateAsync(
            DataFolder.Resolve(Node, Path.Combine(Node, "config.toml")),
            new JsonObject { ["name"] = "tester" }, Passphrase, sealDevice, join: null,
            CancellationToken.None)).GetAwaiter().GetResult();
        return this;
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);
}
