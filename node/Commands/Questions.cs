using System.Text;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Commands;

/// <summary>Asks for a report line by line: what was told first, then the rest of OECD's mandatory
/// criteria.</summary>
internal static class Questions
{
    /// <summary>Fills what <paramref name="body"/> lacks and returns the language.</summary>
    public static async Task<string?> FillAsync(JsonObject body, string? lang, CancellationToken stop)
    {
        Console.Error.WriteLine(
            "New report. An empty line skips a question; ctrl-c stops, and nothing is stored.");
        if (body["description"] is null)
        {
            body["description"] = AskText(
                "1 Told      What happened? Leave out the source's name. End with an empty line.");
        }

        string told = body["description"]!.GetValue<string>();
        string proposal = told.Split(['.', '\n', '。', '।'], 2)[0].Trim();
        string title = Terminal.Ask($"2 Title     [{proposal}] ") ?? "";
        body["title"] = title.Trim().Length > 0 ? title.Trim() : proposal;
        Choose(body, "ai_role", "3 AI role  ", "oecd-ai-role");
        if (Pick("4 Severity ", Vocabulary.Get("oecd-severity")) is { } severity)
        {
            body["severity"] = ReportFlags.Severity(severity);
        }

        AskHarm(body);
        await AskEvidenceAsync(body, stop);
        string source = (Terminal.Ask("7 From      own, anonymous, or an organisation [own] ") ?? "").Trim();
        body["source"] = source is "" or "own" or "anonymous"
            ? new JsonObject { ["kind"] = source.Length == 0 ? "own" : source }
            : new JsonObject { ["kind"] = "organisation", ["name"] = source };
        string asked = (Terminal.Ask($"Language    BCP 47 tag, e.g. de [{lang ?? "none"}] ") ?? "").Trim();
        Console.Error.WriteLine(
            "TLP:CLEAR   everyone may read it, for ever, in copies that nobody can call back");
        string answer = (Terminal.Ask("Sign and store it? [y/N] ") ?? "").Trim();
        if (!answer.StartsWith('y') && !answer.StartsWith('Y'))
        {
            throw new ApiException("stopped", "nothing was stored", null, ExitCode.Interrupted);
        }

        return asked.Length > 0 ? asked : lang;
    }

    private static string AskText(string question)
    {
        Console.Error.WriteLine(question);
        StringBuilder text = new();
        while (Terminal.Ask("> ") is { } line && (line.Length > 0 || text.Length == 0))
        {
            text.AppendLine(line);
        }

        string told = text.ToString().Trim();
        return told.Length > 0 ? told
            : throw ApiException.Usage("nothing was told", "--text=@FILE reads a file");
    }

    private static void AskHarm(JsonObject body)
    {
        Vocabulary harms = Vocabulary.Get("oecd-harm-type");
        Console.Error.WriteLine(
            "5 Harm      several, with commas: " + string.Join(' ', harms.Entries.Select(e => e.Value)));
        string[] chosen = (Terminal.Ask("> ") ?? "").Split(
            [',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (chosen.Length > 0)
        {
            body["harm_types"] = new JsonArray([.. chosen.Select(c => (JsonNode)c)]);
        }
    }

    private static async Task AskEvidenceAsync(JsonObject body, CancellationToken stop)
    {
        JsonArray evidence = [];
        while ((Terminal.Ask("6 Evidence  a link or a file; empty when done: ") ?? "")
            .Trim() is { Length: > 0 } given)
        {
            try
            {
                evidence.Add(await ReportFlags.EvidenceAsync(given, stop));
            }
            catch (ApiException e)
            {
                Console.Error.WriteLine($"  {e.Message}");
            }
        }

        if (evidence.Count > 0)
        {
            body["evidence"] = evidence;
        }
    }

    private static void Choose(JsonObject body, string field, string question, string vocabulary)
    {
        if (Pick(question, Vocabulary.Get(vocabulary)) is { } value)
        {
            body[field] = value;
        }
    }

    private static string? Pick(string question, Vocabulary vocabulary)
    {
        Console.Error.WriteLine(question);
        for (int i = 0; i < vocabulary.Entries.Count; i++)
        {
            Console.Error.WriteLine($"  {i + 1} {vocabulary.Entries[i].Label}");
        }

        while (true)
        {
            string given = (Terminal.Ask("> ") ?? "").Trim();
            if (given.Length == 0)
            {
                return null;
            }

            if (int.TryParse(given, out int number) && number >= 1 && number <= vocabulary.Entries.Count)
            {
                return vocabulary.Entries[number - 1].Value;
            }

            Console.Error.WriteLine($"  a number from 1 to {vocabulary.Entries.Count}, or an empty line");
        }
    }
}
