using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>The answers to <see cref="SubmissionSteps"/>, as a person gave them, and the body that they
/// make.</summary>
public sealed class SubmissionForm
{
    /// <summary>Characters of what was told from which similar reports are looked for.</summary>
    public const int SimilarFrom = 40;

    private const int TitleMost = 200;
    private readonly Dictionary<string, IReadOnlyList<string>> _answers = new(StringComparer.Ordinal);
    private readonly List<JsonObject> _evidence = [];

    /// <summary>Evidence so far.</summary>
    public IReadOnlyList<JsonObject> Evidence => _evidence;

    /// <summary>What was told.</summary>
    public string Told => this[SubmissionSteps.Told];

    /// <summary>The title, or the first sentence of what was told.</summary>
    public string Title => this[SubmissionSteps.Title] is { Length: > 0 } title ? title : Proposed(Told);

    /// <summary>The language that was given, or the one that the text seems to be in; null where neither
    /// is.</summary>
    public string? Language => this[SubmissionSteps.Language] is { Length: > 0 } given ? given
        : LanguageGuess.Of($"{this[SubmissionSteps.Title]}\n{Told}");

    /// <summary>Whether the source stays anonymous.</summary>
    public bool Anonymous => this[SubmissionSteps.Source] == SubmissionSteps.Anonymous;

    /// <summary>A text answer, empty where there is none.</summary>
    public string this[string id] => string.Join("; ", Values(id));

    /// <summary>The answers to a step.</summary>
    public IReadOnlyList<string> Values(string id) => _answers.GetValueOrDefault(id) ?? [];

    /// <summary>Answers a step; nothing takes the answer back.</summary>
    public void Answer(string id, params IReadOnlyList<string> values)
    {
        string[] given = [.. values.Select(v => v.Trim()).Where(v => v.Length > 0)];
        _answers.Remove(id);
        if (given.Length > 0)
        {
            _answers[id] = given;
        }

        if (id == SubmissionSteps.HarmDone && !ChoicesOf(SubmissionSteps.Severity, given)
            .Any(c => c.Value == this[SubmissionSteps.Severity]))
        {
            _answers.Remove(SubmissionSteps.Severity);
        }
    }

    /// <summary>Adds evidence.</summary>
    public void Add(JsonObject entry) => _evidence.Add(entry);

    /// <summary>Takes the last evidence away; false where there is none.</summary>
    public bool RemoveLastEvidence()
    {
        if (_evidence.Count == 0)
        {
            return false;
        }

        _evidence.RemoveAt(_evidence.Count - 1);
        return true;
    }

    /// <summary>Whether a step is asked now: some depend on others.</summary>
    public bool Asks(SubmissionStep step) => step?.Id switch
    {
        SubmissionSteps.Severity => Values(SubmissionSteps.HarmDone).Count > 0,
        SubmissionSteps.SourceName => this[SubmissionSteps.Source] == "organisation",
        _ => true,
    };

    /// <summary>What a step has to choose from now.</summary>
    public IReadOnlyList<StepChoice> Choices(SubmissionStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Id == SubmissionSteps.Severity
            ? ChoicesOf(step.Id, Values(SubmissionSteps.HarmDone))
            : step.Kind == StepKind.YesNo ? SubmissionSteps.YesNo : step.Choices;
    }

    /// <summary>Whether a step has its answer.</summary>
    public bool Answered(SubmissionStep step) => step?.Id switch
    {
        SubmissionSteps.Title => Title.Length > 0,
        SubmissionSteps.Evidence => _evidence.Count > 0,
        null => false,
        _ => Values(step.Id).Count > 0,
    };

    /// <summary>The body as far as it is answered.</summary>
    public JsonObject Body()
    {
        JsonObject body = [];
        foreach (SubmissionStep step in SubmissionSteps.All)
        {
            if (step.Id == SubmissionSteps.Title)
            {
                SetText(body, step.Id, Title);
            }
            else if (step.Id is not (SubmissionSteps.HarmDone or SubmissionSteps.Language) && Asks(step))
            {
                Put(body, step);
            }
        }

        return body;
    }

    /// <summary>The answers that a body holds; what no step asks for is left out.</summary>
    public static SubmissionForm Of(JsonElement body, string? language = null)
    {
        SubmissionForm form = new();
        if (body.ValueKind != JsonValueKind.Object)
        {
            return form;
        }

        foreach (SubmissionStep step in SubmissionSteps.All)
        {
            if (FormReader.Find(body, step.Id) is { } value)
            {
                form.Answer(step.Id, FormReader.Answers(step, value, body));
            }
        }

        if (FormReader.Find(body, "severity.value") is { ValueKind: JsonValueKind.String } severity)
        {
            bool hazard = Vocabulary.Get("oecd-severity").Find(severity.GetString()!)?.Branch == "hazard";
            form.Answer(SubmissionSteps.HarmDone, hazard ? SubmissionSteps.NotYet : SubmissionSteps.Yes);
            form.Answer(SubmissionSteps.Severity, severity.GetString()!);
        }

        if (body.TryGetProperty("evidence", out JsonElement evidence)
            && evidence.ValueKind == JsonValueKind.Array)
        {
            form._evidence.AddRange(evidence.EnumerateArray()
                .Where(e => e.ValueKind == JsonValueKind.Object).Select(e => JsonObject.Create(e)!));
        }

        if (form[SubmissionSteps.Title] == Proposed(form.Told))
        {
            form.Answer(SubmissionSteps.Title);
        }

        form.Answer(SubmissionSteps.Language, language ?? "");
        return form;
    }

