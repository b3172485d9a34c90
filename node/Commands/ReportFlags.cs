using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>The flags that fill a report's body, for <c>submit</c> and <c>correct</c>.</summary>
internal sealed class ReportFlags
{
    private const int LongTitle = 200;
    private readonly Option<string?> _title =
        Cli.Text("--title", T("TEXT"), T("one line that tells what happened"));
    private readonly Option<string?> _text =
        Cli.Text("--text", T("TEXT"), T("what is known (@FILE reads a file)"));
    private readonly Option<string?> _role =
        Cli.Text("--ai-role", T("ROLE"), T("direct-cause, contributing-factor, …"));
    private readonly Option<string?> _severity =
        Cli.Text("--severity", "S", T("hazard … disaster (OECD)"));

    private readonly Option<string[]> _harm = Cli.List("--harm", "H,..", T("kinds of harm"));
    private readonly Option<string[]> _evidence =
        Cli.List("--evidence", T("PATH|URL,.."), T("a link, a file to name by hash, or \"kept\" by us"));
    private readonly Option<string?> _source =
        Cli.Text("--source", "own|anonymous|ORG", T("whose account it is"));
    private readonly Option<string?> _stage =
        Cli.Text("--stage", T("STAGE"), T("stage of a report under Article 73"));
    private readonly Option<string?> _aware =
        Cli.Text("--aware", T("TIME"), T("when you became aware"));

    private readonly Option<string[]> _model =
        Cli.List("--model", T("REF,.."), T("models by purl or name"));

    private readonly Option<string[]> _set = new("--set")
    {
        Description = T("any field: --set=countries=DE,FR --set=occurred.start=2026-11-19"),
        HelpName = T("FIELD=V"),
        DefaultValueFactory = _ => [],
    };

    /// <summary>The flags, to be added to a command.</summary>
    public IEnumerable<Option> All =>
        [_title, _text, _role, _severity, _harm, _evidence, _source, _stage, _aware, _model, _set];

    /// <summary>JSON in which no key stands twice: which of them counts, nobody could say.</summary>
    public static JsonDocumentOptions OneOfEach { get; } = new() { AllowDuplicateProperties = false };

    /// <summary>A body out of a file: JSON, or plain text whose first line is the title; empty without
    /// one.</summary>
    public static async Task<JsonObject> ReadAsync(string? file, CancellationToken stop)
    {
        if (file is null)
        {
            return [];
        }

        string text = (await Files.ReadTextAsync(file, stop)).Trim();
        if (text.StartsWith('{'))
        {
            return JsonNode.Parse(text, documentOptions: OneOfEach)!.AsObject();
        }

        if (text.StartsWith('[') && IsJson(text))
        {
            throw ApiException.Usage(T($"{file} is a JSON list: a body is an object"));
        }

        if (text.Length == 0)
        {
            throw ApiException.Usage(T($"{file} is empty"));
        }

        int line = text.IndexOf('\n', StringComparison.Ordinal);
        string title = (line < 0 ? text : text[..line]).Trim();
        return new JsonObject
        {
            ["title"] = title.Length <= LongTitle ? title : title[..(LongTitle - 1)] + "…",
            ["description"] = text,
        };
    }

