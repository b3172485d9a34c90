using System.Globalization;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>What is written to the terminal: only differences, nothing hostile, little.</summary>
[Collection("Terminal.Gui")]
public sealed class DrawingTests
{
    private static readonly string[] Keys =
        ["j", "k", "g", "G", "ctrl-d", "ctrl-u", "enter", "esc", "c", "3", "1", "?", "tab", "z", "/", ":",
            "x", "pgdn", "2", "4", "5", "f", "a", "h", "w", "e", "space", "u", "P", "s"];

    [Fact]
    public void Drawing_the_difference_is_the_same_as_drawing_anew()
    {
        string? given = Environment.GetEnvironmentVariable("INCIDENTMESH_SEED");
        int seed = given is null ? 20261125 : int.Parse(given, CultureInfo.InvariantCulture);
        var random = new Random(seed);
        using var screen = new TuiScreen(80, 24);
        var pressed = new List<string>();
        for (int i = 0; i < 300; i++)
        {
            string key = Keys[random.Next(Keys.Length)];
            pressed.Add(key);
            if (i % 40 == 39)
            {
                screen.Resize(random.Next(40, 160), random.Next(10, 50));
            }

            screen.Press(key);
            string fresh = string.Join('\n', screen.Fresh.Split('\n').Select(l => l.TrimEnd()));
            Assert.True(
                fresh == screen.Text, $"seed {seed}, after {string.Join(' ', pressed)}:\n{screen.Text}");
        }
    }

    [Fact]
    public void No_control_nor_bidi_character_of_others_reaches_the_screen()
    {
        const string Evil = "\u001b[2J\u0007\u009b31m\u202e\u2066\u200b\ufeff\u0000\r\n\t\u007f\U000e0041";
        var node = new FakeNode();
        AuthorView author = new(FakeReports.Id("evil"), Evil, Evil, Evil);
        node.Reports[0] = node.Reports[0] with
        {
            Title = Evil, Author = author, Countries = [Evil], Lang = Evil, Type = Evil, Tlp = Evil,
                Harm = [Evil],
            Models = [Evil], ExternalIds = [Evil], Occurred = Evil, State = Evil,
            Severity = new SeverityView(Evil, Evil, Evil),
        };
        node.Status = node.Status with { Name = Evil, Device = Evil, Warnings = [Evil], Addresses = [Evil] };
        node.Peers = [node.Peers[0]
            with { Agent = Evil, Note = Evil, Address = Evil, State = Evil, Direction = Evil }];
        foreach (int width in new[] { 80, 200 })
        {
            foreach (string[] view in new string[][] { [], ["enter"], ["enter", "G"], ["c"], ["3"] })
            {
                using var screen = new TuiScreen(width, 24, node);
                string text = screen.Press(view).Text;
                Assert.DoesNotContain(text, c => c != '\n' && (char.IsControl(c)
                    || char.GetUnicodeCategory(c) == UnicodeCategory.Format));
            }
        }
    }

    [Fact]
    public void One_key_writes_at_most_two_kilobytes_at_80x24()
    {
        using var screen = new TuiScreen(80, 24);
        foreach (string key in new[] { "j", "k", "enter", "esc", "c", "esc", "3", "esc", "/", "g", "esc",
            "?", "esc" })
        {
            screen.Press(key);
            int bytes = System.Text.Encoding.UTF8.GetByteCount(screen.LastOutput);
            Assert.True(bytes <= 2000, $"{key} writes {bytes} bytes");
        }

        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(screen.Press("j").LastOutput), 1, 700);
    }

    [Fact]
    public void No_view_draws_a_frame()
    {
        using var screen = new TuiScreen(120, 40);
        foreach (string key in new[] { "j", "enter", "c", "3", "?" })
        {
            Assert.DoesNotContain(screen.Press(key).Text, c => c is >= '\u2500' and <= '\u259f' or '|');
        }
    }

    [Fact]
    public void Without_colour_only_reverse_is_left()
    {
        foreach (string name in new[] { "NO_COLOR", "TERM" })
        {
            IncidentMesh.Tui.Shell.Theme theme = IncidentMesh.Tui.Shell.Theme.Choose(
                false, n => n == name ? (name == "TERM" ? "dumb" : "1") : null);
            foreach (IncidentMesh.Tui.Text.Ink ink in Enum.GetValues<IncidentMesh.Tui.Text.Ink>())
            {
                Assert.Equal("7", theme.Codes(new(ink, Bold: true, Reverse: true), fromPlain: true));
                Assert.Equal("", theme.Codes(new(ink, Bold: true), fromPlain: true));
            }
        }
    }

    [Fact]
    public void Help_hints_and_commands_come_from_one_map()
    {
        Assert.Equal(KeyMap.All.Count, KeyMap.All.Select(b => b.Command).Distinct().Count());
        Assert.Equal(Enum.GetValues<Verb>().Order(), KeyMap.All.Select(b => b.Verb).Order());
        using var screen = new TuiScreen(120, 40);
        string help = screen.Press("?").Text;
        Assert.All(KeyMap.All, b => Assert.Contains(b.Help, help, StringComparison.Ordinal));
    }
}
