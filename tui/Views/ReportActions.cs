using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>What keys do to a report, the same in every view that has one selected.</summary>
internal static class ReportActions
{
    private static Choice[] Verdicts =>
    [
        new("c", T("corroborate"), "corroborate"), new("d", T("dispute"), "dispute"),
        new("n", T("cannot confirm"), "cannot-confirm"), new("r", T("resolved"), "resolved"),
    ];

    private static Choice[] Bases =>
    [
        new("f", T("first-hand"), "first-hand"), new("d", T("document"), "document"),
        new("r", T("replication"), "replication"), new("0", T("no basis"), ""),
    ];

    private static Choice[] Kinds =>
    [
        new("s", T("same event"), "same-event"), new("d", T("different event"), "not-same-event"),
        new("c", T("copy of it"), "duplicate"), new("r", T("related"), "related"),
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
                return T("others say what they know of it; e corrects what you wrote yourself");
            case Verb.Attest:
                Attest(desk, item);
                return null;
            case Verb.Link:
                Link(desk, item);
                return null;
            case Verb.Correct or Verb.Retract when !own:
                return T($"only the author can, {Words.Name(item.Author)}; a says what you know of it");
            case Verb.Correct or Verb.Retract when item.State == "retracted":
                return T("it was taken back already");
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
                return T("translations come later: no model for them yet");
            case Verb.CopyId:
                desk.Copy(item.Id, T("the id"));
                return null;
            case Verb.CopyCitation:
                desk.Copy(Citation(item), T("the citation"));
                return null;
            default:
                return KeyMap.Where(verb);
        }
    }

    /// <summary>Holds a signed claim that two reports tell of the same event, or not.</summary>
    /// <param name="desk">The desk.</param>
    /// <param name="from">One report.</param>
    /// <param name="to">The other.</param>
    /// <param name="kind">What is claimed of them.</param>
    /// <param name="reason">Why; may be empty.</param>
    /// <param name="back">Brings the question back where it is taken back, or null.</param>
    /// <param name="act">Number that it shares with others of the same key, or null.</param>
    public static void Judge(
        Desk desk, ReportItem from, ReportItem to, string kind, string reason, Action? back = null,
        long? act = null)
    {
        string word = Kinds.First(k => k.Value == kind).Word;
        var body = new JsonObject { ["kind"] = kind };
        Put(body, "reason", reason);
        desk.Outbox.Hold(
            T($"{word}: {from.Short} and {to.Short}"), Request("link", body, "links", from.Id, to.Id),
            back ?? (() => { }), act: act);
    }

    /// <summary>A report as a line that others can look up.</summary>
    public static string Citation(ReportItem item) =>
        $"{Words.Name(item.Author)}: {ReportRows.Title(item)}. IncidentMesh {SafeText.Show(item.Type)} "
        + $"{SafeText.Show(item.Short)}, {Words.Day(item.Created)}. {SafeText.Show(item.Id)}";

    private static void Attest(Desk desk, ReportItem item, params IReadOnlyList<string> answered)
    {
        string reason = answered is [_, _, var said] ? said : "";
        desk.Ask(new Dialog(
            T($"Attest {item.Short}"),
            [new(T("verdict"), Verdicts), new(T("basis"), Bases), new(T("reason, may be empty"), [], reason)],
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
            T($"Link {item.Short}"),
            [new(T("to report (id)"), [], other), new(T("how"), Kinds), new(
                T("reason, may be empty"), [], reason)],
            answers =>
            {
                if (answers[0].Length < 4)
                {
                    desk.Say(T("an id has 4 characters or more; nothing was sent"), Ink.Warn);
                    return;
                }

                var body = new JsonObject { ["kind"] = answers[1] };
                Put(body, "reason", answers[2]);
                desk.Outbox.Hold(
                    T($"{answers[1]}: {item.Short} and {SafeText.Show(answers[0])}"),
                    Request("link", body, "links", item.Id, answers[0]),
                    () => Link(desk, item, [.. answers]));
            }));
    }

    private static void Retract(Desk desk, ReportItem item, string text = "") => desk.Ask(new Dialog(
        T($"Take back {item.Short}; it stays readable as retracted"),
        [new(T("reason, may be empty"), [], text)],
        answers =>
        {
            var body = new JsonObject();
            Put(body, "reason", answers[0]);
            desk.Outbox.Hold(
                T($"retract {item.Short}"), Request("retraction", body, "retracts", item.Id),
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
                [.. found.Failed.Select(f => $"{SafeText.Show(f.Check)}: {SafeText.Show(Known(f.Why))}"),
                 .. found.Unknown.Select(u => T($"{Words.Short(u)} cannot be judged"))];
            desk.Say(
                wrong.Length == 0 ? "= " + T($"{item.Short}: every check holds, done now") : "! " + wrong[0],
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
