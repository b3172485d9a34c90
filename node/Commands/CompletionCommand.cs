using System.CommandLine;
using System.Globalization;
using System.Text;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>completion bash|zsh|fish|pwsh</c>: a static script with all commands and flags, which asks
/// <c>incidentmesh __complete WORD</c> for what only a node knows.</summary>
internal static class CompletionCommand
{
    private const int MostCandidates = 50;

    /// <summary>How long a person waits after Tab.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    public static Command Build(Func<RootCommand> root)
    {
        Argument<string> shell = new("shell") { Description = T("bash, zsh, fish or pwsh") };
        Command command = new("completion", T("print a completion script for a shell")) { shell };
        return command.Does(
            (session, parse, _) =>
            {
                string name = parse.GetValue(shell)!;
                session.Out.Write(name is "bash" or "zsh" or "fish" or "pwsh"
                    ? Script(name, Words(root()))
                    : throw ApiException.Usage(
                        T($"no script for the shell \"{name}\""), "bash, zsh, fish, pwsh"));
                return Task.FromResult(ExitCode.Done);
            },
            "incidentmesh completion bash > ~/.local/share/bash-completion/completions/incidentmesh",
            "incidentmesh completion zsh > ~/.zfunc/_incidentmesh",
            "incidentmesh completion fish > ~/.config/fish/completions/incidentmesh.fish",
            "incidentmesh completion pwsh >> $PROFILE");
    }

