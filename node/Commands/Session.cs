using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>One run of the command line: its global flags, its streams, and the way to the node.</summary>
internal sealed class Session
{
    // Most commands are over in less.
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(50);

    private readonly string? _node;
    private readonly bool _plain, _noColour;
    private readonly string _command;
    private Terminal? _terminal;
    private Pager? _pager;

    public Session(ParseResult parse)
    {
        _command = parse.CommandResult.Command.Name;
        Json = parse.GetValue(Globals.Json);
        JsonLines = parse.GetValue(Globals.JsonLines);
        Quiet = parse.GetValue(Globals.Quiet);
        Verbose = parse.GetValue(Globals.Verbose);
        Offline = parse.GetValue(Globals.Offline);
        Yes = parse.GetValue(Globals.Yes);
        PassphraseFile = parse.GetValue(Globals.PassphraseFile);
        _node = parse.GetValue(Globals.Node);
        Folder = DataFolder.Resolve(parse.GetValue(Globals.Home), parse.GetValue(Globals.Config));
        _plain = parse.GetValue(Globals.Plain);
        _noColour = parse.GetValue(Globals.NoColor);
    }

    public bool Json { get; }

    public bool JsonLines { get; }

    public bool Quiet { get; }

    public bool Verbose { get; }

    public bool Offline { get; }

    public bool Yes { get; }

    public string? PassphraseFile { get; }

    /// <summary>Socket or URL that was asked for, or null for the folder's own.</summary>
    public string? NodeAddress => _node ?? Variable("INCIDENTMESH_NODE");

    public DataFolder Folder { get; }

    /// <summary>Made when it is first used: the settings file may ask for plain text.</summary>
    public Terminal Terminal => _terminal ??= MakeTerminal();

    public TextWriter Out => _pager ?? Console.Out;

    // A pager has the screen: what else is said follows it.
    public TextWriter Err => _pager?.Said ?? Console.Error;

    /// <summary>The value of an environment variable, or null where it is unset or empty.</summary>
    public static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Lets what is longer than the screen go through the pager, until <see
    /// cref="FinishPage"/>.</summary>
    public void BeginPage(ParseResult parse) => _pager = Pager.For(parse, Terminal.IsPlain);

    /// <summary>Waits until the reader has left the pager.</summary>
    public void FinishPage()
    {
        using Pager? pager = _pager;
        _pager = null;
        pager?.Finish();
        Console.Error.Write(pager?.Said);
    }

    /// <summary>The way to the node: its socket where one runs, else the folder itself under its
    /// lock.</summary>
    /// <exception cref="ApiException">No node runs and <paramref name="mustRun"/>, or there is no
    /// folder.</exception>
    public Task<INodeApi> ConnectAsync(CancellationToken stop, bool mustRun = false)
    {
        if (!Offline)
        {
            string? token = NodeAddress?.StartsWith("http", StringComparison.Ordinal) == true ? Token()
                : null;
            RemoteNode? remote = RemoteNode.TryConnect(NodeAddress ?? Folder.Socket, token);
            if (remote is not null)
            {
                return Task.FromResult<INodeApi>(remote);
            }

            if (NodeAddress is not null)
            {
                throw ApiException.NeedsNode(T($"no node answers at {NodeAddress}"));
            }
        }

        if (mustRun)
        {
            throw ApiException.NeedsNode(T("no node is running"));
        }

        return OpenAsync(stop);
    }

    /// <summary>Where the passphrase comes from when a key file needs it.</summary>
    public Func<Task<string>> PassphraseOf(CancellationToken stop) =>
        () => new Passphrase(this).GetAsync(create: false, stop);

    /// <summary>Prints one JSON document.</summary>
    public void Print<T>(T value, JsonTypeInfo<T> type) =>
        Out.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>Refuses <c>--json</c>, which prints one document, where there would be several.</summary>
    public void RefuseSeveral(int documents)
    {
        if (Json && documents > 1)
        {
            throw ApiException.Usage(T("--json prints one document"), T("--jsonl prints one a line"));
        }
    }

    /// <summary>Prints a label, then its value in a column of its own.</summary>
    public void Fact(string label, string value, int column = 10) =>
        Out.WriteLine(label + new string(' ', Math.Max(1, column - TextWidth.Of(label))) + value);

    /// <summary>Prints an error the way this run prints.</summary>
    public void Fail(ErrorBody error)
    {
        if (Json || JsonLines)
        {
            Err.WriteLine(JsonSerializer.Serialize(new ErrorView(error), ApiJson.Default.ErrorView));
            return;
        }

        Err.WriteLine($"error: {SafeText.Show(InParts(error.Message))}");
        if (error.Hint is not null)
        {
            Err.WriteLine($"hint: {SafeText.Show(Known(error.Hint))}");
        }
    }

    // Of several fields, and each with its path before it ("severity.value: …").
    private static string InParts(string message) => Known(message) is var known && known != message ? known
        : string.Join("; ", message.Split("; ").Select(part => part.Split(": ", 2) is [var path, var what]
            ? $"{path}: {Known(what)}" : Known(part)));

    // Another command has the folder for a moment, or a node that does not listen yet.
    // Whoever opens a damaged log first says so; these two commands tell it themselves.
    private void Tell(IReadOnlyList<string> losses)
    {
        foreach (string loss in _command is "status" or "doctor" ? [] : losses)
        {
            Err.WriteLine($"warning: {SafeText.Show(loss)}");
        }
    }

    private async Task<INodeApi> OpenAsync(CancellationToken stop)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                LocalNode opened = await LocalNode.OpenAsync(Folder, PassphraseOf(stop), stop);
                _terminal?.ProgressDone();
                Tell(opened.Losses);
                return opened;
            }
            catch (StoreException e) when (e.Error == StoreError.FolderLocked)
            {
                _terminal?.ProgressDone();
                RemoteNode? node = RemoteNode.TryConnect(Folder.Socket, null);
                if (node is not null && !Offline)
                {
                    return node;
                }

                if (node is not null || waited.Elapsed > LockPatience)
                {
                    string hint = node is not null ? T("a node runs there: leave --offline out, or stop it")
                        : T("a command has it open: try again; incidentmesh run lets several work at once");
                    throw new ApiException("locked", e.Message, hint, ExitCode.Busy);
                }
            }

            if (waited.Elapsed.TotalSeconds >= 1 && !Quiet)
            {
                Terminal.Progress(T("waiting for another command"),
                    (long)waited.Elapsed.TotalSeconds, (long)LockPatience.TotalSeconds);
            }

            await Task.Delay(LockPause, stop);
        }
    }

    private Terminal MakeTerminal()
    {
        bool plain = _plain || Variable("INCIDENTMESH_PLAIN") is not null;
        bool colour = !_noColour && Variable("NO_COLOR") is null && Variable("TERM") != "dumb"
            && !Console.IsOutputRedirected && !plain;
        return new Terminal(plain, colour);
    }

    private string? Token()
    {
        string file = Variable("INCIDENTMESH_TOKEN_FILE") ?? Folder.TokenFile;
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }
}