    /// <summary>A title for what was told: its first sentence.</summary>
    public static string Proposed(string told)
    {
        ArgumentNullException.ThrowIfNull(told);
        string first = told.Trim();
        for (int i = 0; i < first.Length; i++)
        {
            bool alone = first[i] is '\n' or '。' or '।';
            bool stop = first[i] is '.' or '!' or '?' or '؟'
                && (i + 1 == first.Length || char.IsWhiteSpace(first[i + 1]));
            if ((alone || stop) && !Abbreviates(first, i))
            {
                first = first[..i];
                break;
            }
        }

        return first.Length <= TitleMost ? first.Trim() : first[..(TitleMost - 1)].Trim() + "…";
    }

    // "am 12. November", "z. B.": a point after a number or a single letter ends no sentence.
    private static bool Abbreviates(string text, int point) => text[point] == '.' && point > 0
        && (char.IsDigit(text[point - 1])
            || (char.IsLetter(text[point - 1]) && (point == 1 || !char.IsLetterOrDigit(text[point - 2]))));

    private static StepChoice[] ChoicesOf(string step, IReadOnlyList<string> harmDone)
    {
        string branch = harmDone is [SubmissionSteps.NotYet] ? "hazard" : "incident";
        return [.. SubmissionSteps.Main.First(s => s.Id == step).Choices
            .Where(c => Vocabulary.Get("oecd-severity").Find(c.Value)!.Branch == branch)];
    }

    private void Put(JsonObject body, SubmissionStep step)
    {
        IReadOnlyList<string> values = Values(step.Id);
        if (step.Kind == StepKind.Evidence)
        {
            if (_evidence.Count > 0)
            {
                body[step.Id] = new JsonArray([.. _evidence.Select((e, i) =>
                    Anonymous ? EvidenceFile.Nameless(e, i + 1) : (JsonObject)e.DeepClone())]);
            }

            return;
        }

        if (values.Count == 0)
        {
            return;
        }

        string text = this[step.Id];
        switch (step.Kind)
        {
            case StepKind.One when step.Id == SubmissionSteps.Severity:
                body[step.Id] = new JsonObject { ["value"] = text, ["scheme"] = "oecd-severity" };
                break;
            case StepKind.Several when step.Id == "actions_taken":
                body[step.Id] = new JsonArray([.. values.Select(v => new JsonObject { ["kind"] = v })]);
                break;
            case StepKind.Several:
                body[step.Id] = new JsonArray([.. values.Select(v => (JsonNode)v)]);
                break;
            case StepKind.YesNo:
                body[step.Id] = text == SubmissionSteps.Yes;
                break;
            case StepKind.Lines:
                body[step.Id] = new JsonArray([.. Split(text, ';', '\n').Select(v => (JsonNode)v)]);
                break;
            case StepKind.Countries:
                body[step.Id] = new JsonArray(
                    [.. Split(text.ToUpperInvariant(), ',', ';', ' ').Select(v => (JsonNode)v)]);
                break;
            case StepKind.Names:
                body[step.Id] = new JsonArray(
                    [.. Split(text, ';', '\n').Select(v => new JsonObject { ["name"] = v })]);
                break;
            case StepKind.Time:
                body[step.Id] = Time(text);
                break;
            case StepKind.Money:
                string[] money = text.Split(' ', 2, StringSplitOptions.TrimEntries);
                SetText(body, step.Id, money[0]);
                SetText(body, "harm_quantity.currency", money.Length > 1 ? money[1].ToUpperInvariant() : "");
                break;
            case StepKind.Count when long.TryParse(
                text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out long count):
                Set(body, step.Id, count);
                break;
            default:
                SetText(body, step.Id, text);
                break;
        }
    }

    private static JsonObject Time(string text)
    {
        string[] ends = text.Split("..", 2, StringSplitOptions.TrimEntries);
        JsonObject time = new() { ["start"] = ends[0] };
        SetText(time, "end", ends.Length > 1 ? ends[1] : "");
        SetText(time, "precision", ends[0].Length switch { 4 => "year", 7 => "month", 10 => "day", _ => "" });
        return time;
    }

    private static string[] Split(string text, params char[] separators) => text.Split(
        separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static void SetText(JsonObject body, string path, string value)
    {
        if (value.Length > 0)
        {
            Set(body, path, value);
        }
    }

    private static void Set(JsonObject body, string path, JsonNode value)
    {
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            body[path] = value;
            return;
        }

        if (body[path[..dot]] is not JsonObject inner)
        {
            inner = [];
            body[path[..dot]] = inner;
        }

        inner[path[(dot + 1)..]] = value;
    }
}
