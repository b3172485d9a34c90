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
          if (( found )); then compset -P '--*='; _default; fi
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
        Option[] flags = [.. command.Options.Concat(Globals.All).Where(o => !o.Hidden)];
        Command[] next = [.. command.Subcommands.Where(c => !c.Hidden)];
        yield return new Place(
            path, command.Name == "completion" ? Shells : [.. next.Select(c => c.Name)],
            [.. flags.Select(o => CommandLine.TakesValue(o) ? o.Name + "=" : o.Name)
                .Append("--help").Distinct()],
            [.. flags.Where(o => o.HelpName is "FILE" or "DIR" || o.Name == "--evidence")
                .Select(o => o.Name)],
            command.Arguments.Any(a => a.Name is "file" or "records"));
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

    // Flags whose value may be the next word, those left out that take one in some places alone.
    private static string Values(IReadOnlyList<Place> places)
    {
        string[] flags = [.. places.SelectMany(p => p.Flags).Distinct()];
        return string.Join(' ', flags.Where(f => f.EndsWith('=') && !flags.Contains(f.TrimEnd('=')))
            .Select(f => f.TrimEnd('=')));
    }

    // The word is taken from the line: bash breaks its own words at ":" and "=", and puts back only what
    // follows the last break ("@" is left on the word). Bash 3.2, which macOS has, is enough.
    private static string Bash(IReadOnlyList<Place> places)
    {
        StringBuilder text = new StringBuilder("""
            _incidentmesh_bash() {
              local line=${COMP_LINE:0:$COMP_POINT} IFS=$' \t\n'
              local cur quote= lead= at= next= flags= value= word kept
              [[ -n $ZSH_VERSION ]] && setopt local_options sh_word_split no_nomatch
              for word in \' \"; do
                kept=${line//[^$word]/}
                if (( ${#kept} % 2 )); then quote=$word; break; fi
              done
              cur=${line##*[[:space:]$quote]}
              [[ -n $quote ]] && lead=${line##*$quote} && lead=${lead%"$cur"}
              set -- ${line%"$cur"}
              shift
              for word; do
                if [[ -n $value ]]; then value=
                elif [[ $word != -* ]]; then at="$at$word "
                elif [[ " VALUES " == *" $word "* ]]; then value=$word
                fi
              done
              case $at in

            """).Replace("VALUES", Values(places));
        foreach (Place place in places.Reverse())
        {
            string words = string.Join(' ', place.Next), flags = string.Join(' ', place.Flags);
            text.Append(words.Length == 0 ? ""
                : $"    '{place.Path}') next='{words}' flags='{flags}' ;;\n");
            text.Append(place.Path.Length == 0 ? "" : $"    '{place.Path}'*) flags='{flags}' ;;\n");
        }

        return text.Append("""
              esac
              [[ $cur == -* ]] && next=$flags
              [[ -n $value || $cur == --*=* ]] && next=
              COMPREPLY=()
              for word in $next; do
                [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
              done
              if [[ ${#COMPREPLY[@]} -eq 0 ]]; then
                COMPREPLY=($(incidentmesh __complete "$@" "$cur" 2>/dev/null | cut -f1))
              fi
              [[ -n $ZSH_VERSION || ${#COMPREPLY[@]} -eq 0 ]] && return
              if [[ ${COMPREPLY[*]} == *[:=] ]]; then compopt -o nospace 2>/dev/null; fi
              if [[ -n $quote ]]; then COMPREPLY=("${COMPREPLY[@]/#/$lead}")
              elif [[ -n $COMP_WORDBREAKS ]]; then
                kept=${cur%"${cur##*[${COMP_WORDBREAKS//@/}]}"}
                COMPREPLY=("${COMPREPLY[@]#"$kept"}")
              fi
            }

            """).ToString();
    }

    private static string Fish(IReadOnlyList<Place> places)
    {
        StringBuilder text = new StringBuilder("""
            function __incidentmesh_words
              set -l words (commandline -opc)
              string join -- \n $words[2..]
            end
            function __incidentmesh_path
              set -l value
              for word in (__incidentmesh_words)
                if set -q value[1]
                  set -e value[1]
                else if not string match -q -- '-*' $word
                  echo $word
                else if contains -- $word VALUES
                  set value $word
                end
              end
            end
            function __incidentmesh_at
              set -l path (__incidentmesh_path)
              test "$path" = "$argv"
            end
            function __incidentmesh_in
              set -l path (__incidentmesh_path)
              string match -q -- "$argv *" "$path "
            end
            function __incidentmesh_values
              set -l word (commandline -ct | string replace -r -- '^--[^=]*=' '')
              incidentmesh __complete $argv "$word" 2>/dev/null
            end

            """).Replace("VALUES", Values(places));
        foreach (Place place in places)
        {
            string path = place.Path.TrimEnd();
            string where = path.Length == 0 ? "__incidentmesh_at" : $"__incidentmesh_in {path}";
            if (place.Next.Count > 0)
            {
                text.Append("complete -c incidentmesh -f ");
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"-n '__incidentmesh_at {path}' -a '{string.Join(' ', place.Next)}'\n");
            }
            else if (!place.TakesFiles)
            {
                text.Append(CultureInfo.InvariantCulture, $"complete -c incidentmesh -f -n '{where}'\n");
            }

            foreach (string flag in place.Flags)
            {
                string name = flag[2..].TrimEnd('='), words = $"'(__incidentmesh_values --{name})'";
                string value = !flag.EndsWith('=') ? "" : place.FileFlags.Contains("--" + name) ? " -r -F"
                    : Completion.ValuesOf("--" + name).Count > 0 ? " -x -a " + words : " -x";
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"complete -c incidentmesh -n '{where}' -l {name}{value}\n");
            }
        }

        text.Append("complete -c incidentmesh -n 'not __incidentmesh_at' ");
        text.Append("-a '(incidentmesh __complete (__incidentmesh_words) (commandline -ct) 2>/dev/null)'\n");
        return text.ToString();
    }

    // What is replaced is the word, with its opening quote, or what follows the last ":" or "," of it where
    // pwsh takes it for a parameter or a list.
    private static string Pwsh(IReadOnlyList<Place> places)
    {
        StringBuilder text = new("""
            Register-ArgumentCompleter -Native -CommandName incidentmesh -ScriptBlock {
              param($word, $line, $cursor)
              $next = @{

            """);
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

        return text.Append("""
              }
              $length = $cursor - $line.Extent.StartOffset
              $cur = $line.Extent.Text.PadRight($length).Substring(0, $length) -replace '^.*[\s''"]'
              $before = @($line.CommandElements | Select-Object -Skip 1 |
                Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { "$_" })
              $path = ''
              $value = $false
              foreach ($one in $before) {
                if ($value) { $value = $false }
                elseif ($one -notlike '-*') { $path += "$one " }
                else { $value = 'VALUES'.Split(' ') -ccontains $one }
              }
              $at = $path
              while (-not $flags.ContainsKey($at)) { $at = $at -replace '[^ ]+ $' }
              $words = if ($value -or $cur -like '--*=*') { '' }
                elseif ($cur -like '-*') { $flags[$at] } else { $next[$path] }
              $found = @("$words" -split ' ' | Where-Object { $_ -and $_.StartsWith($cur) })
              if (-not $found) { $found = incidentmesh __complete @before "$cur" 2>$null }
              $quote = if ($word -match '^[''"]') { $word.Substring(0, 1) } else { '' }
              $typed = if ($quote) { $word.Substring(0, $word.Length - 1) } else { $word }
              $lead = if ($typed.EndsWith($cur)) { $typed.Remove($typed.Length - $cur.Length) } else { '' }
              $cut = [Math]::Max(0, $cur.Length - $typed.Length)
              $found | ForEach-Object {
                $name, $meaning = $_ -split "`t"
                if (-not $meaning) { $meaning = $name }
                $text = $lead + $name.Substring($cut) + $(if ($name -notmatch '[:=]$') { $quote })
                [System.Management.Automation.CompletionResult]::new($text, $name, 'ParameterValue', $meaning)
              }
            }

            """).Replace("VALUES", Values(places)).ToString();
    }

    /// <param name="Path">Commands before it, each with a space after it.</param>
    /// <param name="Next">Commands that may follow.</param>
    /// <param name="Flags">Flags that it takes; one with a value ends in <c>=</c>.</param>
    /// <param name="FileFlags">Those whose value names a file or folder.</param>
    /// <param name="TakesFiles">Whether its arguments name files.</param>
    private sealed record Place(
        string Path, IReadOnlyList<string> Next, IReadOnlyList<string> Flags,
        IReadOnlyList<string> FileFlags, bool TakesFiles);
}
