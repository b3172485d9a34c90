using System.Text.RegularExpressions;
using IncidentMesh.Node.Search;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;
using SearchRequest = IncidentMesh.Node.Serve.SearchRequest;

namespace IncidentMesh.Node.Commands;

/// <summary>What Tab offers of what changes, or what only a node knows: <c>incidentmesh __complete
/// WORD..</c>, with the words of the line after <c>incidentmesh</c> up to the cursor. One candidate a line,
/// and after a tab what it stands for.</summary>
internal static partial class Completion
{
    /// <summary>How long a person waits after Tab, where the machine has much to do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private const int MostCandidates = 50;
    private const int ShortestId = 4;
    private const int TitleColumns = 60;

    /// <summary>Prints what the last of <paramref name="line"/> may become; nothing where no node answers in
    /// time.</summary>
    public static async Task OfferAsync(
        IReadOnlyList<string> line, string socket, TimeSpan wait, TextWriter print)
    {
        string word = line.Count > 0 ? line[^1] : "";
        using CancellationTokenSource patience = new(wait);
        try
        {
            foreach (Candidate found in await FindAsync(line, word, socket, patience.Token))
            {
                bool begins = found.Word.StartsWith(word, StringComparison.Ordinal);
                if (begins && Harmless().IsMatch(found.Word))
                {
                    print.WriteLine(found.Meaning is null ? found.Word
                        : $"{found.Word}\t{TextWidth.Cut(SafeText.Show(found.Meaning), TitleColumns)}");
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ApiException or IOException)
        {
            // Completion is silent: what is late or broken is nothing.
            return;
        }
    }

    private static async Task<IEnumerable<Candidate>> FindAsync(
        IReadOnlyList<string> line, string word, string socket, CancellationToken stop)
    {
        if (line.Count > 1 && ValuesOf(line[^2]) is { Count: > 0 } values)
        {
            return Plain(values);
        }

        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            string flag = word.Split('=')[0];
            return Plain(ValuesOf(flag)).Select(c => c with { Word = $"{flag}={c.Word}" });
        }

        string[] path = CommandLine.WordsOf(line.SkipLast(1));
        string command = path.ElementAtOrDefault(0) ?? "", then = path.ElementAtOrDefault(1) ?? "";
        Task<IEnumerable<Candidate>> Ask(
            Func<RemoteNode, CancellationToken, Task<IEnumerable<Candidate>>> question) =>
            AskAsync(socket, question, stop);
        return (command, then) switch
        {
            ("config", "get" or "set") when path.Length == 2 =>
                Settings.All.Select(s => new Candidate(s.Key, Known(s.Help))),
            ("config", "set") => Plain(Settings.All.FirstOrDefault(s => s.Key == path[2])?.Words ?? []),
            ("explain", "field") => QueryFields.All.Select(f => new Candidate(f.Name, Known(f.Help))),
            ("explain", "error") => ErrorCodes.All.Select(e => new Candidate(e.Code, Known(e.Means))),
            ("alert", "seen" or "remove") => await Ask(SavedAsync),
            ("draft", "show" or "edit" or "send" or "rm") => await Ask(DraftsAsync),
            ("trust", _) => await Ask(AuthorsAsync),
            ("peers", _) or ("sync", _) => await Ask(PeersAsync),
            ("review", _) => await Ask(WaitingAsync),
            ("show" or "cluster" or "explain" or "link" or "attest" or "correct" or "retract" or "verify"
                or "mark", _) => await Ask((n, s) => IdsAsync(n, word, s)),
            ("alert", "add") or ("search" or "export" or "watch" or "stats" or "tui", _) =>
                await QueryAsync(word, Ask),
            _ => [],
        };
    }

    // What a query may go on with: a field, or a value of the field that is named. What stands before the
    // value ("-", "(", the field, values before a comma) is part of each candidate.
    private static async Task<IEnumerable<Candidate>> QueryAsync(
        string word,
        Func<Func<RemoteNode, CancellationToken, Task<IEnumerable<Candidate>>>, Task<IEnumerable<Candidate>>>
            ask)
    {
        Match typed = Clause().Match(word);
        string before = typed.Groups["sign"].Value;
        if (!typed.Success || !QueryFields.TryGet(typed.Groups["field"].Value, out QueryField? field))
        {
            IEnumerable<Candidate> ids = word.Length < ShortestId ? []
                : await ask((node, stop) => IdsAsync(node, word, stop));
            return QueryFields.All
                .Select(f => new Candidate(before + f.Name + ":", Known(f.Help))).Concat(ids);
        }

        string last = typed.Groups["last"].Value;
        before = word[..^last.Length];
        IEnumerable<Candidate> values = field.Values.Count > 0 ? Plain(field.Values)
            : await ask(field.Name switch
            {
                "saved" => SavedAsync,
                "author" => AuthorsAsync,
                "id" or "cluster" or "similar" => (node, stop) => IdsAsync(node, last, stop),
                _ => (node, stop) => CountedAsync(node, field.Name, stop),
            });
        return values.Select(v => v with { Word = before + v.Word });
    }

    private static async Task<IEnumerable<Candidate>> AskAsync(
        string socket, Func<RemoteNode, CancellationToken, Task<IEnumerable<Candidate>>> question,
        CancellationToken stop)
    {
        await using RemoteNode? node = RemoteNode.TryConnect(socket, null);
        return node is null ? [] : await question(node, stop);
    }

    private static async Task<IEnumerable<Candidate>> IdsAsync(
        RemoteNode node, string begun, CancellationToken stop)
    {
        // Fewer characters name no record: the newest are offered.
        string query = begun.Length < ShortestId ? ""
            : $"id:\"{begun.Replace("\"", "", StringComparison.Ordinal)}\" state:*";
        SearchView found = await node.SearchAsync(new SearchRequest(query, MostCandidates), stop);
        bool full = begun.StartsWith("bafy", StringComparison.Ordinal);
        return found.Items.Select(i => new Candidate(full ? i.Id : i.Short, i.Title));
    }

    private static async Task<IEnumerable<Candidate>> CountedAsync(
        RemoteNode node, string field, CancellationToken stop)
    {
        SearchView found = await node.SearchAsync(new SearchRequest("", 0, Facets: [field]), stop);
        return found.Facets.Values.SelectMany(f => f).Take(MostCandidates)
            .Select(f => new Candidate(f.Key, null));
    }

    private static async Task<IEnumerable<Candidate>> SavedAsync(RemoteNode node, CancellationToken stop) =>
        (await node.SearchesAsync(null, stop)).Items.Select(s => new Candidate(s.Name, s.Query));

    private static async Task<IEnumerable<Candidate>> DraftsAsync(RemoteNode node, CancellationToken stop) =>
        (await node.DraftsAsync(null, stop)).Items.Select(d => new Candidate($"{d.Number}", d.Title));

    private static async Task<IEnumerable<Candidate>> AuthorsAsync(RemoteNode node, CancellationToken stop) =>
        (await node.TrustAsync(null, stop)).Items.Take(MostCandidates)
            .Select(t => new Candidate(ReportRows.Author(t.Author), t.Author.Id));

    private static async Task<IEnumerable<Candidate>> PeersAsync(RemoteNode node, CancellationToken stop) =>
        (await node.PeersAsync(null, stop)).Items.Select(p => new Candidate(p.PeerId, p.Address));

    private static async Task<IEnumerable<Candidate>> WaitingAsync(RemoteNode node, CancellationToken stop) =>
        (await node.ReviewAsync(MostCandidates, stop)).Quarantine
            .Select(q => new Candidate(q.Report.Short, q.Report.Title));

    /// <summary>The words that a flag takes; none where it takes any text.</summary>
    public static IReadOnlyList<string> ValuesOf(string flag) => flag switch
    {
        "--by" or "--split" or "--facets" => Searcher.FacetNames,
        "--sort" => ["relevance", "new", "received", "severity", "sources"],
        "--format" => ["auto", .. ExportFormat.All.Select(f => f.Name), "aiid", "atlas"],
        "--ai-role" => Field("ai-role"),
        "--basis" => Field("basis"),
        "--harm" => Field("harm"),
        "--role" => Field("role"),
        "--severity" => [.. Field("severity").Where(s => s != "serious")],
        "--stage" => Field("stage"),
        "--type" => ["incident", "model-risk"],
        "--log" => ["text", "json"],
        "--ui-lang" => Languages,
        _ => [],
    };

    private static IReadOnlyList<string> Field(string name) =>
        QueryFields.TryGet(name, out QueryField? field) ? field.Values : [];

    private static IEnumerable<Candidate> Plain(IEnumerable<string> words) =>
        words.Select(w => new Candidate(w, null));

    [GeneratedRegex("^(?<sign>[-(]*)(?:(?<field>[a-z-]+)(?::|>=|<=|>|<)(?:.*,)?(?<last>[^,]*))?")]
    private static partial Regex Clause();

    // Names and values are of others, and what is offered is put into a line that a shell reads.
    [GeneratedRegex(@"^[\p{L}\p{M}\p{N}@+][\p{L}\p{M}\p{N}@+:.,/_=<>-]*\z|^-[\p{L}\p{N}:.,/_=-]*\z")]
    private static partial Regex Harmless();

    private sealed record Candidate(string Word, string? Meaning);
}
