using System.Text.Json;
using System.Text.RegularExpressions;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <content>What is checked before it is sent, what is said before it is signed, sending.</content>
internal sealed partial class ComposePage
{
    // Answers that the node would refuse, by the step: the rules are its own, so that it refuses none later.
    private Dictionary<string, string> wrong = [];

    private void Check()
    {
        JsonElement body = Request().Body;
        IReadOnlyList<FieldProblem> problems =
            !BodyJson.TryRead(RecordTypes.Incident, body, out IpldMap? map, out FieldProblem? problem)
                ? [problem] : Schema.Of(RecordTypes.Incident)!.Check(map);
        Dictionary<string, string> found = [];
        foreach (FieldProblem one in problems)
        {
            if (StepOf(one.Path) is { } step && form.Answered(step))
            {
                found.TryAdd(step.Id, one.Message);
            }
        }

        if (form.Language is { } language && !LanguageTag.IsWellFormed(language))
        {
            found[SubmissionSteps.Language] = Known($"\"{language}\" is not a language tag");
        }

        wrong = found;
    }

    // Of a map several steps may fill a part each; what names none of them is the first one's.
    private static SubmissionStep? StepOf(string path)
    {
        string at = path.Split('[')[0];
        string field = at.Split('.')[0];
        return SubmissionSteps.All.FirstOrDefault(s => s.Id == at)
            ?? SubmissionSteps.All.FirstOrDefault(
                s => at == "harm_quantity.currency" ? s.Kind == StepKind.Money : s.Id.Split('.')[0] == field);
    }

    // True where a field holds what the node would refuse; says so.
    private bool SaysWrong(SubmissionStep? step)
    {
        if (step is null || !wrong.TryGetValue(step.Id, out string? what))
        {
            return false;
        }

        Desk.Say($"! {step.Label} ({step.Help}): {SafeText.Show(what)}", Ink.Warn);
        return true;
    }

    private bool IsComplete()
    {
        if (Here is EvidenceField evidence && !evidence.Settle())
        {
            Desk.Say(NoLink, Ink.Warn);
            return false;
        }

        Look();
        if (Answered < Needed.Length)
        {
            string missing = string.Join(
                ", ", Needed.Where(s => !form.Answered(s)).Select(s => s.Label));
            Desk.Say(T($"needed too: {missing}"), Ink.Warn);
            return false;
        }

        if (Asked.ToList().FindIndex(f => wrong.ContainsKey(f.Step.Id)) is >= 0 and var first)
        {
            (at, atEnd, asksAll, filled) = (first, false, false, true);
            SaysWrong(Asked[first].Step);
            return false;
        }

        if (Tlp != "CLEAR")
        {
            Touch();
            Desk.Say(
                T($"TLP:{Tlp} stays a draft until sealing works; ctrl-t CLEAR is for everyone"), Ink.Warn);
            return false;
        }

        return true;
    }

    private void Send()
    {
        if (!IsComplete())
        {
            return;
        }

        IReadOnlyList<string> sure = PrivateData.ToBeSureOf(Request().Body);
        bool ask = sure.Count > 0;
        string label = ask ? T($"private data? type {PrivateData.Sure}")
            : form.Anonymous ? T("enter signs it within 6 h, for everyone to read")
            : T("enter signs it, for everyone to read");
        Desk.Ask(new Dialog(T("Send this report"), [new(label, [])], answers =>
        {
            if (ask && answers[0] != PrivateData.Sure)
            {
                Desk.Say(T($"not sent: \"{PrivateData.Sure}\" was not typed"), Ink.Warn);
                return;
            }

            Desk.Answered();
            Save();
            Done(null);
            Desk.Pop();
            Desk.Outbox.Hold(
                T("new report"), Request() with { Accept = sure }, () => Desk.Push(this), Discard);
        })
        {
            Stays = true,
            Shown = Summary,
        });
    }

    // Who will read it, when it goes, what was taken out of it, and each thing that is private still.
    private IReadOnlyList<IReadOnlyList<Span>> Summary(int width)
    {
        SubmitRequest request = Request();
        int removed = Regex.Count(request.Body.GetRawText(), Regex.Escape(PrivateData.Removed));
        LineBuilder lines = new(width);
        lines.Text(SafeText.Show(form.Title), Style.Strong);
        lines.Text("", Style.Plain);
        Fact(lines, T("Readers"), TlpWords.Of(Tlp));
        Fact(lines, T("Goes"), form.Anonymous
            ? T("within 6 h, at a time that nobody knows, with the day alone and files without their names")
            : T($"{Words.Ago(Desk.HoldTime.TotalSeconds)} after enter; until then u takes it back"));
        int links = form.Evidence.Count(e => cut.Contains((string?)e["url"] ?? ""));
        string[] taken =
        [
            .. removed == 0 ? [] : new[] { Plural(
                removed, $"{removed} place, now {PrivateData.Removed}",
                $"{removed} places, now {PrivateData.Removed}") },
            .. links == 0 ? [] : new[] { Plural(
                links, $"what lets people in, of {links} link", $"what lets people in, of {links} links") },
        ];
        if (taken.Length > 0)
        {
            Fact(lines, T("Taken out"), string.Join("; ", taken));
        }

        lines.Text("", Style.Plain);
        PrivateLines.Add(lines, request.Body, field => StepOf(field)?.Label ?? field);
        return lines.Lines;
    }

    private static void Fact(LineBuilder lines, string label, string text) =>
        lines.Item("  " + label, Style.Heading, text, LabelLeast);
}
