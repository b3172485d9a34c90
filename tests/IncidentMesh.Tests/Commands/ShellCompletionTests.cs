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
    [InlineData("incidentmesh stats --by co", "country")]
    [InlineData("incidentmesh search --sort=", "relevance new received severity sources")]
    [InlineData("incidentmesh search --sort ", "relevance new received severity sources")]
    [InlineData("incidentmesh --home a sho", "show")]
    [InlineData("incidentmesh --home sho", "")]
    [InlineData("incidentmesh search 'severity>=ser", "severity>=serious-hazard "
        + "severity>=serious-incident severity>=serious")]
    [InlineData("incidentmesh search 'deadline sever", "deadline severity:")]
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
    [InlineData("incidentmesh draft s", "send show")]
    [InlineData("incidentmesh search sever", "severity:")]
    [InlineData("incidentmesh search severity:ser", "severity:serious severity:serious-hazard "
        + "severity:serious-incident")]
    [InlineData("incidentmesh submit --severity=ser", "--severity=serious-hazard "
        + "--severity=serious-incident")]
    [InlineData("incidentmesh submit --severity ser", "serious-hazard serious-incident")]
    [InlineData("incidentmesh search --sort ", "new received relevance severity sources")]
    [InlineData("incidentmesh --home a sho", "show")]
    public void Fish_offers(string line, string offered)
    {
        // A file that would be mixed in where files are offered.
        _cli.Write("severity:service", "");
        string complete = "cd $HOME; complete -C $argv[1] | string split -f1 \\t | string join ' '";
        Assert.Equal(offered, Ask("fish", "fish", complete, line));
    }

    [Theory]
    [InlineData("incidentmesh st", "incidentmesh stats|incidentmesh status")]
    [InlineData("incidentmesh draft s", "incidentmesh draft show|incidentmesh draft send")]
    [InlineData("incidentmesh search --lim", "incidentmesh search --limit=")]
    [InlineData("incidentmesh stats --by=co", "incidentmesh stats --by=country")]
    [InlineData("incidentmesh stats --by co", "incidentmesh stats --by country")]
    [InlineData("incidentmesh --home a sho", "incidentmesh --home a show")]
    [InlineData("incidentmesh search -is:un", "incidentmesh search -is:unread")]
    [InlineData("incidentmesh search basis:document,rep", "incidentmesh search basis:document,replication")]
    [InlineData("incidentmesh search 'basis:rep", "incidentmesh search 'basis:replication'")]
    [InlineData("incidentmesh search 'deadline sever", "incidentmesh search 'deadline severity:")]
    public void Pwsh_offers(string line, string completed)
    {
        const string Complete = """
            $line = $args[0]
            $r = TabExpansion2 -inputScript $line -cursorColumn $line.Length
            ($r.CompletionMatches | ForEach-Object {
              $kept = $line.Remove($r.ReplacementIndex, $r.ReplacementLength)
              $kept.Insert($r.ReplacementIndex, $_.CompletionText)
            }) -join '|'
            """;
        Assert.Equal(completed, Ask("pwsh", "pwsh", Complete, line));
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
    [InlineData("incidentmesh stats --by=coun", "incidentmesh stats --by=country ")]
    [InlineData("incidentmesh stats --by coun", "incidentmesh stats --by country ")]
    [InlineData("incidentmesh --home a statu", "incidentmesh --home a status ")]
    [InlineData("incidentmesh import --map=pass", "incidentmesh import --map=passphrase ")]
    public void Zsh_puts_no_space_after_what_goes_on(string line, string completed)
    {
        // A shell in a terminal of its own; a key prints the line that Tab left.
        const string Complete = """
            zmodload zsh/zpty
            zpty z zsh -f -i
            zpty -w z "cd ${0:h}; PS1=; autoload -Uz compinit; compinit -u -D; source ${0:h}/script.ps1"
            zpty -w z 'show() { print -r "<""<$BUFFER>>" }; zle -N show; bindkey "^X" show; print REA''DY'
            zpty -r z said '*READY*'
            zpty -n -w z "$1"$'\t\x18'
            zpty -r -m z said '*<<*>>*'
            print -r -- "${${said##*<<}%%>>*}|"
            """;
        string begin = "autoload -Uz compinit; compinit -u -D\n";
        Assert.Equal(completed + "|", Ask("zsh", "zsh", Complete, line, begin));
    }

    // In a folder on the path, or as INCIDENTMESH_PWSH=FILE names it for "pwsh".
    private static string? Find(string shell) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, shell))
        .Prepend(Environment.GetEnvironmentVariable($"INCIDENTMESH_{shell.ToUpperInvariant()}") ?? "")
        .FirstOrDefault(File.Exists);

    // Loads the script, and finds incidentmesh in a folder of the test, as on a person's path.
    private string Ask(string shell, string script, string complete, string line, string begin = "")
    {
        string? path = Find(shell);
        Assert.SkipWhen(
            path is null, $"needs {shell} on the path, or INCIDENTMESH_{shell.ToUpperInvariant()}=FILE");
        string file = _cli.Write("script.ps1", _cli.Run("completion", script).Out);
        string program = _cli.Write(
            "incidentmesh",
            $"#!/bin/sh\nexec dotnet '{AppContext.BaseDirectory}incidentmesh.dll' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        string load = shell == "pwsh" ? "." : "source";
        string text = _cli.Write("ask.ps1", $"{begin}{load} '{file}'\n{complete}\n");
        string[] words = shell == "pwsh" ? ["-NoProfile", "-File", text, line] : [text, line];
        ProcessStartInfo start = new(path!, words) { RedirectStandardOutput = true };
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
