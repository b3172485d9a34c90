using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using IncidentMesh.Editing;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>draft list|show N|edit N|send N|rm N|wipe</c>.</summary>
internal static class DraftCommand
{
    public static Command Build()
    {
        Command command = new("draft", T("reports that are being written, sealed on this machine"))
        {
            new Command("list", T("list the drafts")).Does(ListAsync, "incidentmesh draft list --json"),
            Numbered("show", T("show a draft"), ShowAsync),
            Numbered("edit", T("edit a draft in $VISUAL or $EDITOR"), EditAsync),
            Sending(),
            Numbered("rm", T("overwrite and remove a draft"), RemoveAsync),
            new Command("wipe", T("overwrite and remove all drafts, and the key that opens them")).Does(
                WipeAsync, "incidentmesh draft wipe --yes"),
        };
        return command.Does(
            ListAsync,
            "incidentmesh submit --draft --title='Chatbot gives wrong deadline'",
            "incidentmesh draft show 1",
            "incidentmesh draft send 1");
    }

    /// <summary>Saves a draft; the key that it is sealed to is made where there is none.</summary>
    /// <returns>Its number.</returns>
    public static async Task<int> SaveAsync(
        Session session, INodeApi node, int? number, DraftContent draft, CancellationToken stop)
    {
        if (!(await node.DraftsAsync(null, stop)).HasKey)
        {
            await UnlockAsync(session, node, stop);
        }

        return (await node.DraftsAsync(new DraftRequest("save", number, draft), stop)).Number!.Value;
    }

    private static Command Numbered(
        string action, string help, Func<Session, INodeApi, int, CancellationToken, Task<int>> does)
    {
        Argument<int> number = new("number") { Description = T("the draft, as list numbers it") };
        Command command = new(action, help) { number };
        return command.Does(
            async (session, parse, stop) =>
            {
                await using INodeApi node = await session.ConnectAsync(stop);
                return await does(session, node, parse.GetValue(number), stop);
            },
            $"incidentmesh draft {action} 1");
    }

    private static Command Sending()
    {
        Option<string[]> accept = PrivateGate.Accept();
        Option<string?> tlp = Cli.Text("--tlp", T("LABEL"), T("CLEAR; the others come later"));
        Argument<int> number = new("number") { Description = T("the draft, as list numbers it") };
        Command command = new("send", T("sign and store a draft; it is a draft no longer"))
        {
            number, accept, tlp,
        };
        return command.Does(
            async (session, parse, stop) =>
            {
                await using INodeApi node = await session.ConnectAsync(stop);
                return await SendAsync(
                    session, node, parse.GetValue(number), parse.GetValue(tlp), parse.GetValue(accept)!,
                    stop);
            },
            "incidentmesh draft send 1");
    }

