using System.Globalization;
using System.Text.Json;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>Whether what is being told is known already: asked as soon as there is a title, so that nobody
/// answers the rest in vain. <c>specs/submission.md</c>, "Similar reports".</summary>
internal sealed class SimilarQuestion(Session session, KeptDraft kept)
{
    private static readonly string[] Bases = ["first-hand", "document", "replication"];

    /// <summary>Reports that the new one is linked with.</summary>
    public IReadOnlyList<string> SameAs { get; private set; } = [];

    /// <summary>Whether the new one is not told: another was corroborated, or it was discarded.</summary>
    public bool Over { get; private set; }

    /// <summary>Shows what is alike, with its likelihood and why, and asks what to do.</summary>
    public async Task AskAsync(DraftContent draft, CancellationToken stop)
    {
        IReadOnlyList<SimilarView> found;
        await using (INodeApi node = await session.ConnectAsync(stop))
        {
            found = (await node.SimilarAsync(
                new SubmitRequest { Type = draft.Type, Lang = draft.Lang, Body = draft.Body }, stop)).Items;
        }

        if (found.Count == 0)
        {
            return;
        }

        session.Err.WriteLine(Plural(
            found.Count, $"{found.Count} report may tell of the same event",
            $"{found.Count} reports may tell of the same event"));
        Submitted.Similar(session, found, numbered: true);
        session.Err.WriteLine(T("An empty line goes on; \"l 1\" goes on and links mine with 1: same event"));
        session.Err.WriteLine(T("\"c 1\" corroborates 1 instead, mine stays a draft; \"d\" discards mine"));
        (char what, SimilarView? which) = Choose(found);
        switch (what)
        {
            case 'l':
                SameAs = [which!.Id];
                break;
            case 'c':
                Over = true;
                await CorroborateAsync(draft with { Tlp = "CLEAR" }, which!.Id, stop);
                break;
            case 'd':
                Over = true;
                await using (INodeApi node = await session.ConnectAsync(stop))
                {
                    await kept.DropAsync(node);
                }

                session.Err.WriteLine(T("nothing was stored"));
                break;
        }
    }

    private static (char What, SimilarView? Which) Choose(IReadOnlyList<SimilarView> found)
    {
        while (true)
        {
            string given = (Terminal.Ask("> ") ?? "").Replace(" ", "", StringComparison.Ordinal);
            if (given is "" or "d")
            {
                return (given.Length == 0 ? '\0' : 'd', null);
            }

            string number = given.Trim('l', 'c');
            char what = given.Contains('l', StringComparison.Ordinal) ? 'l' : 'c';
            if (given.Length == number.Length + 1 && int.TryParse(
                number, NumberStyles.None, CultureInfo.InvariantCulture, out int at)
                && at >= 1 && at <= found.Count)
            {
                if (what == 'l' || found[at - 1].Report?.Author.Standing != "own")
                {
                    return (what, found[at - 1]);
                }

                Console.Error.WriteLine(
                    "  " + T("others say what they know of it; l links what you wrote with it"));
                continue;
            }

            Console.Error.WriteLine(T($"  l or c and a number from 1 to {found.Count}, d, or an empty line"));
        }
    }

    // What was written stays as a draft; the answer names its hash.
    private async Task CorroborateAsync(DraftContent draft, string id, CancellationToken stop)
    {
        string basis = "";
        for (int i = 0; i < Bases.Length; i++)
        {
            Console.Error.WriteLine($"  {i + 1} {Bases[i]}");
        }

        while (basis.Length == 0
            && (Terminal.Ask(T("basis, a number, or an empty line: ")) ?? "").Trim() is { Length: > 0 } given)
        {
            basis = given is ['1' or '2' or '3'] ? Bases[given[0] - '1']
                : Bases.FirstOrDefault(b => b == given, "");
        }

        string reason = (Terminal.Ask(T("reason, may be empty: ")) ?? "").Trim();
        SubmissionForm form = SubmissionForm.Of(draft.Body);
        SubmitRequest answer = Corroborating.Instead(
            id, form.Told.Length > 0 ? form.Told : form.Title, basis, reason);

        // Kept first: what was written is not lost where the answer is refused.
        await SubmitCommand.KeepAsync(session, draft, kept, stop);
        PrivateGate.Check(session, new DraftContent { Type = answer.Type, Body = answer.Body }, []);
        answer = answer with { Accept = PrivateData.ToBeSureOf(answer.Body) };
        await using INodeApi node = await session.ConnectAsync(stop);
        Submitted.Print(session, await node.SubmitAsync(answer, stop), node.Running);
    }
}
