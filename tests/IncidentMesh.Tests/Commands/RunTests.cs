using System.Diagnostics;
using System.Net.Sockets;
using Xunit;

namespace IncidentMesh.Tests.Commands;

public sealed class RunTests : IDisposable
{
    private readonly CommandProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("TERM", 0)]
    [InlineData("INT", 130)]
    public void A_signal_ends_it_in_good_order(string signal, int exit)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs POSIX signals");
        _cli.Init();
        using Process run = _cli.Start("run", "--listen=/ip4/127.0.0.1/tcp/0");
        while (run.StandardOutput.ReadLine() is { } line
            && !line.EndsWith("ready", StringComparison.Ordinal))
        {
        }

        Process.Start("kill", ["-" + signal, $"{run.Id}"]).WaitForExit();
        Assert.True(run.WaitForExit(CommandProcess.Patience));
        Assert.Equal(exit, run.ExitCode);
    }

    [Theory]
    [InlineData("trust", "action")]
    [InlineData("peers", "action")]
    [InlineData("searches", "action")]
    [InlineData("marks", "ids")]
    public async Task A_request_that_lacks_a_field_is_told_which(string resource, string field)
    {
        _cli.Init();
        using NodeProcess node = new(_cli);
        using HttpClient http = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(
                    new UnixDomainSocketEndPoint(Path.Combine(_cli.Node, "api.sock")), stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using StringContent nothing = new("{}");
        CancellationToken stop = TestContext.Current.CancellationToken;
        HttpResponseMessage answer = await http.PostAsync($"http://node/v1/{resource}", nothing, stop);
        Assert.Contains($"\\u0022{field}\\u0022 is missing", await answer.Content.ReadAsStringAsync(stop));
    }
}
