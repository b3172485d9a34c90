using System.Text.Json;
using IncidentMesh.Tests.Commands;
using Xunit;

namespace IncidentMesh.Tests.EndToEnd.Tasks;

/// <summary>What people come for, played in a terminal on a node that runs, with what it costs in keys: one
/// key is 1, a typed text is 1, moving in a form is free. Each test asks the node what came of it.</summary>
public sealed class TaskTests : IDisposable
{
    private readonly TaskNode _node = new();

    public void Dispose() => _node.Dispose();

    /// <summary>O1: what is new, serious and in my country since yesterday.</summary>
    [Fact]
    public async Task New_serious_reports_of_a_country()
    {
        await _node.OpenAsync();
        _node.Press("/", "severity>=serious country:DE since:yesterday", "Enter");
        string found = await _node.Tmux.Until("Reports > severity>=serious", "1 found");
        Assert.Contains("Gesichtserkennung", found, StringComparison.Ordinal);
        Assert.DoesNotContain("Chatbot of the city", found, StringComparison.Ordinal);
        Assert.InRange(_node.Keys, 1, 3);
    }

    /// <summary>R3: a topic since Monday; and C3 in the same sitting: whether what is being told is known
    /// already, for no key at all.</summary>
    [Fact]
    public async Task A_topic_since_monday_and_what_is_known_already()
    {
        await _node.OpenAsync();
        _node.Press("/", "chatbot since:mon", "Enter");
        await _node.Tmux.Until("Reports > chatbot since:mon", "Chatbot of the city");
        Assert.InRange(_node.Keys, 1, 3);

        _node.Press("n", "A chatbot of the city told my client a wrong deadline for her benefit");
        int before = _node.Keys;
        string similar = await _node.Tmux.Until("may tell of the same event", "Chatbot of the city names a");
        Assert.Contains(_node.Own[7..15], similar, StringComparison.Ordinal);
        Assert.Equal(before, _node.Keys);
    }

    /// <summary>O2: corroborate with a basis.</summary>
    [Fact]
    public async Task Corroborate_with_a_basis()
    {
        await _node.OpenAsync("severity>=serious");
        _node.Press("a", "c", "d", "Enter");
        JsonElement found = _node.Ask("search", "festgenommen");
        string id = found.GetProperty("items")[0].GetProperty("id").GetString()!;
        JsonElement report = await _node.UntilAsync(
            r => r.GetProperty("answers").GetArrayLength() == 1, "show", id);
        JsonElement answer = report.GetProperty("answers")[0];
        Assert.Equal("corroborate", answer.GetProperty("verdict").GetString());
        Assert.Equal("document", answer.GetProperty("basis").GetString());
        Assert.Equal("own", answer.GetProperty("author").GetProperty("standing").GetString());
        Assert.InRange(_node.Keys, 1, 4);
    }

