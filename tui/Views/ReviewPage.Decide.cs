using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <content>What keys do to records, pairs and authors.</content>
internal sealed partial class ReviewPage
{
    private string? RunOnRecord(Verb verb, QuarantineItem item)
    {
        switch (verb)
        {
            case Verb.Accept or Verb.Drop:
                string[] ids = Marked.Count > 0 ? [.. Marked] : [item.Report.Id];
                Decide(verb == Verb.Accept ? "accept" : "drop", ids);
                return null;
            case Verb.Open:
                var detail = new DetailPage(Desk, null);
                detail.Show(item.Report);
                Desk.Push(detail);
                return null;
            default:
                return NotHere;
        }
    }

    private string? RunOnPair(Verb verb, ProposedPairView pair)
    {
        switch (verb)
        {
            case Verb.Open or Verb.Pair or Verb.Reason:
                Desk.Push(new PairPage(Desk, pair.A, pair.B, pair.Probability, pair.Reasons, CannotTell));
                return null;
            case Verb.Same or Verb.Different:
                long act = Desk.Act();
                foreach (ProposedPairView one in Chosen())
                {
                    ReportActions.Judge(
                        Desk, one.A, one.B, verb == Verb.Same ? "same-event" : "not-same-event", "",
                        act: act);
                }

                Marked.Clear();
                cursor.Move(Verb.Down);
                return null;
            case Verb.CannotTell:
                Decide("cannot-tell", Chosen());
                return null;
            default:
                return NotHere;
        }

        void CannotTell() => Decide("cannot-tell", [pair]);

        ProposedPairView[] Chosen() => Marked.Count == 0 ? [pair]
            : [.. review!.Duplicates.Where(p => Marked.Contains(IdOf(p)))];
    }

    private string? RunOnAuthor(Verb verb, WaitingAuthor author)
    {
        switch (verb)
        {
            case Verb.Open:
                Desk.Push(new ReportsPage(Desk, $"author:{author.Author.Id} state:quarantined"));
                return null;
            case Verb.Accept or Verb.Drop:
                string[] ids = [.. review!.Quarantine
                    .Where(q => q.Report.Author.Id == author.Author.Id).Select(q => q.Report.Id)];
                Decide(verb == Verb.Accept ? "accept" : "drop", ids);
                return null;
            default:
                return NotHere;
        }
    }

    private void Decide(string action, IReadOnlyList<string> ids)
    {
        long act = Desk.Act();
        Desk.Courier.Ask(
            (node, stop) => node.DecideAsync(new ReviewRequest(action, ids), stop),
            answer =>
            {
                int n = answer.Done.Count;
                string done = action switch
                {
                    "accept" => Plural(n, $"{n:N0} record accepted", $"{n:N0} records accepted"),
                    "drop" => Plural(n, $"{n:N0} record dropped", $"{n:N0} records dropped"),
                    _ => Plural(n, $"{n:N0} record is waiting again",
                        $"{n:N0} records are waiting again"),
                };
                string[] back = [.. answer.Done];
                Decided(done, n > 0 && action != "undo" ? () => Decide("undo", back) : null, act,
                    answer.Failed.Count, answer.Failed is [var first, ..] ? Known(first.Why) : "");
            },
            Desk.Failed);
    }

    // Each pair is a question of its own to the node; those of one key are one answer and one undo.
    private void Decide(string action, IReadOnlyList<ProposedPairView> pairs)
    {
        long act = Desk.Act();
        List<ProposedPairView> done = [];
        int waiting = pairs.Count;
        string why = "";
        void Answered()
        {
            waiting--;
            if (waiting > 0 || done.Count == 0)
            {
                return;
            }

            int n = done.Count;
            Decided(
                action == "cannot-tell"
                    ? Plural(n, $"{n:N0} pair is left open", $"{n:N0} pairs are left open")
                    : Plural(n, $"{n:N0} pair is waiting again", $"{n:N0} pairs are waiting again"),
                action == "cannot-tell" ? () => Decide("ask-again", done) : null, act, pairs.Count - n, why);
        }

        foreach (ProposedPairView pair in pairs)
        {
            Desk.Courier.Ask(
                (node, stop) => node.DecideAsync(new ReviewRequest(action, [pair.A.Id, pair.B.Id]), stop),
                _ =>
                {
                    done.Add(pair);
                    Answered();
                },
                failure =>
                {
                    why = failure.Message;
                    Desk.Failed(failure);
                    Answered();
                });
        }
    }

    private void Decided(string done, Action? back, long act, int failed, string why)
    {
        Marked.Clear();
        if (back is not null)
        {
            Desk.Undoable(done, back, act);
        }

        Desk.Say(
            done + (failed > 0 ? "; " + T($"{failed} not: {SafeText.Show(why)}") : "")
                + (back is not null ? $"   {Words.Undo}" : ""),
            failed > 0 && back is null ? Ink.Warn : Ink.Plain);
        Refresh();
    }

    private void Stand(AuthorView author, string action) => Desk.Courier.Ask(
        (node, stop) => node.TrustAsync(new TrustRequest(action, author.Id, null), stop),
        _ =>
        {
            string done = action == "add" ? T($"{Words.Name(author)} is trusted")
                : Words.Denied(author);
            Desk.Undoable(done, () => Desk.Courier.Ask(
                (node, stop) => node.TrustAsync(new TrustRequest("remove", author.Id, null), stop),
                _ =>
                {
                    if (action == "deny")
                    {
                        Desk.Say(Words.NoLongerDenied(author));
                    }

                    Refresh();
                },
                Desk.Failed));
            Desk.Say($"{done}   {Words.Undo}");
            Refresh();
        },
        Desk.Failed);
}