    private static async Task<int> ListAsync(Session session, ParseResult parse, CancellationToken stop)
    {
        await using INodeApi node = await session.ConnectAsync(stop);
        DraftListView view = await node.DraftsAsync(null, stop);
        if (view is { HasKey: true, Unlocked: false }
            && view.Items.Any(d => d.Title is null)
            && await new Passphrase(session).FindAsync(stop) is not null)
        {
            await UnlockAsync(session, node, stop);
            view = await node.DraftsAsync(null, stop);
        }

        if (session.Json || session.JsonLines)
        {
            session.Print(view, ApiJson.Default.DraftListView);
            return ExitCode.Done;
        }

        if (view.Items.Count == 0)
        {
            session.Err.WriteLine(T("no drafts"));
            session.Err.WriteLine("hint: " + T("incidentmesh submit --draft keeps one"));
            return ExitCode.Done;
        }

        string[][] rows = [.. view.Items.Select(d => new[]
        {
            d.Number.ToString(CultureInfo.InvariantCulture),
            d.Saved.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            d.Held is { } due ? AnonymousSource.State(due, DateTimeOffset.UtcNow) : T("draft"),
            d.Title ?? T("(sealed)"),
        })];
        session.Terminal.Table(session.Out, [T("NO"), T("SAVED"), T("STATE"), T("TITLE")], rows);
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(
        Session session, INodeApi node, int number, CancellationToken stop)
    {
        DraftView view = await LoadAsync(session, node, number, stop);
        if (session.Json || session.JsonLines)
        {
            session.Print(view, ApiJson.Default.DraftView);
            return ExitCode.Done;
        }

        DraftContent draft = view.Draft;
        string[] facts =
        [
            draft.Type, draft.Lang ?? "", draft.Tlp is null ? "" : "TLP:" + draft.Tlp,
            view.Held is { } due ? AnonymousSource.State(due, DateTimeOffset.UtcNow) : "",
        ];
        session.Out.WriteLine(
            T($"draft {number}") + "  " + SafeText.Show(string.Join("  ", facts.Where(f => f.Length > 0))));
        session.Out.WriteLine(ReadableJson.Of(draft.Body));
        return ExitCode.Done;
    }

    private static async Task<int> EditAsync(
        Session session, INodeApi node, int number, CancellationToken stop)
    {
        DraftView view = await LoadAsync(session, node, number, stop);
        string command = TextEditor.Command(Session.Variable)
            ?? throw ApiException.Usage(T("no editor is set"), "EDITOR=nano incidentmesh draft edit N");
        byte[] text = Encoding.UTF8.GetBytes(ReadableJson.Of(view.Draft.Body));
        using TextEditor editor = new(command, text, ".json", Session.Variable);
        JsonElement body = await EditedAsync(session, editor, stop);
        await SaveAsync(session, node, number, view.Draft with { Body = body }, stop);
        session.Out.WriteLine(T($"draft {number} is saved"));
        return ExitCode.Done;
    }

    // What cannot be read comes back into the editor, where there is a person: it would be lost.
    private static async Task<JsonElement> EditedAsync(
        Session session, TextEditor editor, CancellationToken stop)
    {
        while (true)
        {
            if (await editor.RunAsync(stop) is not 0 and var exit)
            {
                throw new ApiException(
                    "editor", T($"the editor ended with {exit}: the draft stays as it was"), null,
                    ExitCode.No);
            }

            try
            {
                string text = Files.TextOf(editor.Read(), T("what the editor wrote"));
                using JsonDocument edited = JsonDocument.Parse(text, ReportFlags.OneOfEach);
                return edited.RootElement.ValueKind == JsonValueKind.Object ? edited.RootElement.Clone()
                    : throw ApiException.Usage(T("a body is a JSON object"));
            }
            catch (Exception e) when (Terminal.CanAsk
                && e is JsonException or ApiException { Error.Code: "usage" })
            {
                session.Fail(Failure.Of(e)!);
                Terminal.Ask(T("enter opens the editor again, ctrl-c leaves the draft as it was "));
            }
        }
    }

    // Stored first: a crash in between leaves a draft too many, and sending it again adds nothing.
    private static async Task<int> SendAsync(
        Session session, INodeApi node, int number, string? tlp, string[] accept, CancellationToken stop)
    {
        DraftView view = await LoadAsync(session, node, number, stop);
        if (view.Held is { } due)
        {
            throw ApiException.Usage(
                T($"draft {number} is sent: {AnonymousSource.State(due, DateTimeOffset.UtcNow)}"),
                T($"incidentmesh draft rm {number} stops it, draft edit {number} makes it a draft again"));
        }

        DraftContent draft = view.Draft with { Tlp = SubmitCommand.LabelOf(tlp) ?? view.Draft.Tlp };
        SubmitCommand.RefuseSealed(draft);
        IReadOnlyList<string> warnings = PrivateGate.Check(session, draft, accept);
        SubmitView done = await node.SubmitAsync(
            new SubmitRequest
            {
                Type = draft.Type,
                Lang = draft.Lang,
                Body = draft.Body,
                Relations = draft.Relations,
                SameAs = draft.SameAs,
                Accept = PrivateData.ToBeSureOf(draft.Body),
            },
            stop);
        await node.DraftsAsync(new DraftRequest("remove", number), stop);
        Submitted.Print(session, done, node.Running, warnings);
        return ExitCode.Done;
    }

    private static async Task<int> RemoveAsync(
        Session session, INodeApi node, int number, CancellationToken stop)
    {
        await node.DraftsAsync(new DraftRequest("remove", number), stop);
        session.Out.WriteLine(T($"draft {number} is removed"));
        return ExitCode.Done;
    }

    private static async Task<int> WipeAsync(Session session, ParseResult parse, CancellationToken stop)
    {
        await using INodeApi node = await session.ConnectAsync(stop);
        int count = (await node.DraftsAsync(null, stop)).Items.Count;
        if (!session.Yes)
        {
            string? answer = Terminal.CanAsk
                ? Terminal.Ask(Plural(
                    count, $"Overwrite {count} draft and its key? [y/N] ",
                    $"Overwrite {count} drafts and their key? [y/N] "))
                : throw ApiException.Usage(T("wipe asks first"), T("--yes answers"));
            if (answer?.StartsWith('y') != true && answer?.StartsWith('Y') != true)
            {
                throw new ApiException("stopped", T("nothing was wiped"), null, ExitCode.Interrupted);
            }
        }

        await node.DraftsAsync(new DraftRequest("wipe"), stop);
        session.Out.WriteLine(Plural(
            count, $"wiped {count:N0} draft and the key that opened it",
            $"wiped {count:N0} drafts and the key that opened them"));
        session.Err.WriteLine(
            "warning: " + T("flash storage, snapshots, backups and swap may still hold old bytes"));
        session.Err.WriteLine("hint: " + T("without the key what is left of them cannot be opened"));
        return ExitCode.Done;
    }

    private static async Task<DraftView> LoadAsync(
        Session session, INodeApi node, int number, CancellationToken stop)
    {
        DraftListView drafts = await node.DraftsAsync(null, stop);
        if (!drafts.Unlocked && !drafts.Items.Any(d => d.Number == number && d.Held is not null))
        {
            await UnlockAsync(session, node, stop);
        }

        return await node.DraftAsync(number, stop);
    }

    private static async Task UnlockAsync(Session session, INodeApi node, CancellationToken stop)
    {
        string passphrase = await new Passphrase(session).GetAsync(create: false, stop);
        await node.DraftsAsync(new DraftRequest("unlock", Passphrase: passphrase), stop);
    }
}
