using IncidentMesh.Node.Search;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Search;

public sealed class TextIndexTests : IDisposable
{
    private readonly SearchFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Theory]
    [InlineData("Gesichtserkennung: Mann zu Unrecht festgenommen", "GESICHTSERKENNUNG")]
    [InlineData("Arrêté à tort après une alerte de caméra", "arrete camera")]
    [InlineData("Straße gesperrt: Lieferroboter fährt Kind an", "strasse fahrt")]
    [InlineData("顔認証で誤って逮捕、市が謝罪", "顔認証")]
    [InlineData("顔認証で誤って逮捕、市が謝罪", "逮捕 謝罪")]
    [InlineData("顔認証で誤って逮捕、市が謝罪", "顔")]
    [InlineData("人脸识别系统误抓无辜男子", "人脸识别")]
    [InlineData("ทนายความใช้แชตบอตอ้างคดีปลอม", "คดี")]
    [InlineData("ทนายความใช้แชตบอตอ้างคดีปลอม", "ทนายความ")]
    [InlineData("추천을 잘못한 인공지능이 사과했다", "추천")]
    [InlineData("चैटबॉट की गलती से 9,000 खाते बंद", "चैटबॉट खाते")]
    [InlineData("Виртуальный помощник раскрыл адреса", "ПОМОЩНИК адреса")]
    [InlineData("روبوت محادثة يعطي جرعة خاطئة", "محادثة جرعة")]
    [InlineData("Ｆａｃｅ ＩＤ failed", "face id")]
    [InlineData("The model GPT-4.1-mini refused", "gpt-4.1-mini")]
    public void A_word_is_found_in_any_script_without_regard_to_case_and_diacritics(string title,
        string query)
    {
        Digest id = fixture.Add(title);
        fixture.Add("An unrelated report about a vending machine");
        Assert.Equal([id], fixture.Ids(query));
    }

    [Fact]
    public void A_phrase_matches_word_for_word_and_a_word_anywhere()
    {
        Digest near = fixture.Add("Facial recognition leads to arrest");
        Digest apart = fixture.Add("Recognition of a facial expression");
        Assert.Equal([near], fixture.Ids("\"facial recognition\""));
        Assert.Equal(2, fixture.Search("facial recognition").Total);
        Assert.Equal([apart], fixture.Ids("facial -\"facial recognition\""));
    }

    [Fact]
    public void A_title_weighs_more_than_the_text()
    {
        Digest text =
            fixture.Add(fixture.Document("Robot stops", "A drone was seen near the robot, the report says."));
        Digest title =
            fixture.Add(fixture.Document("Drone stops", "A robot was seen near the drone, the report says."));
        Assert.Equal([title, text], fixture.Ids("drone"));
    }

    [Fact]
    public void Putting_again_replaces_and_removing_removes()
    {
        SearchDocument document = fixture.Document("Old words");
        fixture.Add(document);
        fixture.Add(document with { Title = "New words", Severity = "disaster" });
        Assert.Empty(fixture.Ids("old"));
        Assert.Equal([document.Id], fixture.Ids("new severity:disaster"));
        Assert.Equal(1, fixture.Index.Count);
        Assert.True(fixture.Index.Remove(document.Id));
        Assert.Empty(fixture.Ids(""));
        Assert.False(fixture.Index.Remove(document.Id));
        fixture.Add(document);
        Assert.Equal([document.Id], fixture.Ids("old"));
    }

    [Fact]
    public void A_committed_index_is_read_back_with_its_facts_and_its_owner_s_position()
    {
        Digest id = fixture.Add(fixture.Document("Chatbot gives a wrong dose") with
        {
            Severity = "serious-incident",
            Countries = ["DE", "FR"],
            Language = "en",
            ExternalIds = ["AIID:14"],
        });
        fixture.Index.Commit("segment 3 at 4096");
        fixture.Reopen(out IndexReport report);
        Assert.Equal(new IndexReport(1, "segment 3 at 4096", null), report);
        Assert.Equal([id], fixture.Ids("dose country:fr severity>=serious lang:en id:AIID:14"));
    }

    [Fact]
    public void What_was_not_committed_is_fed_again_from_the_position()
    {
        fixture.Add("First");
        fixture.Index.Commit("1");
        fixture.Add("Second");
        fixture.Reopen(out IndexReport report);
        Assert.Equal(new IndexReport(1, "1", null), report);
    }

    [Fact]
    public void A_missing_index_starts_anew_and_says_so()
    {
        fixture.Close();
        Directory.Delete(fixture.Folder, recursive: true);
        fixture.Reopen(out IndexReport report);
        Assert.Equal((0, null, "there was no index"), (report.Documents, report.Position, report.Fresh));
    }

    [Fact]
    public void A_damaged_file_of_the_index_starts_it_anew_and_says_so()
    {
        fixture.Add("Report with a title");
        fixture.Index.Commit("1");
        fixture.Close();
        Dictionary<string, byte[]> files = Directory.GetFiles(fixture.Folder)
            .Where(file => new FileInfo(file).Length > 0).ToDictionary(file => file, File.ReadAllBytes);
        foreach (string damaged in files.Keys.Where(file => Path.GetFileName(file) != "segments.gen"))
        {
            foreach (string file in Directory.GetFiles(fixture.Folder).Except(files.Keys))
            {
                File.Delete(file);
            }

            foreach ((string file, byte[] bytes) in files)
            {
                byte[] written = [.. bytes];
                written[written.Length / 2] ^= (byte)(file == damaged ? 0x55 : 0);
                File.WriteAllBytes(file, written);
            }

            fixture.Reopen(out IndexReport report);
            Assert.True(report is { Fresh: not null, Documents: 0, Position: null },
                Path.GetFileName(damaged));
            fixture.Add("Report with a title");
            Assert.Single(fixture.Ids("title"));
            fixture.Close();
        }
    }

    [Fact]
    public void A_prefix_of_an_id_finds_it_from_four_characters_on()
    {
        Digest[] ids = [.. Enumerable.Range(0, 50).Select(i => fixture.Add($"Report {i}"))];
        foreach (Digest id in ids.Take(5))
        {
            string whole = new Cid(Codec.DagCbor, id).ToString();
            Assert.Equal([id], fixture.Ids($"id:{whole}"));
            Assert.Equal([id], fixture.Ids($"id:{whole[7..]}"));
            Assert.Equal([id], fixture.Ids($"id:{whole[7..15]}"));
            Assert.Contains(id, fixture.Searcher.Resolve(whole[7..11]));
            Assert.Empty(fixture.Ids($"id:{whole[7..14]}{(whole[14] == 'a' ? 'b' : 'a')}"));
        }

        Assert.Empty(fixture.Searcher.Resolve("zzzz\"1"));
    }
}