    /// <summary>O4: correct an own report; the old version stays.</summary>
    [Fact]
    public async Task Correct_an_own_report()
    {
        await _node.OpenAsync("lang:en -url:example.org");
        _node.Press("e", " She lost two months.", "C-s", "Enter");
        JsonElement old = await _node.UntilAsync(
            r => r.GetProperty("history").GetArrayLength() == 2, "show", _node.Own);
        Assert.Equal(
            "A client asked the chatbot about housing benefit.", old.GetProperty("description").GetString());
        JsonElement[] versions = [.. old.GetProperty("history").EnumerateArray()];
        Assert.Equal(["original", "correction"], versions.Select(v => v.GetProperty("kind").GetString()));
        JsonElement now = _node.Ask("show", versions[1].GetProperty("id").GetString()!);
        Assert.EndsWith(
            " She lost two months.", now.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.InRange(_node.Keys, 1, 4);
    }

    /// <summary>C1: what a source said, without a press article and without a network; and C5: what became of
    /// it.</summary>
    [Fact]
    public async Task What_a_source_said_and_what_became_of_it()
    {
        await _node.OpenAsync();
        _node.Press("n", "A source says the benefit bot of the city told her a wrong date in May.");
        _node.Tmux.Press("Tab", "Tab");
        _node.Press("1");
        _node.Tmux.Press("Tab");
        _node.Press("1");
        _node.Tmux.Press("Tab");
        _node.Press("1");
        _node.Tmux.Press("Tab");
        _node.Press("5");
        _node.Tmux.Press("Tab");
        _node.Press("F4");
        await _node.Tmux.Until("needed 7 of 7");
        _node.Press("C-s");
        await _node.Tmux.Until("enter signs it, for everyone to read");
        _node.Press("Enter");
        JsonElement found = await _node.UntilAsync(
            r => r.GetProperty("total").GetInt32() == 1, "search", "\"wrong date in May\"");
        JsonElement item = found.GetProperty("items")[0];
        Assert.Equal("economic", item.GetProperty("harm")[0].GetString());
        Assert.InRange(_node.Keys, 1, 10);

        int before = _node.Keys;
        _node.Press("6");
        await _node.Tmux.Until(
            "WHAT BECAME OF IT", "A source says the benefit bot", "stored, waits for network");
        Assert.Equal(1, _node.Keys - before);
    }

    /// <summary>R1 and R2: all reports of one event in any language, and how many sources stand for
    /// it.</summary>
    [Fact]
    public async Task All_reports_of_one_event_and_its_independent_sources()
    {
        await _node.OpenAsync();
        _node.Press("/", "wrongly arrested", "Enter");
        await _node.Tmux.Until("Reports > wrongly arrested", "Man wrongly arrested", "2 found");
        int before = _node.Keys;
        _node.Press("c");
        string shown = await _node.Tmux.Until("Same event: 2 reports", "Independent");
        JsonElement found = _node.Ask("search", "wrongly arrested");
        string id = found.GetProperty("items")[0].GetProperty("id").GetString()!;
        JsonElement cluster = _node.Ask("cluster", id);
        Assert.All(cluster.GetProperty("members").EnumerateArray(), member => Assert.Contains(
            member.GetProperty("report").GetProperty("short").GetString()!, shown, StringComparison.Ordinal));
        IEnumerable<string?> languages =
            cluster.GetProperty("languages").EnumerateArray().Select(l => l.GetString());
        Assert.Equal(["de", "en"], languages.Order());
        int sources = cluster.GetProperty("independent").GetInt32();
        Assert.Contains($"{sources} independent", shown, StringComparison.Ordinal);
        Assert.Equal(2, cluster.GetProperty("reports").GetInt32());
        Assert.InRange(_node.Keys, 1, 4);
        Assert.InRange(_node.Keys - before, 1, 1);
    }

    /// <summary>R4: the result as CSV with ids.</summary>
    [Fact]
    public async Task The_result_as_a_table_with_ids()
    {
        await _node.OpenAsync("lang:en -url:example.org");
        _node.Press("E", "c", "Enter");
        await _node.Tmux.Until("1 report written to");
        string file = Assert.Single(Directory.GetFiles(_node.Tmux.Folder, "reports-*.csv"));
        string[] lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith(_node.Own + ",", lines[1], StringComparison.Ordinal);
        Assert.InRange(_node.Keys, 1, 3);
    }

    /// <summary>R5: whether a cited report is genuine: one command, without a network.</summary>
    [Fact]
    public async Task Whether_a_cited_report_is_genuine()
    {
        CommandResult genuine = _node.Run("verify", _node.Cited);
        Assert.Equal((0, "1 checked, 0 failed, 0 unknown\n"), (genuine.Exit, genuine.Out));
        string text = await File.ReadAllTextAsync(_node.Cited, TestContext.Current.CancellationToken);
        string body = text.Split("\"bytes\":\"")[1].Split('"')[0];
        byte[] bytes = Convert.FromBase64String(body);
        bytes[^1] ^= 1;
        await File.WriteAllTextAsync(
            _node.Cited, text.Replace(body, Convert.ToBase64String(bytes), StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        CommandResult forged = _node.Run("verify", _node.Cited);
        Assert.Equal(1, forged.Exit);
        Assert.Contains("the body is not the one that the header names", forged.Out);
    }
}
