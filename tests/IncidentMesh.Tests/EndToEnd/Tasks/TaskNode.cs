using System.Text.Json;
using IncidentMesh.Node.Embed;
using IncidentMesh.Tests.Commands;
using IncidentMesh.Tests.Tui;
using Xunit;

namespace IncidentMesh.Tests.EndToEnd.Tasks;

/// <summary>A node that runs, with a report of its own, two of one event (one its own, one of another author
/// whom it trusts), and the terminal UI on it.</summary>
internal sealed class TaskNode : IDisposable
{
    private const string Article = "https://example.org/article";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CommandProcess _cli;
    private readonly CommandProcess _other = new();
    private readonly NodeProcess _running;

    public TaskNode()
    {
        Tmux = new TmuxSession();
        _cli = new CommandProcess { Node = Tmux.Folder, Model = ModelFolder.Shipped };
        _cli.Init();
        _other.Init();
        Done(_other.Run(
            "submit", "-q", "--title=Gesichtserkennung: Mann zu Unrecht festgenommen", "--lang=de",
            "--text=Die Kamera am Bahnhof verwechselte ihn.", "--severity=serious-incident",
            "--set", "countries=[\"DE\"]", $"--evidence={Article}"));
        Cited = Path.Combine(_other.Home, "cited.jsonl");
        Done(_other.Run("export", $"--out={Cited}"));
        using JsonDocument status = JsonDocument.Parse(Done(_other.Run("status", "--json")));
        _running = new NodeProcess(_cli);
        Done(_cli.Run("trust", "add", status.RootElement.GetProperty("identity").GetString()!));
        Done(_cli.Run("import", Cited));
        Done(_cli.Run(
            "submit", "-q", "--title=Man wrongly arrested after a face match", "--lang=en",
            "--text=The camera took him for another.", $"--evidence={Article}", "--no-similar"));
        Own = Done(_cli.Run(
            "submit", "-q", "--title=Chatbot of the city names a wrong deadline", "--lang=en",
            "--text=A client asked the chatbot about housing benefit.", "--no-similar")).Trim();
    }

    /// <summary>The terminal.</summary>
    public TmuxSession Tmux { get; }

    /// <summary>Keys that counted so far: a typed text is one.</summary>
    public int Keys { get; private set; }

    /// <summary>A file with the report of the other author.</summary>
    public string Cited { get; }

    /// <summary>The node's own report of the chatbot.</summary>
    public string Own { get; }

    /// <summary>Opens the terminal UI on what <paramref name="query"/> finds, when the model has read all;
    /// nothing of that counts.</summary>
    public async Task OpenAsync(string query = "")
    {
        await UntilAsync(
            s => s.TryGetProperty("graph", out _) && s.GetProperty("embedBacklog").GetInt32() == 0, "status");
        Tmux.Start(100, 30);
        await Tmux.Until("3 reports", "Chatbot of the city", "wrongly arrested");
        if (query.Length > 0)
        {
            Tmux.Press("/", query);
            await Tmux.Until("/ " + query, "1 found");
            Tmux.Press("Enter");
            await Tmux.Until("Reports > " + query, "1 found");
        }
    }

    /// <summary>Presses keys, or types texts, and counts each as one.</summary>
    public void Press(params string[] keys)
    {
        Tmux.Press(keys);
        Keys += keys.Length;
    }

    /// <summary>What a command prints as JSON.</summary>
    public JsonElement Ask(params string[] arguments)
    {
        using JsonDocument document = JsonDocument.Parse(Done(_cli.Run([.. arguments, "--json"])));
        return document.RootElement.Clone();
    }

    /// <summary>Asks until the answer is the right one.</summary>
    public async Task<JsonElement> UntilAsync(Func<JsonElement, bool> right, params string[] arguments)
    {
        for (DateTime end = DateTime.UtcNow + Patience; DateTime.UtcNow < end; await Task.Delay(500))
        {
            JsonElement answer = Ask(arguments);
            if (right(answer))
            {
                return answer;
            }
        }

        Assert.Fail($"the answer never came: {string.Join(' ', arguments)}");
        return default;
    }

    /// <summary>A command of the same person, without the node's help.</summary>
    public CommandResult Run(params string[] arguments) => _other.Run(arguments);

    public void Dispose()
    {
        _running?.Dispose();
        _other.Dispose();
        Tmux.Dispose();
    }

    private static string Done(CommandResult result)
    {
        Assert.True(result.Exit == 0, result.Err);
        return result.Out;
    }
}