    /// <summary>Ids, names, fields and saved queries that begin with a word, one a line; nothing where no
    /// node answers in time.</summary>
    public static async Task CompleteAsync(string word, string socket, TimeSpan wait, TextWriter print)
    {
        int colon = word.IndexOf(':', StringComparison.Ordinal);
        string field = colon < 0 ? "" : word[..colon];
        string begun = word[(colon + 1)..];
        string prefix = word[..(colon + 1)];
        IEnumerable<string> known = QueryFields.TryGet(field, out QueryField? of)
            ? of.Values
            : colon >= 0 ? []
            : begun.Contains('.', StringComparison.Ordinal) ? Settings.All.Select(s => s.Key)
            : QueryFields.All.Select(f => f.Name + ":");
        foreach (string candidate in known.Where(c => c.StartsWith(begun, StringComparison.Ordinal)))
        {
            print.WriteLine(prefix + candidate);
        }

        using CancellationTokenSource patience = new(wait);
        try
        {
            await using RemoteNode? node = RemoteNode.TryConnect(socket, null);
            IEnumerable<string> found =
                node is null ? [] : await AskAsync(node, field, begun, patience.Token);
            foreach (string candidate in found)
            {
                print.WriteLine(prefix + SafeText.Show(candidate));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ApiException or IOException)
        {
            // Completion is silent: what is late or broken is nothing.
            return;
        }
    }

    private static async Task<IEnumerable<string>> AskAsync(
        RemoteNode node, string field, string begun, CancellationToken stop)
    {
        if (field == "saved")
        {
            SavedListView saved = await node.SearchesAsync(null, stop);
            return saved.Items.Select(s => s.Name)
                .Where(n => n.StartsWith(begun, StringComparison.Ordinal));
        }

        if (field == "author" || begun.StartsWith('@') || begun.StartsWith('+'))
        {
            TrustListView authors = await node.TrustAsync(null, stop);
            return authors.Items.Select(t => ReportRows.Author(t.Author))
                .Where(n => n.StartsWith(begun, StringComparison.Ordinal)).Take(MostCandidates);
        }

        if (begun.Length < 4 || field is not ("" or "id" or "cluster" or "similar"))
        {
            return [];
        }

        SearchView found = await node.SearchAsync(
            new SearchRequest($"id:\"{begun.Replace("\"", "", StringComparison.Ordinal)}\"", MostCandidates),
            stop);
        return found.Items.Select(i => i.Short).Where(s => s.StartsWith(begun, StringComparison.Ordinal));
    }

    // "show --body --raw", "draft list", "draft show" …: each command with what may follow it.
    private static List<(string Path, string Follows)> Words(RootCommand root)
    {
        string flags = string.Join(' ', Globals.All.Select(o => o.Name).Append("--help"));
        List<(string, string)> words = [("", Join(root.Subcommands) + " " + flags)];
        foreach (Command command in root.Subcommands.Where(c => !c.Hidden))
        {
            string next = command.Name == "completion" ? "bash zsh fish pwsh" : Join(command.Subcommands);
            words.Add((command.Name, $"{next} {Join(command.Options)} {flags}".Trim()));
        }

        return words;
    }

    private static string Join(IEnumerable<Symbol> symbols) =>
        string.Join(' ', symbols.Where(s => !s.Hidden).Select(s => s.Name));

    private static string Script(string shell, List<(string Path, string Follows)> words) => shell switch
    {
        "fish" => Fish(words),
        "pwsh" => Pwsh(words),
        "zsh" => "#compdef incidentmesh\nautoload -U +X bashcompinit && bashcompinit\n" + Bash(words),
        _ => Bash(words),
    };

    // The word is taken from the line: bash breaks its own words at ":" and "=", and puts back only what
    // follows the last break ("@" is left on the word).
    private static string Bash(List<(string Path, string Follows)> words)
    {
        StringBuilder text = new("_incidentmesh() {\n");
        text.Append("  local line=${COMP_LINE:0:$COMP_POINT} cur follows kept\n");
        text.Append("  [[ -n $ZSH_VERSION ]] && setopt local_options sh_word_split\n");
        text.Append("  cur=${line##*[[:space:]]}\n  set -- ${line%\"$cur\"}\n  shift\n");
        text.Append("  while [[ $1 == -* ]]; do shift; done\n  case $1 in\n");
        foreach ((string path, string follows) in words)
        {
            string name = path.Length == 0 ? "''" : path;
            text.Append(CultureInfo.InvariantCulture, $"    {name}) follows=\"{follows}\" ;;\n");
        }

        text.Append("  esac\n  COMPREPLY=($(compgen -W \"$follows\" -- \"$cur\"))\n");
        text.Append("  if [[ ${#COMPREPLY[@]} -eq 0 && -n $cur && $cur != -* ]]; then\n");
        text.Append("    COMPREPLY=($(incidentmesh __complete \"$cur\" 2>/dev/null))\n  fi\n");
        text.Append("  if [[ -n $COMP_WORDBREAKS && ${#COMPREPLY[@]} -gt 0 ]]; then\n");
        text.Append("    kept=${cur%\"${cur##*[${COMP_WORDBREAKS//@/}]}\"}\n");
        text.Append("    COMPREPLY=(\"${COMPREPLY[@]#\"$kept\"}\")\n  fi\n");
        text.Append("}\ncomplete -o default -F _incidentmesh incidentmesh\n");
        return text.ToString();
    }

    private static string Fish(List<(string Path, string Follows)> words)
    {
        StringBuilder text = new("complete -c incidentmesh -f\n");
        text.Append("complete -c incidentmesh -n __fish_use_subcommand ");
        text.Append(CultureInfo.InvariantCulture, $"-a '{words[0].Follows}'\n");
        foreach ((string path, string follows) in words.Skip(1))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"complete -c incidentmesh -n '__fish_seen_subcommand_from {path}' -a '{follows}'\n");
        }

        text.Append("complete -c incidentmesh -n 'not __fish_use_subcommand' ");
        text.Append("-a '(incidentmesh __complete (commandline -ct) 2>/dev/null)'\n");
        return text.ToString();
    }

    private static string Pwsh(List<(string Path, string Follows)> words)
    {
        StringBuilder text = new("Register-ArgumentCompleter -Native -CommandName incidentmesh ");
        text.Append("-ScriptBlock {\n  param($word, $line, $cursor)\n  $follows = @{\n");
        foreach ((string path, string follows) in words)
        {
            text.Append(CultureInfo.InvariantCulture, $"    '{path}' = '{follows}'\n");
        }

        text.Append("  }\n  $words = @($line.CommandElements | ForEach-Object { \"$_\" })\n");
        text.Append("  $first = $words.Count -lt 2 -or ($words.Count -eq 2 -and $word)\n");
        text.Append("  $command = if ($first) { '' } else { $words[1] }\n");
        text.Append("  $found = @($follows[$command] -split ' ' | Where-Object { $_ -like \"$word*\" })\n");
        text.Append("  if ($found.Count -eq 0 -and $word) { $found = @(incidentmesh __complete $word) }\n");
        text.Append("  $found | ForEach-Object {\n");
        text.Append("    [System.Management.Automation.CompletionResult]::new($_)\n  }\n}\n");
        return text.ToString();
    }
}
