using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace IncidentMesh.Tests.Commands;

/// <summary><c>submit</c> at a terminal: whatever ends it, what was answered is not lost.</summary>
public sealed class TerminalSubmitTests : IDisposable
{
    // The questions that are left: title, language, more, readers, and whether to sign.
    private static readonly string[] Answered =
    [
        "submit", "--no-similar", "--ai-role=direct-cause", "--severity=incident", "--harm=economic",
        "--evidence=kept", "--source=own",
    ];

    private readonly CommandProcess _cli = new();

    public TerminalSubmitTests()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "needs /usr/bin/script");
        _cli.Init();
        _cli.AtTerminal = true;
    }

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("--text=Ask a@example.org", "publish anywy\n")]
    [InlineData("--text=It was wrong", "\n")]
    [InlineData("--text=It was wrong", "n\n")]
    public async Task What_is_not_signed_in_the_end_is_kept_as_a_draft(string text, string last)
    {
        using Process submit = _cli.Start([.. Answered, text]);
        await TypeAsync(submit, "\n\n\n\n" + last);
        string said = await EndAsync(submit);
        Assert.Contains("kept draft 1: incidentmesh draft edit 1, then draft send 1", said);
        Assert.Contains("error: nothing was signed", said);
        Assert.Contains(text.Split('=')[1], Draft());
    }

    [Fact]
    public async Task What_the_node_refuses_is_kept_as_a_draft()
    {
        using Process submit = _cli.Start([.. Answered, "--text=It was wrong", "--lang=not a tag"]);
        await TypeAsync(submit, "\n\n\n\ny\n");
        string said = await EndAsync(submit);
        Assert.Contains("kept draft 1", said);
        Assert.Contains("is not a language tag", said);
        Assert.Contains("It was wrong", Draft());
    }

    [Fact]
    public async Task What_is_signed_is_a_draft_no_longer()
    {
        using Process submit = _cli.Start([.. Answered, "--text=It was wrong"]);
        await TypeAsync(submit, "\n\n\n\ny\n");
        string said = await EndAsync(submit);
        Assert.Contains("stored ", said);
        Assert.DoesNotContain("kept draft", said);
        Assert.Contains("no drafts", _cli.Run("draft", "list").Err);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_process_that_is_ended_leaves_what_was_answered(bool killed)
    {
        using Process submit = _cli.Start("submit");
        await TypeAsync(submit, "The chatbot named a wrong deadline\n\n");
        string draft = Path.Combine(_cli.Node, "drafts", "1.draft");
        for (int i = 0; i < 600 && !File.Exists(draft); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        if (killed)
        {
            string pid = File.ReadAllText(Path.Combine(_cli.Home, "pid"));
            using Process asked = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
            asked.Kill();
        }
        else
        {
            await TypeAsync(submit, "\u0003");
        }

        string said = await EndAsync(submit);
        Assert.Equal(!killed, said.Contains("kept draft 1", StringComparison.Ordinal));
        await submit.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(killed ? 128 + 9 : 130, submit.ExitCode);
        Assert.Contains("The chatbot named a wrong deadline", Draft());
    }

    [Theory]
    [InlineData("d\n", "1")]
    [InlineData("\n", "2")]
    public async Task A_report_with_a_title_is_compared_before_it_is_signed(string answer, string reports)
    {
        _cli.Run("submit", "-q", "--title=Chatbot names a wrong deadline");
        using Process submit = _cli.Start("submit", "--title=Chatbot named a wrong deadline");
        await TypeAsync(submit, answer);
        string said = await EndAsync(submit);
        Assert.Contains("1 report may tell of the same event", said);
        Assert.Equal(reports, _cli.Run("search", "deadline", "--count").Out.Trim());
    }

    private string Draft()
    {
        CommandResult shown = _cli.Run("draft", "show", "1", $"--passphrase-file={_cli.PassphraseFile}");
        Assert.True(shown.Exit == 0, shown.Err);
        return shown.Out;
    }

    // With nothing more to type no question waits for ever.
    private static async Task<string> EndAsync(Process submit)
    {
        submit.StandardInput.Close();
        Task<string> said = submit.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        return await said.WaitAsync(CommandProcess.Patience, TestContext.Current.CancellationToken);
    }

    private static async Task TypeAsync(Process process, string keys)
    {
        await process.StandardInput.WriteAsync(keys);
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }
}
