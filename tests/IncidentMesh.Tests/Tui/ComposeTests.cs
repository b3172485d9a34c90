using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Data;
using IncidentMesh.Tui.Views;
using Xunit;

namespace IncidentMesh.Tests.Tui;

/// <summary>A report is written, saved while it is written, gone on with, and sent.</summary>
[Collection("Terminal.Gui")]
public sealed class ComposeTests
{
    private const string Told = "Der Chatbot nannte eine falsche Frist.";

    [Fact]
    public void What_is_typed_is_on_disk_two_seconds_later()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", Told);
        Assert.Empty(screen.Node.Drafts);
        screen.Wait(2);
        Assert.Equal(Told, Text(screen, 1));
        Assert.Contains("draft 1 saved", screen.Line(1), StringComparison.Ordinal);
        screen.Press(" Mehr").Wait(1).Press(" und mehr").Wait(1);
        Assert.Equal(Told + " Mehr und mehr", Text(screen, 1));
        Assert.Single(screen.Node.Drafts);
    }

    [Fact]
    public void A_draft_goes_on_where_it_stopped()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", Told, "tab", "tab", "1", "tab", "2").Wait(2);
        using var again = new TuiScreen(80, 24, screen.Node);
        again.Press("6", "enter");
        Assert.IsType<ComposePage>(again.Desk.Top);
        Assert.Contains(Told, again.Text, StringComparison.Ordinal);
        Assert.Contains("(*) not yet", again.Text, StringComparison.Ordinal);
        again.Press("!").Wait(2);
        Assert.Single(again.Node.Drafts);
        Assert.Equal(Told + "!", Text(again, 1));
    }

    [Fact]
    public void Sealed_drafts_ask_for_the_passphrase_once_and_never_show_it()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", Told, "esc");
        screen.Desk.Draft = null;
        screen.Node.DraftsOpen = false;
        screen.Press("6");
        Assert.Contains("(sealed)", screen.Text, StringComparison.Ordinal);
        screen.Press("enter", "wrong");
        Assert.Contains("*****", screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", screen.Text, StringComparison.Ordinal);
        screen.Press("enter");
        Assert.Contains("does not open", screen.Text, StringComparison.Ordinal);
        screen.Press("enter", "correct horse", "enter");
        Assert.IsType<ComposePage>(screen.Desk.Top);
        Assert.DoesNotContain("correct horse", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_is_away_gets_the_draft_when_it_is_back()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Node.Failure = NodeFailure.Unreachable("/run/api.sock", "connection refused");
        screen.Press("n", Told).Wait(2);
        Assert.Contains("NOT SAVED", screen.Line(1), StringComparison.Ordinal);
        screen.Node.Failure = null;
        screen.Wait(2);
        Assert.Equal(Told, Text(screen, 1));
        Assert.Contains("draft 1 saved", screen.Line(1), StringComparison.Ordinal);
    }

    [Fact]
    public void R_takes_out_what_a_warning_names()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", "Lena, 14, schrieb an a@example.org.", "up");
        for (int i = 0; i < 20 && !screen.Text.Contains("> !", StringComparison.Ordinal); i++)
        {
            screen.Press("tab");
        }

        screen.Press("r", "r").Wait(2);
        Assert.Equal("[removed], schrieb an [removed].", Text(screen, 1));
        Assert.DoesNotContain("a minor?", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_anonymous_source_is_for_few_until_a_person_chooses()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", Told, "tab", "tab", "1", "tab", "1", "tab", "1", "tab", "5", "tab", "f4", "tab");
        screen.Press("2");
        Assert.Contains("needed 7 of 7   TLP:AMBER", screen.Line(1), StringComparison.Ordinal);
        screen.Press("ctrl-s");
        Assert.Contains("stays a draft until sealing works", screen.Line(22), StringComparison.Ordinal);
        screen.Press("ctrl-t", "1", "ctrl-s", "enter").Wait(11).Wait(1);
        SubmitRequest sent = Assert.Single(screen.Node.Requests.OfType<SubmitRequest>());
        Assert.Equal("de", sent.Lang);
        Assert.Equal("anonymous", sent.Body.GetProperty("source").GetProperty("kind").GetString());
        Assert.Equal("oecd-severity", sent.Body.GetProperty("severity").GetProperty("scheme").GetString());
        Assert.Equal(screen.Node.Held.Keys, screen.Node.Drafts.Keys);
    }

    [Fact]
    public void What_the_text_says_is_offered_and_tab_takes_it()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", "Am 19.11.2026 sagte es ChatGPT.");
        screen.Press("tab", "tab", "tab", "tab", "tab", "tab", "tab", "tab");
        Assert.Contains("> + 22 more", screen.Text, StringComparison.Ordinal);
        screen.Press("enter", "tab").Wait(2);
        Assert.Contains("2026-11-19", screen.Text, StringComparison.Ordinal);
        Assert.Equal(
            "2026-11-19",
            screen.Node.Drafts[1].Body.GetProperty("occurred").GetProperty("start").GetString());
    }

    [Fact]
    public void A_file_is_named_by_the_hash_of_its_copy_without_metadata()
    {
        string folder = Directory.CreateTempSubdirectory("im-evidence").FullName;
        try
        {
            string photo = Path.Combine(folder, "a.jpg");
            File.WriteAllBytes(photo,
                [0xff, 0xd8, 0xff, 0xe1, 0, 8, .. "Exif\0\0"u8, 0xff, 0xda, 0, 2, 1, 0xff, 0xd9]);
            using var screen = new TuiScreen(80, 24);
            string own = Path.Combine(folder, "a.cut.jpg");
            File.WriteAllText(own, "a picture that she cut herself");
            screen.Press("n", Told, "f2", photo, "enter").Wait(2);
            Assert.Contains("already exists", screen.Desk.Message?.Text, StringComparison.Ordinal);
            Assert.Equal("a picture that she cut herself", File.ReadAllText(own));

            File.Delete(own);
            screen.Press("enter").Wait(2);
            Assert.Contains("a.jpg: cut Exif", screen.Desk.Message?.Text, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(folder, "a.cut.jpg")));
            System.Text.Json.JsonElement entry = screen.Node.Drafts[1].Body.GetProperty("evidence")[0];
            Assert.Equal("a.cut.jpg", entry.GetProperty("name").GetString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void An_editor_of_her_own_edits_the_long_field()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", Told, "ctrl-e");
        Assert.Contains("no editor is set", screen.Desk.Message?.Text, StringComparison.Ordinal);
        screen.Variables["EDITOR"] = "nano";
        screen.Press("tab", "ctrl-e");
        Assert.Equal(Told, Text(screen, 1));
        screen.Edit(_ => null);
        Assert.Contains("nothing was changed", screen.Desk.Message?.Text, StringComparison.Ordinal);
        screen.Press("up", "ctrl-e").Edit(text => text + "\n\nSie verlor zwei Monate.\n").Wait(2);
        Assert.Equal(Told + "\n\nSie verlor zwei Monate.", Text(screen, 1));
        Assert.Null(screen.Desk.Lent);
        screen.Press("tab", "ctrl-e").Edit(_ => "Falsche\nFrist\n").Wait(2);
        Assert.Equal("Falsche Frist", screen.Node.Drafts[1].Body.GetProperty("title").GetString());
    }

    [Fact]
    public void Quitting_at_once_saves_what_was_typed()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", Told, "ctrl-c");
        Assert.True(screen.Desk.Ended);
        Assert.Equal(Told, Text(screen, 1));
    }

    [Fact]
    public void What_is_like_it_stands_below_with_its_likelihood_and_why()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", "Der Chatbot nannte eine");
        Assert.Empty(screen.Node.Compared);
        screen.Press(" falsche Frist für Wohngeld.");
        Assert.Contains(".93 very", screen.Text, StringComparison.Ordinal);
        Assert.Contains("text .83 de-en; same system; 1 day apart", screen.Text, StringComparison.Ordinal);
        Assert.Equal("de", screen.Node.Compared[^1].Lang);
        screen.Press("ctrl-o");
        Golden.Check("similar-80", screen.Text);
    }

    [Fact]
    public void One_is_corroborated_instead_or_linked_with()
    {
        using var screen = new TuiScreen(80, 24);
        string told = "Der Chatbot nannte eine falsche Frist für Wohngeld.";
        screen.Press("n", told, "tab", "tab", "1", "tab", "1", "tab", "1", "tab", "5", "tab", "f4");
        screen.Press("ctrl-o", "j", "l");
        Assert.Contains("linked with", screen.Desk.Message?.Text, StringComparison.Ordinal);
        screen.Press("ctrl-s", "enter").Wait(11).Wait(1);
        SubmitRequest sent = Assert.Single(screen.Node.Requests.OfType<SubmitRequest>());
        Assert.Equal([screen.Node.Reports[1].Id], sent.SameAs);

        screen.Press("n", told, "ctrl-o", "j", "a", "d", "enter").Wait(11).Wait(1);
        SubmitRequest answer = screen.Node.Requests.OfType<SubmitRequest>().Last();
        Assert.Equal("attestation", answer.Type);
        Assert.Equal("document", answer.Body.GetProperty("basis").GetString());
        Assert.True(answer.Body.GetProperty("evidence")[0].GetProperty("withheld").GetBoolean());
        Assert.Equal(screen.Node.Reports[1].Id, answer.Relations[0].To);
        Assert.Equal(told, screen.Node.Drafts.Values.Single().Body.GetProperty("description").GetString());
    }

    [Fact]
    public void What_is_held_for_a_source_stands_among_the_drafts_and_can_be_taken_back()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("n", Told, "tab", "tab", "1", "tab", "1", "tab", "1", "tab", "5", "tab", "f4", "tab");
        screen.Press("2", "ctrl-t", "1", "ctrl-s");
        Assert.Contains("within 6 h", screen.Text, StringComparison.Ordinal);
        screen.Press("enter").Wait(11).Wait(1);
        Assert.Contains("held 3 h", screen.Desk.Message?.Text, StringComparison.Ordinal);
        screen.Press("6");
        Assert.Contains("held 3 h", screen.Line(4), StringComparison.Ordinal);
        screen.Press("enter", "y");
        Assert.IsType<ComposePage>(screen.Desk.Top);
        Assert.Empty(screen.Node.Held);
        Assert.Single(screen.Node.Drafts);
    }

    [Fact]
    public void What_became_of_a_report_is_not_cut_at_80_columns()
    {
        using var screen = new TuiScreen(80, 24);
        screen.Press("6");
        Assert.Matches(@"same event as 4 others, \S+.* peers?", screen.Text);
    }

    [Fact]
    public void What_became_of_own_reports_is_told()
    {
        using var screen = new TuiScreen(120, 40);
        screen.Press("6");
        Assert.Contains("Gesichtserkennung", screen.Text, StringComparison.Ordinal);
        Assert.Contains("same event as 4 others", screen.Text, StringComparison.Ordinal);
        screen.Press("j", "enter");
        Assert.IsType<DetailPage>(screen.Desk.Top);
    }

    private static string? Text(TuiScreen screen, int draft) =>
        screen.Node.Drafts[draft].Body.GetProperty("description").GetString();
}
