using System.CommandLine;
using System.Globalization;
using System.Text;
using IncidentMesh.Node.Serve;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>completion bash|zsh|fish|pwsh</c>: a static script with all commands and flags, which asks
/// <see cref="Completion"/> for the rest.</summary>
internal static class CompletionCommand
{
    // What goes on gets no space. Run as a file of fpath it is the function itself.
    private const string Zsh = """
        _incidentmesh() {
          local -a COMPREPLY
          local COMP_LINE="${(j: :)words[1,CURRENT-1]} $PREFIX"
          local COMP_POINT=${#COMP_LINE} found=1
          _incidentmesh_bash
          compadd -S '' -- ${(M)COMPREPLY:#*[:=]} && found=0
          compadd -- ${COMPREPLY:#*[:=]} && found=0
          (( found )) && _default
          return found
        }
        if [[ $funcstack[1] == _incidentmesh ]]; then _incidentmesh
        else compdef _incidentmesh incidentmesh
        fi

        """;

    private static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    public static Command Build(Func<RootCommand> root)
    {
        Argument<string> shell = new("shell") { Description = T("bash, zsh, fish or pwsh") };
        Command command = new("completion", T("print a completion script for a shell")) { shell };
        return command.Does(
            (session, parse, _) =>
            {
                string name = parse.GetValue(shell)!;
                session.Out.Write(Shells.Contains(name)
                    ? Script(name, [.. Places("", root())])
                    : throw ApiException.Usage(
                        T($"no script for the shell \"{name}\""), string.Join(", ", Shells)));
                return Task.FromResult(ExitCode.Done);
            },
            "incidentmesh completion bash > ~/.local/share/bash-completion/completions/incidentmesh",
            "incidentmesh completion zsh > ~/.zfunc/_incidentmesh",
            "incidentmesh completion fish > ~/.config/fish/completions/incidentmesh.fish",
            "incidentmesh completion pwsh >> $PROFILE");
    }

    // "" and "draft " and "draft show ": each place in the line with what may follow.
    private static IEnumerable<Place> Places(string path, Command command)
    {
        IEnumerable<Option> flags = command.Options.Concat(Globals.All).Where(o => !o.Hidden);
        Command[] next = [.. command.Subcommands.Where(c => !c.Hidden)];
        yield return new Place(
            path, command.Name == "completion" ? Shells : [.. next.Select(c => c.Name)],
            [.. flags.Select(o => o.ValueType == typeof(bool) || o.Action is not null ? o.Name : o.Name + "=")
                .Append("--help").Distinct()]);
        foreach (Place place in next.SelectMany(c => Places($"{path}{c.Name} ", c)))
        {
            yield return place;
        }
    }

    private static string Script(string shell, IReadOnlyList<Place> places) => shell switch
    {
        "fish" => Fish(places),
        "pwsh" => Pwsh(places),
        "zsh" => "#compdef incidentmesh\n" + Bash(places) + Zsh,
        _ => Bash(places) + "complete -o default -F _incidentmesh_bash incidentmesh\n",
    };

    // The word is taken from the line: bash breaks its own words at ":" and "=", and puts back only what
    // follows the last break ("@" is left on the word). Bash 3.2, which macOS has, is enough.
    private static string Bash(IReadOnlyList<Place> places)
    {
        StringBuilder text = new("_incidentmesh_bash() {\n");
        text.Append("  local line=${COMP_LINE:0:$COMP_POINT} IFS=$' \\t\\n'\n");
        text.Append("  local cur at= next= flags= word kept\n");
        text.Append("  [[ -n $ZSH_VERSION ]] && setopt local_options sh_word_split no_nomatch\n");
        text.Append("  cur=${line##*[[:space:]]}\n  set -- ${line%\"$cur\"}\n  shift\n");
        text.Append("  for word; do [[ $word == -* ]] || at=\"$at$word \"; done\n  case $at in\n");
        foreach (Place place in places.Reverse())
        {
            string words = string.Join(' ', place.Next), flags = string.Join(' ', place.Flags);
            text.Append(words.Length == 0 ? ""
                : $"    '{place.Path}') next='{words}' flags='{flags}' ;;\n");
            text.Append(place.Path.Length == 0 ? "" : $"    '{place.Path}'*) flags='{flags}' ;;\n");
        }

        text.Append("  esac\n");
        text.Append("  [[ $cur == -* ]] && next=$flags\n");
        text.Append("  COMPREPLY=()\n  for word in $next; do\n");
        text.Append("    [[ $word == \"$cur\"* ]] && COMPREPLY+=(\"$word\")\n  done\n");
        text.Append("  if [[ ${#COMPREPLY[@]} -eq 0 ]]; then\n");
        text.Append("    COMPREPLY=($(incidentmesh __complete \"$@\" \"$cur\" 2>/dev/null | ");
        text.Append("cut -f1))\n  fi\n");
        text.Append("  [[ -n $ZSH_VERSION ]] && return\n");
        text.Append("  if [[ ${COMPREPLY[*]} == *[:=] ]]; then compopt -o nospace 2>/dev/null; fi\n");
        text.Append("  if [[ -n $COMP_WORDBREAKS && ${#COMPREPLY[@]} -gt 0 ]]; then\n");
        text.Append("    kept=${cur%\"${cur##*[${COMP_WORDBREAKS//@/}]}\"}\n");
        text.Append("    COMPREPLY=(\"${COMPREPLY[@]#\"$kept\"}\")\n  fi\n");
        text.Append("}\n");
        return text.ToString();
    }

