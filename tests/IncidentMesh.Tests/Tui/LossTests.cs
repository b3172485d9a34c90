using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>What is signed goes out once, and what was written is not lost: a node that is away, questions
/// that are given up, the end of the program.</summary>
[Collection("Terminal.Gui")]
public sealed class LossTests
{
    private static readonly NodeFailure Away = NodeFailure.Unreachable("/run/api.sock", "refused");

    [Fact]
    public void A_record_that_was_held_while_the_node_was_away_goes_out_once()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("j", "j", "a", "c", "0", "enter").Press("a", "d", "0", "enter");
        screen.Node.Failure = Away;
        screen.Seconds(60);
        screen.Node.Failure = null;
        screen.Seconds(30);
        Assert.Equal(
            ["""{"verdict":"corroborate"}""", """{"verdict":"dispute"}"""],
            Sent(screen).Select(s => s.Body.GetRawText()).Order());
    }

    [Fact]
    public void One_that_was_taken_back_while_the_node_was_away_never_goes_out()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("j", "j", "a", "c", "0", "enter").Press("a", "d", "0", "enter");
        screen.Node.Failure = Away;
        screen.Seconds(30);
        Assert.Contains("the node was away", screen.Press("u").Line(22), StringComparison.Ordinal);
        screen.Press("esc", "esc", "esc");
        screen.Node.Failure = null;
        screen.Seconds(30);
        Assert.Equal("""{"verdict":"corroborate"}""", Assert.Single(Sent(screen)).Body.GetRawText());
    }

    private static List<SubmitRequest> Sent(TuiScreen screen) =>
        [.. screen.Node.Requests.OfType<SubmitRequest>()];
}
