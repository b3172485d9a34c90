using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;

namespace IncidentMesh.Tui.Views;

/// <summary>What keys do to a report, the same in every view that has one selected.</summary>
internal static class ReportActions
{
    private static readonly Choice[] Verdicts =
    [
        new("c", "corroborate", "corroborate"), new("d", "dispute", "dispute"),
        new("n", "cannot confirm", "cannot-confirm"), new("r", "resolved", "resolved"),
    ];

    private static readonly Choice[] Bases =
    [
        new("f", "first-hand", "first-hand"), new("d", "document", "document"),
        new("r", "replication", "replication"), new("0", "no basis", ""),
    ];

    private static readonly Choice[] Kinds =
    [
        new("s", "same event", "same-event"), new("d", "different event", "not-same-event"),
        new("c", "copy of it", "duplicate"), new("r", "related", "related"),
    ];

    /// <summary>Does what a key asks for.</summary>
    /// <returns>Null when done, else why not.</returns>
    public static string? Run(Desk desk, Verb verb, ReportItem? item)
    {
        if (item is null)
        {
            return KeyMap.Where(verb);
        }

        bool own = item.Author.Standing == "own";
        switch (verb)
        {
            case Verb.Attest when own:
                return "others say what they know of it; e corrects what you wrote yourself";
            case Verb.Attest:
                Attest(desk, item);
                return null;
            case Verb.Link:
                Link(desk, item);
                return null;
            case Verb.Correct or Verb.Retract when !own:
                return $"only the author can, {Words.Name(item.Author)}; a says what you know of it";
            case Verb.Correct:
                Correct(desk, item);
                return null;
            case Verb.Retract:
                Retract(desk, item);
                return null;
            case Verb.Verify:
                Verify(desk, item);
                return null;
            case Verb.History:
                desk.Push(new HistoryPage(desk, item));
                return null;
            case Verb.Readers:
                desk.Push(new ReadersPage(desk, item));
                return null;
            case Verb.Bookmark or Verb.MarkRead:
                ReportMarks.Turn(desk, verb, item);
                return null;
            case Verb.Translate:
                return "translations come later: no model for them yet";
            case Verb.CopyId:
                desk.Copy(item.Id, "the id");
                return null;
            case Verb.CopyCitation:
                desk.Copy(Citation(item), "the citation");
                return null;
            default:
                return KeyMap.Where(verb);
        }
    }

    /// <summary>Holds a signed claim that two reports tell of the same event, or not.</summary>
    public static void Judge(Desk desk, ReportItem from, ReportItem to, string kind, string reason)
    {
        string word = Kinds.First(k => k.Value == kind).Word;
        var body = new JsonObject { ["kind"] = kind };
        Put(body, "reason", reason);
        desk.Outbox.Hold(
            $"{word}: {from.Short} and {to.Short}", Request("link", body, "links", from.Id, to.Id),
            () => desk.Say("the judgement was taken back"));
    }

    /// <summary>A report as a line that others can look up.</summary>
    public static string Citation(ReportItem item) =>
        $"{Words.Name(item.Author)}: {ReportRows.Title(item)}. IncidentMesh {SafeText.Show(item.Type)} "
        + $"{SafeText.Show(item.Short)}, {Words.Day(item.Created)}. {SafeText.Show(item.Id)}";

    private static void Attest(Desk desk, ReportItem item, params IReadOnlyList<string> answered)
    {
        string reason = answered is [_, _, var said] ? said : "";
        desk.Ask(new Dialog(
            $"Attest {item.Short}",
            [new("verdict", Verdicts), new("basis", Bases), new("reason, may be empty", [], reason)],
            answers =>
            {
                var body = new JsonObject { ["verdict"] = answers[0] };
                Put(body, "basis", answers[1]);
                Put(body, "reason", answers[2]);
                desk.Outbox.Hold(
                    $"{answers[0]} {item.Short}", Request("attestation", body, "attests", item.Id),
                    () => Attest(desk, item, [.. answers]));
            },
            [.. answered.Take(2)]));
    }

    private static void Link(Desk desk, ReportItem item, params IReadOnlyList<string> answered)
    {
        string other = answered is [var id, ..] ? id : "";
        string reason = answered is [_, _, var said] ? said : "";
        desk.Ask(new Dialog(
            $"Link {item.Short}",
            [new("to report (id)", [], other), new("how", Kinds), new("reason, may be empty", [], reason)],
            answers =>
            {
                if (answers[0].Length < 4)
                {
                    desk.Say("an id has 4 characters or more; nothing was sent", Ink.Warn);
                    return;
                }

                var body = new JsonObject { ["kind"] = answers[1] };
                Put(body, "reason", answers[2]);
                desk.Outbox.Hold(
                    $"{answers[1]}: {item.Short} and {SafeText.Show(answers[0])}",
                    Request("link", body, "links", item.Id, answers[0]),
                    () => Link(desk, item, [.. answers]));
            }));
    }

    private static void Retract(Desk desk, ReportItem item, string text = "") => desk.Ask(new Dialog(
        $"Take back {item.Short}; it stays readable as retracted",
        [new("reason, may be empty", [], text)],
        answers =>
        {
            var body = new JsonObject();
            Put(body, "reason", answers[0]);
            desk.Outbox.Hold(
                $"retract {item.Short}", Request("retraction", body, "retracts", item.Id),
                () => Retract(desk, item, answers[0]));
        }));

    private static void Correct(Desk desk, ReportItem item) => desk.Courier.Ask(
        (node, stop) => node.ReportAsync(item.Id, stop),
        view => desk.Push(new CorrectPage(desk, view, view.Description ?? "")),
        desk.Failed);

    private static void Verify(Desk desk, ReportItem item) => desk.Courier.Ask(
        (node, stop) => node.VerifyAsync([item.Id], stop),
        found =>
        {
            string[] wrong =
                [.. found.Failed.Select(f => $"{SafeText.Show(f.Check)}: {SafeText.Show(f.Why)}"),
                 .. found.Unknown.Select(u => $"{Words.Short(u)} cannot be judged")];
            desk.Say(
                wrong.Length == 0 ? $"= {item.Short}: every check holds, done now" : "! " + wrong[0],
                wrong.Length == 0 ? Ink.Good : Ink.Bad);
            desk.Top.Refresh();
        },
        desk.Failed);

    /// <summary>A record about others.</summary>
    public static SubmitRequest Request(
        string type, JsonObject body, string how, params IReadOnlyList<string> ids) => new()
    {
        Type = type,
        Body = JsonSerializer.SerializeToElement(body),
        Relations = [.. ids.Select(id => new RelationRequest(how, id))],
    };

    /// <summary>Sets a field that has a value.</summary>
    public static void Put(JsonObject body, string name, string value)
    {
        if (value.Length > 0)
        {
            body[name] = value;
        }
    }
}