    private static string Fish(IReadOnlyList<Place> places)
    {
        StringBuilder text = new("function __incidentmesh_words\n  set -l words (commandline -opc)\n");
        text.Append("  string join -- \\n $words[2..]\nend\n");
        text.Append("function __incidentmesh_at\n");
        text.Append("  set -l path (__incidentmesh_words | string match -v -- '-*')\n");
        text.Append("  test \"$path\" = \"$argv\"\nend\n");
        text.Append("function __incidentmesh_in\n");
        text.Append("  set -l path (__incidentmesh_words | string match -v -- '-*')\n");
        text.Append("  string match -q -- \"$argv *\" \"$path \"\nend\n");
        foreach (Place place in places)
        {
            string path = place.Path.TrimEnd();
            if (place.Next.Count > 0)
            {
                text.Append("complete -c incidentmesh -f ");
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"-n '__incidentmesh_at {path}' -a '{string.Join(' ', place.Next)}'\n");
            }

            string where = path.Length == 0 ? "__incidentmesh_at" : $"__incidentmesh_in {path}";
            foreach (string flag in place.Flags)
            {
                string value = flag.EndsWith('=') ? " -r" : "";
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"complete -c incidentmesh -n '{where}' -l {flag[2..].TrimEnd('=')}{value}\n");
            }
        }

        text.Append("complete -c incidentmesh -n 'not __incidentmesh_at' ");
        text.Append("-a '(incidentmesh __complete (__incidentmesh_words) (commandline -ct) 2>/dev/null)'\n");
        return text.ToString();
    }

    private static string Pwsh(IReadOnlyList<Place> places)
    {
        StringBuilder text = new("Register-ArgumentCompleter -Native -CommandName incidentmesh ");
        text.Append("-ScriptBlock {\n  param($word, $line, $cursor)\n  $next = @{\n");
        foreach (Place place in places.Where(p => p.Next.Count > 0))
        {
            text.Append(
                CultureInfo.InvariantCulture, $"    '{place.Path}' = '{string.Join(' ', place.Next)}'\n");
        }

        text.Append("  }\n  $flags = @{\n");
        foreach (Place place in places)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"    '{place.Path}' = '{string.Join(' ', place.Flags)}'\n");
        }

        text.Append("  }\n  $before = @($line.CommandElements | Select-Object -Skip 1 | ");
        text.Append("Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { \"$_\" })\n");
        text.Append("  $path = -join ($before | Where-Object { $_ -notlike '-*' } | ");
        text.Append("ForEach-Object { \"$_ \" })\n");
        text.Append("  $at = $path\n");
        text.Append("  while (-not $flags.ContainsKey($at)) { $at = $at -replace '[^ ]+ $' }\n");
        text.Append("  $words = if ($word -like '-*') { $flags[$at] } else { $next[$path] }\n");
        text.Append("  $found = @(\"$words\" -split ' ' | Where-Object { $_ -and $_.StartsWith($word) })\n");
        text.Append("  if (-not $found) { $found = incidentmesh __complete @before \"$word\" 2>$null }\n");
        text.Append("  $found | ForEach-Object {\n");
        text.Append("    $value, $meaning = $_ -split \"`t\"\n");
        text.Append("    if (-not $meaning) { $meaning = $value }\n");
        text.Append("    [System.Management.Automation.CompletionResult]::new(");
        text.Append("$value, $value, 'ParameterValue', $meaning)\n  }\n}\n");
        return text.ToString();
    }

    /// <param name="Path">Commands before it, each with a space after it.</param>
    /// <param name="Next">Commands that may follow.</param>
    /// <param name="Flags">Flags that it takes; one with a value ends in <c>=</c>.</param>
    private sealed record Place(string Path, IReadOnlyList<string> Next, IReadOnlyList<string> Flags);
}