    // "[Update] the chatbot …" is plain text.
    private static bool IsJson(string text)
    {
        try
        {
            return JsonNode.Parse(text) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Puts what was given into <paramref name="body"/>.</summary>
    public async Task FillAsync(JsonObject body, string type, ParseResult parse, CancellationToken stop)
    {
        Put(body, "title", await parse.ValueAsync(_title, stop));
        Put(body, "description", await parse.ValueAsync(_text, stop));
        Put(body, "ai_role", parse.GetValue(_role));
        if (parse.GetValue(_severity) is { } severity)
        {
            body["severity"] = Severity(severity);
        }

        if (parse.GetValue(_harm) is { Length: > 0 } harm)
        {
            body["harm_types"] = new JsonArray([.. harm.Select(h => (JsonNode)h)]);
        }

        foreach (string evidence in parse.GetValue(_evidence) ?? [])
        {
            body["evidence"] ??= new JsonArray();
            body["evidence"]!.AsArray().Add(await EvidenceFiles.TakeAsync(evidence, stop));
        }

        if (parse.GetValue(_source) is { } source)
        {
            body["source"] = source is "own" or "anonymous"
                ? new JsonObject { ["kind"] = source }
                : new JsonObject { ["kind"] = "organisation", ["name"] = source };
        }

        SetField(body, type, "clocks.stage", parse.GetValue(_stage));
        SetField(body, type, "clocks.aware_at", parse.GetValue(_aware));
        AddModels(body, type, parse.GetValue(_model) ?? []);
        SetAll(body, type, parse.GetValue(_set) ?? []);
        if (AnonymousSource.Is(JsonSerializer.SerializeToElement(body)))
        {
            AnonymousSource.HideNames(body);
        }
    }

    /// <summary>A severity on the OECD scale.</summary>
    public static JsonObject Severity(string value) =>
        new() { ["value"] = value, ["scheme"] = "oecd-severity" };

    // A list that is named several times gets the values of all.
    private static void SetAll(JsonObject body, string type, string[] assignments)
    {
        foreach (IGrouping<string, string> set in assignments.Select(Split)
            .GroupBy(s => s.Path, s => s.Value))
        {
            string[] values = [.. set];
            string flag = $"--set={set.Key}";
            SetField(body, type, set.Key, values.Length == 1 || FieldText.TakesSeveral(type, set.Key)
                ? string.Join(',', values)
                : throw ApiException.Usage(T($"{flag} is given more than once")));
        }
    }

    private static (string Path, string Value) Split(string assignment)
    {
        int at = assignment.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? (assignment[..at], assignment[(at + 1)..])
            : throw ApiException.Usage(T($"--set needs FIELD=VALUE, not \"{assignment}\""));
    }

    private static void SetField(JsonObject body, string type, string path, string? value)
    {
        if (value is null)
        {
            return;
        }

        string name = path.Split('.')[0];
        if (Schema.Of(type) is { } schema && schema.Find(name) is null)
        {
            string[] names = [.. schema.Fields.Select(f => f.Name)];
            string? near = QuerySuggestion.Nearest(name, names);
            throw ApiException.Usage(
                T($"--set: {type} has no field \"{name}\""),
                near is null ? string.Join(", ", names) : T($"did you mean {near}?"));
        }

        if (!BodyJson.TryRead(
                type, JsonSerializer.SerializeToElement(body), out IpldMap? map, out FieldProblem? problem)
            || !FieldText.TrySet(type, map, path, value, out map, out problem))
        {
            throw ApiException.Usage(problem.ToString(), T("nothing was stored"));
        }

        JsonObject set = JsonNode.Parse(BodyJson.Write(type, map))!.AsObject();
        body.Remove(name);
        if (set[name] is { } field)
        {
            body[name] = field.DeepClone();
        }
    }

    private static void AddModels(JsonObject body, string type, string[] references)
    {
        if (references.Length == 0)
        {
            return;
        }

        JsonArray models = [.. references.Select(ModelOf)];
        if (type == "model-risk")
        {
            body["models"] = models;
        }
        else
        {
            string name = models[0]!["name"]!.GetValue<string>();
            body["systems"] = new JsonArray(new JsonObject { ["name"] = name, ["models"] = models });
        }
    }

    private static JsonObject ModelOf(string reference) =>
        reference.StartsWith("pkg:", StringComparison.Ordinal)
        ? new JsonObject { ["name"] = reference.Split('/', '@')[^1], ["purl"] = reference }
        : new JsonObject { ["name"] = reference };

    private static void Put(JsonObject body, string name, string? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }
    }
}
