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

    [Theory]
    [InlineData("incidentmesh search sever", "incidentmesh search severity:")]
    [InlineData("incidentmesh search --lim", "incidentmesh search --limit=")]
    [InlineData("incidentmesh statu", "incidentmesh status ")]
    public void Zsh_puts_no_space_after_what_goes_on(string line, string completed)
    {
        // A shell in a terminal of its own; a key prints the line that Tab left.
        const string Complete = """
            zmodload zsh/zpty
            zpty z zsh -f -i
            zpty -w z "PS1=; autoload -Uz compinit; compinit -u -D; source ${0:h}/script"
            zpty -w z 'show() { print -r "<<$BUFFER>>" }; zle -N show; bindkey "^X" show; print REA''DY'
            zpty -r z said '*READY*'
            zpty -n -w z "$1"$'\t\x18'
            zpty -r -m z said '*<<*>>*'
            print -r -- "${${said##*<<}%%>>*}|"
            """;
        string begin = "autoload -Uz compinit; compinit -u -D\n";
        Assert.Equal(completed + "|", Ask("zsh", "zsh", Complete, line, begin));
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
