using System.Text;
using System.Text.Json;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>What a warning is about.</summary>
public enum PrivateKind
{
    /// <summary>An e-mail address.</summary>
    Email,

    /// <summary>A telephone number.</summary>
    Phone,

    /// <summary>A bank account whose check digits hold.</summary>
    Iban,

    /// <summary>A number of a person or a payment card whose check digits hold.</summary>
    IdNumber,

    /// <summary>Street and number.</summary>
    Address,

    /// <summary>A place to within a few houses.</summary>
    Coordinates,

    /// <summary>A link that lets in whoever has it.</summary>
    Link,

    /// <summary>A name near the age of a minor, or near a word for a child.</summary>
    Minor,
}

/// <summary>A place in a text that looks like data about a person.</summary>
/// <param name="Kind">What it looks like.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Start">Where it begins, in UTF-16 units of the whole text.</param>
/// <param name="Length">How long it is.</param>
public readonly record struct PrivateFinding(PrivateKind Kind, int Line, int Start, int Length);

/// <summary>Finds what looks like data about a person in a text that is about to be published: local rules,
/// no more than a reminder, each with its line. <c>specs/submission.md</c>, "Private data".</summary>
public static class PrivateData
{
    /// <summary>What stands for what was taken out; it is part of the report and so the same in every
    /// language. No constant, as a text with nothing but constants in it is one itself, and found in no
    /// language.</summary>
    public static string Removed => "[removed]";

    /// <summary>What a person types who publishes all the same.</summary>
    public static string Sure => "publish anyway";

    private static readonly (PrivateKind Kind, string Word)[] Words =
    [
        (PrivateKind.Email, "email"), (PrivateKind.Phone, "phone"), (PrivateKind.Iban, "iban"),
        (PrivateKind.IdNumber, "id-number"), (PrivateKind.Address, "address"),
        (PrivateKind.Coordinates, "coordinates"), (PrivateKind.Link, "link"), (PrivateKind.Minor, "minor"),
    ];

    /// <summary>The words that flags take.</summary>
    public static IReadOnlyList<string> AllWords => [.. Words.Select(w => w.Word)];

    /// <summary>The word of a kind in flags and JSON.</summary>
    public static string WordOf(PrivateKind kind) => Array.Find(Words, w => w.Kind == kind).Word;

    /// <summary>A kind as people read it.</summary>
    public static string LabelOf(PrivateKind kind) => kind switch
    {
        PrivateKind.Email => T("e-mail address"),
        PrivateKind.Phone => T("phone"),
        PrivateKind.Iban => T("IBAN"),
        PrivateKind.IdNumber => T("identity or card number"),
        PrivateKind.Address => T("street address"),
        PrivateKind.Coordinates => T("coordinates"),
        PrivateKind.Link => T("personal link"),
        _ => T("a minor?"),
    };

    /// <summary>A finding in a few words; of a minor what it is about, as that is least certain.</summary>
    public static string Describe(string text, PrivateFinding found)
    {
        ArgumentNullException.ThrowIfNull(text);
        string what = LabelOf(found.Kind);
        return found.Kind == PrivateKind.Minor
            ? $"\"{text.Substring(found.Start, found.Length)}\": {what}" : what;
    }

    /// <summary>Whether everyone's reading it asks to be sure first: an address, a number or a child that is
    /// found by it.</summary>
    public static bool AsksToBeSure(PrivateKind kind) =>
        kind is PrivateKind.Email or PrivateKind.Phone or PrivateKind.Minor;

    /// <summary>All findings of a text in its order; none overlaps another.</summary>
    public static IReadOnlyList<PrivateFinding> Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<PrivateFinding> found = [];
        int start = 0;
        int line = 1;
        foreach (string one in text.Split('\n'))
        {
            FindInLine(one, line++, start, found);
            start += one.Length + 1;
        }

        return found;
    }

    /// <summary>All findings in the texts of a body, by the field that holds them.</summary>
    public static IReadOnlyList<(string Field, string Text, PrivateFinding Found)> InBody(JsonElement body)
    {
        List<(string, string, PrivateFinding)> found = [];
        if (body.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty field in body.EnumerateObject())
            {
                // A correction holds a report.
                if (field is { Name: "content", Value.ValueKind: JsonValueKind.Object })
                {
                    found.AddRange(InBody(field.Value));
                }
                else
                {
                    Walk(field.Name, field.Value, found);
                }
            }
        }

        return found;
    }

    /// <summary>The words of what a body holds that asks to be sure before everyone reads it.</summary>
    public static IReadOnlyList<string> ToBeSureOf(JsonElement body) =>
        [.. InBody(body).Select(f => f.Found.Kind).Where(AsksToBeSure).Select(WordOf).Distinct()];

    /// <summary>The text with <see cref="Removed"/> for each finding.</summary>
    public static string Remove(string text, IReadOnlyList<PrivateFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(findings);
        StringBuilder kept = new(text);
        foreach (PrivateFinding found in findings.OrderByDescending(f => f.Start))
        {
            kept.Remove(found.Start, found.Length).Insert(found.Start, Removed);
        }

        return kept.ToString();
    }

    private static void Walk(
        string field, JsonElement value, List<(string Field, string Text, PrivateFinding Found)> found)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                string text = value.GetString()!;
                found.AddRange(Find(text).Select(f => (field, text, f)));
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Walk(field, item, found);
                }

                break;
            case JsonValueKind.Object:
                foreach (JsonProperty inner in value.EnumerateObject().Where(p => p.Name != "sha256"))
                {
                    Walk(field, inner.Value, found);
                }

                break;
        }
    }

    // The rules stand in the order in which they win where two find the same place.
    private static void FindInLine(string line, int number, int offset, List<PrivateFinding> found)
    {
        List<PrivateFinding> here = [];
        foreach ((PrivateKind kind, Func<string, IEnumerable<(int Start, int Length)>> rule) in
            PrivateRules.All)
        {
            foreach ((int start, int length) in rule(line))
            {
                bool taken = here.Any(h =>
                    start < h.Start - offset + h.Length && h.Start - offset < start + length);
                if (!taken)
                {
                    here.Add(new PrivateFinding(kind, number, offset + start, length));
                }
            }
        }

        found.AddRange(here.OrderBy(h => h.Start));
    }
}
