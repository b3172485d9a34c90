using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Protocol.Records;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>submit [FILE|-]</c>: flags, a file, or questions on a terminal.</summary>
internal static class SubmitCommand
{
    public static Command Build()
    {
        ReportFlags flags = new();
        Argument<string?> file = new("file")
        {
            Description = T("a JSON body, or plain text whose first line is the title; - is standard input"),
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string> type = new("--type")
        {
            Description = T("incident or model-risk"),
            DefaultValueFactory = _ => "incident",
        };
        Option<string?> lang = Cli.Text("--lang", T("TAG"), T("language of the text (BCP 47)"));
        Option<string?> tlp = Cli.Text("--tlp", T("LABEL"), T("CLEAR; the others come later"));
        Option<bool> noSimilar = Cli.Flag("--no-similar", T("do not look for reports of the same event"));
        Option<string?>[] refused = [Cli.Text("--to", T("@N,.."), T("comes later"))];
        Option<string[]> accept = PrivateGate.Accept();
        Option<string?> after = Cli.Text(
            "--after", T("DUR"), T("wait so long (30s, 2h); ctrl-c keeps a draft"));
        Option<bool> draft = Cli.Flag("--draft", T("keep it, sealed, as a draft on this machine"));
        Command command = new("submit", T("sign and store a report; it is on disk when this returns"))
        {
            file, type, lang, tlp, noSimilar, accept, after, draft,
        };
        foreach (Option option in flags.All.Concat(refused))
        {
            command.Options.Add(option);
        }

        return command.Does(
            async (session, parse, stop) =>
            {
                Refuse(parse, refused);
                Plan plan = new(
                    parse.GetValue(draft), !parse.GetValue(noSimilar), Duration(parse.GetValue(after)),
                    parse.GetValue(accept)!);
                string? label = LabelOf(parse.GetValue(tlp));
                RefuseSealed(plan.Draft ? null : label);
                JsonObject body = await ReportFlags.ReadAsync(parse.GetValue(file), stop);
                string? language = parse.GetValue(lang) ?? Take(body, "lang");
                string kind = KindOf(Take(body, "type") ?? parse.GetValue(type)!);
                await flags.FillAsync(body, kind, parse, stop);
                DraftContent given = new()
                {
                    Type = kind, Lang = language, Tlp = label, Body = JsonSerializer.SerializeToElement(body),
                };
                KeptDraft kept = new(session);
                try
                {
                    return await WriteAsync(session, given, plan, kept, stop);
                }
                catch
                {
                    kept.Tell();
                    throw;
                }
            },
            "incidentmesh submit letter.txt --severity=incident --harm=economic",
            "incidentmesh submit --title='Chatbot gives wrong deadline' --text=@letter.txt --lang=en",
            "incidentmesh submit report.json --type=model-risk --json",
            "incidentmesh submit letter.txt --draft --tlp=amber");
    }

    private static string KindOf(string type) => type is "incident" or "model-risk" ? type
        : throw ApiException.Usage(T($"unknown type \"{type}\""), T("incident or model-risk"));

    private static void RefuseUntitled(JsonElement body, bool draft)
    {
        if (!draft && !body.TryGetProperty("title", out _))
        {
            throw ApiException.Usage(
                T("--title is missing"), T("--title=TEXT, or a file whose first line is the title"));
        }
    }

    /// <summary>Until sealing exists, anything below CLEAR stays a draft; and for an anonymous source that is
    /// the label until a person chose another.</summary>
    public static void RefuseSealed(DraftContent draft)
    {
        if (draft.Tlp is null && AnonymousSource.Is(draft.Body))
        {
            throw ApiException.Usage(
                T("--tlp is missing: what an anonymous source told is for few (AMBER) until you choose"),
                T("--tlp=clear lets everyone read it, for ever; submit --draft keeps it on this machine"));
        }

        RefuseSealed(draft.Tlp);
    }

    /// <summary>A label that was given, as records have it.</summary>
    /// <exception cref="ApiException">It is none (2).</exception>
    public static string? LabelOf(string? given) =>
        given is null || Vocabulary.Get("tlp").Contains(given.ToLowerInvariant()) ? given?.ToUpperInvariant()
        : throw ApiException.Usage(T($"unknown label \"{given}\""),
            string.Join(", ", Vocabulary.Get("tlp").Entries.Select(e => e.Value.ToUpperInvariant())));

    private static void RefuseSealed(string? tlp)
    {
        if (tlp is not null && !tlp.Equals("CLEAR", StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiException(
                "not-yet", T($"sealing to TLP:{tlp.ToUpperInvariant()} comes later"),
                T("submit --draft keeps it on this machine until then"), ExitCode.Usage);
        }
    }

    private static TimeSpan Duration(string? text)
    {
        if (text is null)
        {
            return TimeSpan.Zero;
        }

        int seconds = text is [.., var unit] ? unit switch { 's' => 1, 'm' => 60, 'h' => 3_600, _ => 0 } : 0;
        return seconds > 0 && int.TryParse(text[..^1], out int count) && count is > 0 and <= 10_000
            ? TimeSpan.FromSeconds((long)count * seconds)
            : throw ApiException.Usage(T($"\"{text}\" is not a duration"), T("30s, 10m or 2h"));
    }

    private static void Refuse(ParseResult parse, Option<string?>[] refused)
    {
        foreach (Option<string?> option in refused.Where(o => parse.GetValue(o) is not null))
        {
            throw ApiException.Later($"submit {option.Name}");
        }
    }

    // Asked for what it lacks where there is somebody to ask; then a draft, or signed.
    private static async Task<int> WriteAsync(
        Session session, DraftContent written, Plan plan, KeptDraft kept, CancellationToken stop)
    {
        SimilarQuestion similar = new(session, kept);
        bool asked = Terminal.CanAsk && !written.Body.TryGetProperty("title", out _);
        if (asked)
        {
            // Better said before the first answer than after the last.
            await (await session.ConnectAsync(stop)).DisposeAsync();
            written = await Questions.AskAsync(written, plan.Compare ? similar : null, kept, stop);
        }

        if (similar.Over)
        {
            return ExitCode.Done;
        }

        written = written with { Lang = written.Lang ?? SubmissionForm.Of(written.Body).Language };
        if (written.Tlp is null && AnonymousSource.Is(written.Body) && Terminal.CanAsk)
        {
            written = written with { Tlp = Questions.AskLabel(null, anonymous: true) };
        }

        RefuseUntitled(written.Body, plan.Draft);
        if (plan.Draft || written.Tlp is not (null or "CLEAR"))
        {
            PrivateGate.Warn(session, written.Body);
            return await KeepAsync(session, written, kept, stop);
        }

        RefuseSealed(written);
        bool ask = plan.Compare && !asked && Terminal.CanAsk && !session.Yes;
        if (ask)
        {
            await similar.AskAsync(written, stop);
            if (similar.Over)
            {
                return ExitCode.Done;
            }
        }

        IReadOnlyList<string> warnings = PrivateGate.Check(session, written, plan.Accepted);
        if (asked && !session.Yes)
        {
            Questions.Confirm();
        }

        written = written with { SameAs = similar.SameAs };
        return await SendAsync(
            session, written, plan with { Compare = plan.Compare && !asked && !ask }, warnings, kept, stop);
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

    /// <summary>Keeps a report as a draft, and says so.</summary>
    public static async Task<int> KeepAsync(
        Session session, DraftContent draft, KeptDraft kept, CancellationToken stop)
    {
        await using INodeApi node = await session.ConnectAsync(stop);
        int number = await DraftCommand.SaveAsync(session, node, kept.Number, draft, stop);
        kept.Forget();
        if (session.Json || session.JsonLines)
        {
            session.Print(await node.DraftsAsync(null, stop) with { Number = number },
                ApiJson.Default.DraftListView);
        }
        else
        {
            session.Out.WriteLine(
                session.Quiet ? $"{number}" : T($"kept  draft {number}, sealed, on this machine"));
        }

        return ExitCode.Done;
    }

    private static async Task<int> SendAsync(
        Session session, DraftContent draft, Plan plan, IReadOnlyList<string> warnings, KeptDraft kept,
        CancellationToken stop)
    {
        SubmitRequest request = new()
        {
            Type = draft.Type,
            Lang = draft.Lang,
            Body = draft.Body,
            SameAs = draft.SameAs,
            Accept = PrivateData.ToBeSureOf(draft.Body),
        };
        if (plan.Wait > TimeSpan.Zero)
        {
            await WaitAsync(session, draft, plan.Wait, kept, stop);
        }

        await using INodeApi node = await session.ConnectAsync(stop);
        IReadOnlyList<SimilarView> alike =
            plan.Compare ? (await node.SimilarAsync(request, stop)).Items : [];
        if (!session.Json && !session.JsonLines && !session.Quiet)
        {
            Submitted.Similar(session, alike);
        }

        SubmitView done = await node.SubmitAsync(request, stop);
        await kept.DropAsync(node);
        Submitted.Print(session, done with { Similar = alike }, node.Running, warnings);
        return ExitCode.Done;
    }

    // Until it is signed it can be taken back, and must not be lost either.
    private static async Task WaitAsync(
        Session session, DraftContent draft, TimeSpan wait, KeptDraft kept, CancellationToken stop)
    {
        session.Err.WriteLine(
            T($"signed and stored in {wait.TotalSeconds:N0} s; ctrl-c keeps it as a draft"));
        try
        {
            await Task.Delay(wait, stop);
        }
        catch (OperationCanceledException)
        {
            await KeepAsync(session, draft, kept, CancellationToken.None);
            throw;
        }
    }

    /// <param name="Draft">Kept, not signed.</param>
    /// <param name="Compare">Look for what is alike.</param>
    /// <param name="Wait">Before it is signed.</param>
    /// <param name="Accepted">Warnings that are sure.</param>
    private sealed record Plan(bool Draft, bool Compare, TimeSpan Wait, string[] Accepted);
}
