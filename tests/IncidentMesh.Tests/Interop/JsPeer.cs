using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using IncidentMesh.Protocol.Identity;
using Xunit;

namespace IncidentMesh.Tests.Interop;

/// <summary>A running js-libp2p peer (<c>tests/interop/peer.mjs</c>), spoken to in JSON lines.</summary>
internal sealed class JsPeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _transcript = new();
    private readonly List<JsonElement> _kept = [];
    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();

    private JsPeer(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => Note(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public PeerId Id { get; private set; }

    public Multiaddr Address { get; private set; } = null!;

    /// <summary>Starts a peer; the test is skipped where there can be none.</summary>
    public static async Task<JsPeer> StartAsync(string options = "")
    {
        JsInstall.Require();
        var peer = new JsPeer(Process.Start(new ProcessStartInfo("node", "peer.mjs " + options)
        {
            WorkingDirectory = JsInstall.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
        JsonElement listening = await peer.EventAsync("listening");
        Assert.True(PeerId.TryParse(listening.GetProperty("peer").GetString(), out PeerId id));
        Assert.True(Multiaddr.TryParse(
            listening.GetProperty("addresses")[0].GetString(), out Multiaddr? address, out _));
        peer.Id = id;
        peer.Address = address;
        return peer;
    }

    /// <summary>Gives a command.</summary>
    public void Say(object command)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(command));
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for the next event of that name that fits; others are kept for later calls.</summary>
    public async Task<JsonElement> EventAsync(string name, Func<JsonElement, bool>? fits = null)
    {
        int at = _kept.FindIndex(e => Is(e, name, fits));
        if (at >= 0)
        {
            JsonElement kept = _kept[at];
            _kept.RemoveAt(at);
            return kept;
        }

        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                JsonElement next = await _events.Reader.ReadAsync(patience.Token);
                if (Is(next, name, fits))
                {
                    return next;
                }

                Assert.False(Is(next, "failed", null), $"js: {next}");
                _kept.Add(next);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            lock (_transcript)
            {
                throw new TimeoutException($"no '{name}' from js; it said:\n{_transcript}", e);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static bool Is(JsonElement e, string name, Func<JsonElement, bool>? fits) =>
        e.GetProperty("event").GetString() == name && (fits is null || fits(e));

    private void Take(string? line)
    {
        Note(line);
        if (line is null)
        {
            _events.Writer.TryComplete();
        }
        else
        {
            _events.Writer.TryWrite(JsonDocument.Parse(line).RootElement);
        }
    }

    private void Note(string? line)
    {
        lock (_transcript)
        {
            _transcript.AppendLine(line);
        }
    }
}
