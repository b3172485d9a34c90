using System.Text.Json;
using IncidentMesh.Protocol.Api.Submission;
using Xunit;

namespace IncidentMesh.Tests.Submission;

/// <summary>What looks like data about a person is found, with its place; what only resembles it is
/// not.</summary>
public sealed class PrivateDataTests
{
    [Theory]
    [InlineData("write to a.b+c@example.co.uk", "email:a.b+c@example.co.uk")]
    [InlineData("write to lena [at] example [dot] org.", "email:lena [at] example [dot] org")]
    [InlineData("pkg:npm/left@1.2.3 and user@localhost", "")]
    [InlineData("call +49 221 123456-78", "phone:+49 221 123456-78")]
    [InlineData("Tel.: 221 12 34 56 78", "phone:221 12 34 56 78")]
    [InlineData("call (555) 123-4567 or 555-123-4567", "phone:(555) 123-4567 phone:555-123-4567")]
    [InlineData("on 2026-11-24 at 10:30, 9,000 cases, arXiv:2408.12622, 10.1145/3442188.3445922", "")]
    [InlineData("pay to DE89 3704 0044 0532 0130 00", "iban:DE89 3704 0044 0532 0130 00")]
    [InlineData("pay to DE88 3704 1144 1532 1130 11", "")]
    [InlineData("https://x.example/s?id=7&token=abc", "link:https://x.example/s?id=7&token=abc")]
    [InlineData("https://anna:secret@x.example/", "link:https://anna:secret@x.example/")]
    [InlineData("It refused 412 requests, see https://x.example/2026/11/24?page=2", "")]
    public void Addresses_numbers_and_links(string text, string found) => Assert.Equal(found, Found(text));

    [Theory]
    [InlineData("Venloer Straße 12a")]
    [InlineData("Hauptstr. 5")]
    [InlineData("12 rue de la République")]
    [InlineData("221 Baker Street")]
    [InlineData("Calle de Alcalá, 45")]
    [InlineData("Via Roma 10")]
    [InlineData("Kerkstraat 7")]
    [InlineData("ul. Marszałkowska 10")]
    [InlineData("ул. Ленина, д. 5")]
    [InlineData("朝阳路12号")]
    [InlineData("千代田区霞が関2丁目1")]
    public void Street_addresses(string text) => Assert.Equal("address:" + text, Found($"x: {text}"));

    [Theory]
    [InlineData("50.94129, 6.95832")]
    [InlineData("50°56'28\"N 6°57'30\"E")]
    [InlineData("geo:50.9413,6.9583")]
    public void Places(string text) => Assert.Equal("coordinates:" + text, Found($"at {text}."));

    [Theory]
    [InlineData("4111 1111 1111 1111")]
    [InlineData("756.9217.0769.85")]
    [InlineData("2 55 08 14 168 025 38")]
    [InlineData("12345678Z")]
    [InlineData("X1234567L")]
    [InlineData("RSSMRA85T10A562S")]
    [InlineData("11010519491231002X")]
    [InlineData("2341 2341 2346")]
    [InlineData("111.444.777-35")]
    [InlineData("10000000146")]
    [InlineData("44051401359")]
    [InlineData("86095742719")]
    [InlineData("85.07.30-033.28")]
    [InlineData("640823-3234")]
    [InlineData("131052-308T")]
    [InlineData("123-45-6789")]
    [InlineData("AB123456C")]
    [InlineData("111222333", "BSN ")]
    [InlineData("123456789", "NIF: ")]
    [InlineData("943 476 5919", "NHS number ")]
    [InlineData("123456789018", "マイナンバー ")]
    public void Numbers_of_people_whose_check_digits_hold(string number, string before = "is ") =>
        Assert.Equal("id-number:" + number, Found($"It {before}{number}, it said"));

    [Theory]
    [InlineData("4111 1111 1111 1112")]
    [InlineData("756.9217.0769.84")]
    [InlineData("2 55 08 14 168 025 39")]
    [InlineData("12345678A")]
    [InlineData("RSSMRA85T10A562T")]
    [InlineData("110105194912310021")]
    [InlineData("2341 2341 2347")]
    [InlineData("111.444.777-36")]
    [InlineData("44051401358")]
    [InlineData("86095742718")]
    [InlineData("640823-3235")]
    [InlineData("131052-308U")]
    [InlineData("123456789")]
    [InlineData("١٢٣٤٥٦٧٨٩٠١")]
    public void Numbers_whose_check_digits_do_not_hold_are_numbers(string number) =>
        Assert.DoesNotContain("id-number", Found($"case {number} of"));

