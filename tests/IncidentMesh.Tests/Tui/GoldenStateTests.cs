using IncidentMesh.Tui.Data;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>Every view that is empty, that the node has no answer for, and that shows Chinese, Arabic, Hindi
/// and Thai: a file holds the view at the three sizes people have.</summary>
[Collection("Terminal.Gui")]
public sealed class GoldenStateTests
{
    // How each view is opened from the list. Those of one report have a bare one where others are empty.
    private static readonly (string Name, string Keys, bool OfReport)[] Views =
    [
        ("reports", "ctrl-l", false), ("facets", "f", false), ("quarantine", "2", false),
        ("duplicates", "2 tab", false), ("authors", "2 tab tab", false), ("peers", "3", false),
        ("trust", "4", false), ("stats", "5", false), ("bars", "5 A", false), ("drafts", "6", false),
        ("alerts", "7", false), ("jobs", ": jobs enter", false), ("help", "?", false),
        ("compose", "n", false), ("detail", "enter", true), ("cluster", "c", true), ("pair", "c P", true),
        ("history", "h", true), ("readers", "w", true), ("attest", "a", true),
    ];

    // What looks the same in every state, or cannot be opened in it.
    private static readonly string[] Left =
    [
        "help empty", "help scripts", "help broken", "compose empty", "compose scripts", "jobs broken",
        "jobs scripts", "attest empty", "attest broken", "pair empty", "pair broken", "readers broken",
        "stats scripts", "alerts scripts", "bars empty", "bars broken",
    ];

    public static TheoryData<string, string> States =>
    [
        .. from view in Views
           from state in new[] { "empty", "broken", "scripts" }
           where !Left.Contains($"{view.Name} {state}")
           select (view.Name, state),
    ];

    [Theory]
    [MemberData(nameof(States))]
    public void View_in_state(string name, string state)
    {
        (string _, string keys, bool ofReport) = Views.Single(v => v.Name == name);
        var screens = new List<string>();
        foreach ((int width, int height) in new[] { (80, 24), (120, 40), (200, 50) })
        {
            FakeNode node = state switch
            {
                "empty" => ofReport ? FakeStates.Bare() : FakeStates.Empty(),
                "scripts" => FakeStates.InScripts(),
                _ => new FakeNode(),
            };
            using var screen = new TuiScreen(width, height, node);
            node.Failure = state == "broken"
                ? new NodeFailure("damaged", "the index is broken", "incidentmesh doctor --fix mends it", 6)
                : null;
            screen.Press(keys.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            screens.Add($"=== {width}x{height}\n{screen.Text.TrimEnd()}\n");
        }

        Golden.Check($"{name}-{state}", string.Concat(screens));
    }
}
