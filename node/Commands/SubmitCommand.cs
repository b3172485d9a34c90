using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Commands;

/// <summary><c>submit [FILE|-]</c>: flags, a file, or questions on a terminal.</summary>
internal static class SubmitCommand
{
    public static Command Build()
    {
        ReportFlags flags = new();
        Argument<string?> file = new("file")
        {
            Description = "a JSON body, or plain text whose first line is the title; - is standard input",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string> type = new("--type")
        {
            Description = "incident or model-risk",
            DefaultValueFactory = _ => "incident",
        };
        Option<string?> lang = Cli.Text("--lang", "TAG", "language of the text (BCP 47)");
        Option<string?> tlp = Cli.Text("--tlp", "LABEL", "CLEAR; the others come later");
        Option<bool> noSimilar = Cli.Flag("--no-similar", "do not look for reports of the same event");
        string[] later = ["--to", "--accept", "--after"];
        Option<string?>[] refused = [.. later.Select(name => Cli.Text(name, "V", "comes later"))];
        Option<bool> draft = Cli.Flag("--draft", "comes later");
        Command command = new("submit", "sign and store a report; it is on disk when this returns")
        {
            file, type, lang, tlp, noSimilar, draft,
        };
        foreach (Option option in flags.All.Concat(refused))
        {
            command.Options.Add(option);
        }

        return command.Does(
            async (session, parse, stop) =>
            {
                Refuse(parse, refused, draft, parse.GetValue(tlp));
                string kind = parse.GetValue(type)!;
                JsonObject body = await ReadAsync(parse.GetValue(file), stop);
                string? language = parse.GetValue(lang) ?? Take(body, "lang");
                kind = Take(body, "type") ?? kind;
                await flags.FillAsync(body, kind, parse, stop);
                if (body["title"] is null && Terminal.CanAsk)
                {
                    language = await Questions.FillAsync(body, language, stop);
                }

                return await SendAsync(session, kind, language, body, !parse.GetValue(noSimilar), stop);
            },
            "incidentmesh submit letter.txt --severity=incident --harm=economic",
            "incidentmesh submit --title='Chatbot gives wrong deadline' --text=@letter.txt --lang=en",
            "incidentmesh submit report.json --type=model-risk --json");
    }

    private static void Refuse(ParseResult parse, Option<string?>[] refused, Option<bool> draft, string? tlp)
    {
        if (parse.GetValue(draft))
        {
            throw ApiException.Later("submit --draft");
        }

        foreach (Option<string?> option in refused.Where(o => parse.GetValue(o) is not null))
        {
            throw ApiException.Later($"submit {option.Name}");
        }

        if (tlp is not null && !tlp.Equals("CLEAR", StringComparison.OrdinalIgnoreCase))
        {
            throw ApiException.Later($"sealing to TLP:{tlp.ToUpperInvariant()}");
        }
    }

    private static async Task<JsonObject> ReadAsync(string? file, CancellationToken stop)
    {
        if (file is null)
        {
            return [];
        }

        string text = (await Files.ReadTextAsync(file, stop)).Trim();
        if (text.StartsWith('{'))
        {
            return JsonNode.Parse(text) as JsonObject
                ?? throw ApiException.Usage($"{file} is not a JSON object");
        }

        if (text.Length == 0)
        {
            throw ApiException.Usage($"{file} is empty");
        }

        int line = text.IndexOf('\n', StringComparison.Ordinal);
        string title = (line < 0 ? text : text[..line]).Trim();
        JsonObject body = new() { ["title"] = title.Length <= 200 ? title : title[..199] + "…" };
        body["description"] = text;
        return body;
    }

    private static string? Take(JsonObject body, string name)
    {
        string? value = body[name] is JsonValue given && given.TryGetValue(out string? text) ? text : null;
        if (value is not null)
        {
            body.Remove(name);
        }

        return value;
    }

    private static async Task<int> SendAsync(
        Session session, string type, string? lang, JsonObject body, bool similar, CancellationToken stop)
    {
        SubmitRequest request = new()
        {
            Type = type,
            Lang = lang,
            Body = JsonSerializer.SerializeToElement(body),
            Similar = similar,
        };
        await using INodeApi node = await session.ConnectAsync(stop);
        SubmitView done = await node.SubmitAsync(request, stop);
        Submitted.Print(session, done, node.Running);
        return ExitCode.Done;
    }
}
