using System.Diagnostics;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary>The completion scripts in the shells that they are for, as far as these are installed.</summary>
public sealed class ShellCompletionTests : IDisposable
{
    private readonly CommandProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("incidentmesh st", "stats status")]
    [InlineData("incidentmesh --json stat", "stats status")]
    [InlineData("incidentmesh draft s", "show send")]
    [InlineData("incidentmesh search --li", "--limit=")]
    [InlineData("incidentmesh stats --by=co", "country")]
    [InlineData("incidentmesh alert s", "seen")]
    [InlineData("incidentmesh search severity>=ser", "serious-hazard serious-incident serious")]
    [InlineData("incidentmesh search sever", "severity:")]
    [InlineData("incidentmesh search standing:tr", "trusted")]
    [InlineData("incidentmesh completion f", "fish")]
    [InlineData("incidentmesh config get run.l", "run.listen run.log")]
    [InlineData("incidentmesh frobnicate qq", "")]
    public void Bash_offers(string line, string offered)
    {
        string complete = "COMP_LINE=$1 COMP_POINT=${#1}; _incidentmesh_bash; echo ${COMPREPLY[*]}";
        Assert.Equal(offered, Ask("bash", "bash", complete, line));
    }

    [Theory]
    [InlineData("incidentmesh st", "stats status")]
    [InlineData("incidentmesh draft s", "show send")]
    [InlineData("incidentmesh search sever", "severity:")]
    public void Fish_offers(string line, string offered)
    {
        string complete = "complete -C $argv[1] | string split -f1 \\t | string join ' '";
        string[] words = Ask("fish", "fish", complete, line).Split(' ');
        Assert.All(offered.Split(' '), o => Assert.Contains(o, words));
    }

    [Theory]
    [InlineData("incidentmesh st", "stats status")]
    [InlineData("incidentmesh draft s", "show send")]
    [InlineData("incidentmesh config get run.l", "run.listen run.log")]
    public void Zsh_offers(string line, string offered)
    {
        // What the completion system would be given, without the terminal that it needs.
        string complete = "COMP_LINE=$1 COMP_POINT=${#1}; _incidentmesh_bash; echo $COMPREPLY";
        string begin = "autoload -Uz compinit; compinit -u -D\n";
        Assert.Equal(offered, Ask("zsh", "zsh", complete, line, begin));
    }

    // Loads the script, and finds incidentmesh in a folder of the test, as on a person's path.
    private string Ask(string shell, string script, string complete, string line, string begin = "")
    {
        Assert.SkipUnless(File.Exists("/usr/bin/" + shell), $"needs /usr/bin/{shell}");
        string file = _cli.Write("script", _cli.Run("completion", script).Out);
        string program = _cli.Write(
            "incidentmesh",
            $"#!/bin/sh\nexec dotnet '{AppContext.BaseDirectory}incidentmesh.dll' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        string text = _cli.Write("ask", $"{begin}source '{file}'\n{complete}\n");
        ProcessStartInfo start = new("/usr/bin/" + shell, [text, line]) { RedirectStandardOutput = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["PATH"] = $"{_cli.Home}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["INCIDENTMESH_HOME"] = _cli.Node;
        start.Environment["HOME"] = _cli.Home;
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Trim();
    }
}