    [Theory]
    [InlineData("Lena, 14, asked", "Lena, 14")]
    [InlineData("Lena (14) fragte", "Lena (14)")]
    [InlineData("Lena M. (14) was hurt", "Lena M. (14)")]
    [InlineData("Lena M., 14 years, was hurt", "Lena M., 14")]
    [InlineData("Zeynep, 9.", "Zeynep, 9")]
    [InlineData("a 15-year-old called Tom wrote", "15-year-old called Tom")]
    [InlineData("die 14-jährige Lena fragte", "14-jährige Lena")]
    [InlineData("Der Schülerin Lena M. wurde gesagt", "Schülerin Lena")]
    [InlineData("the daughter Oluwaseun", "daughter Oluwaseun")]
    [InlineData("Chloé, élève de troisième", "Chloé, élève")]
    [InlineData("mi hija Lucía tiene 12 años", "hija Lucía")]
    [InlineData("школьница Маша спросила", "школьница Маша")]
    [InlineData("さくらちゃん(14歳)は", "さくらちゃん(14歳")]
    [InlineData("一名叫王小明的学生", "叫王小明的学生")]
    [InlineData("الطفلة اسمها مريم", "طفلة اسمها مريم")]
    [InlineData("เด็กหญิงมะลิ", "เด็กหญิงมะลิ")]
    public void A_name_near_a_child(string text, string part)
    {
        PrivateFinding found = Assert.Single(PrivateData.Find(text), f => f.Kind == PrivateKind.Minor);
        Assert.Contains(part, text.Substring(found.Start, found.Length), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Lena, 34, asked on 2026-11-24 at 10:30")]
    [InlineData("In March, 14 people asked")]
    [InlineData("Figure (3) shows the child lock")]
    [InlineData("Instagram recommended it to a teenager for 5 years")]
    [InlineData("Der Chatbot der Stadt gab einem Kind eine falsche Frist")]
    [InlineData("a 15-year-old asked")]
    [InlineData("Anna worked there for 5 years")]
    [InlineData("YouTube Kids showed videos to children")]
    [InlineData("一个学生问了三次")]
    public void No_child_is_named(string text) =>
        Assert.DoesNotContain(PrivateData.Find(text), f => f.Kind == PrivateKind.Minor);

    [Fact]
    public void A_finding_has_its_line_and_is_taken_out()
    {
        const string Text = "First.\nLena, 14, wrote\r\nto a@example.org and b@example.org.";
        IReadOnlyList<PrivateFinding> found = PrivateData.Find(Text);
        Assert.Equal([2, 3, 3], found.Select(f => f.Line));
        Assert.Equal("\"Lena, 14\": a minor?", PrivateData.Describe(Text, found[0]));
        string clean = PrivateData.Remove(Text, found);
        Assert.Equal("First.\n[removed], wrote\r\nto [removed] and [removed].", clean);
        Assert.Empty(PrivateData.Find(clean));
    }

    [Fact]
    public void Every_text_of_a_body_is_looked_at()
    {
        using JsonDocument body = JsonDocument.Parse(
            """
            {"title":"x","deployers":[{"name":"Amt, a@example.org"}],
             "evidence":[{"url":"https://x.example/?token=1","sha256":"44051401359"}],
             "harm_quantity":{"persons":3}}
            """);
        Assert.Equal(
            ["deployers", "evidence"], PrivateData.InBody(body.RootElement).Select(f => f.Field));
    }

    [Fact]
    public void Any_text_is_read_to_its_end_and_findings_do_not_overlap()
    {
        int seed = Environment.GetEnvironmentVariable("SEED") is { Length: > 0 } given
            ? int.Parse(given) : Random.Shared.Next();
        Random random = new(seed);
        string[] parts =
        [
            "Lena", ", 14", "@", "a.", "+49", "221 ", "0123", "12", "\n", " ", "DE89", "-", "歳", "ちゃん",
            "straße ",
            "https://", "?token=", "°", "12345678", "Z", "\u0663\u0664", "(", ")", "Kind ", "é", "\ud800",
        ];
        for (int i = 0; i < 2_000; i++)
        {
            string text = string.Concat(
                Enumerable.Range(0, 30).Select(_ => parts[random.Next(parts.Length)]));
            int end = 0;
            foreach (PrivateFinding found in PrivateData.Find(text))
            {
                Assert.True(found.Start >= end && found.Length > 0, $"SEED={seed} {text}");
                end = found.Start + found.Length;
                Assert.True(end <= text.Length, $"SEED={seed}");
                Assert.Equal(found.Line, text[..found.Start].Count(c => c == '\n') + 1);
            }
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("1")]
    [InlineData("a@")]
    [InlineData("12 ")]
    [InlineData("Ab ")]
    [InlineData("市1")]
    [InlineData("https://a?b&")]
    [InlineData("1 rue de A")]
    public void A_long_line_of_one_kind_is_read_to_its_end(string part) =>
        Assert.NotNull(PrivateData.Find(string.Concat(Enumerable.Repeat(part, 65_536 / part.Length))));

    private static string Found(string text) => string.Join(
        ' ', PrivateData.Find(text)
            .Select(f => $"{PrivateData.WordOf(f.Kind)}:{text.Substring(f.Start, f.Length)}"));
}
