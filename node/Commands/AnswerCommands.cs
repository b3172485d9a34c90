using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>attest</c>, <c>link</c> and <c>retract</c>: short signed records about other
/// records.</summary>
internal static class AnswerCommands
{
    public static Command Attest()
    {
        Argument<string> id = new("id") { Description = T("the report") };
        string[] verdicts = ["corroborate", "dispute", "cannot-confirm", "resolved"];
        Option<bool>[] flags = [.. verdicts.Select(v => Cli.Flag("--" + v, T($"your verdict: {v}")))];
        Option<string?> basis = Cli.Text("--basis", "B", T("first-hand, document or replication"));
        Option<string?> reason = Cli.Text("--reason", "TEXT", T("why"));
        Option<string[]> evidence = Cli.List("--evidence", "PATH|URL,..", T("what supports it"));
        Option<string[]> accept = PrivateGate.Accept();
        Command command = new("attest", T("sign what you know of another's report"))
        {
            id, basis, reason, evidence, accept,
        };
        foreach (Option<bool> flag in flags)
        {
            command.Options.Add(flag);
        }

        return command.Does(
            async (session, parse, stop) =>
            {
                JsonObject body = new() { ["verdict"] = One(parse, flags) };
                Put(body, "basis", parse.GetValue(basis));
                Put(body, "reason", await parse.ValueAsync(reason, stop));
                JsonArray list = [];
                foreach (string reference in parse.GetValue(evidence) ?? [])
                {
                    list.Add(await EvidenceFiles.TakeAsync(reference, stop));
                }

                if (list.Count > 0)
                {
                    body["evidence"] = list;
                }

                SubmitRequest request = Request("attestation", body, "attests", [parse.GetValue(id)!]);
                return await SendAsync(session, request, parse.GetValue(accept)!, stop);
            },
            "incidentmesh attest 7q3kx2m4 --corroborate --basis=document --reason='court file 12/26'");
    }

    public static Command Link()
    {
        Argument<string[]> ids =
            new("id") { Description = T("the two reports"), Arity = new ArgumentArity(0, 2) };
        (string Flag, string Kind)[] kinds =
        [
            ("--same", "same-event"), ("--different", "not-same-event"),
            ("--duplicate", "duplicate"), ("--related", "related"),
        ];
        Option<bool>[] flags = [.. kinds.Select(k => Cli.Flag(k.Flag, T($"claim: {k.Kind}")))];
        Option<string?> reason = Cli.Text("--reason", "TEXT", T("why"));
        Option<string[]> accept = PrivateGate.Accept();
        Option<string?> pairs = Cli.Text(
            "--pairs", "FILE",
            T("pairs of ids, one pair a line, - for standard input: the same claim of each"));
        Command command = new("link", T("sign whether two reports tell of the same event"))
        {
            ids, pairs, reason, accept,
        };
        foreach (Option<bool> flag in flags)
        {
            command.Options.Add(flag);
        }

        return command.Does(
            async (session, parse, stop) =>
            {
                string[] two = parse.GetValue(ids)!;
                string[][] all = parse.GetValue(pairs) is { } file && two.Length == 0
                    ? await PairsAsync(file, stop) : [two];
                if (all is [{ Length: not 2 }])
                {
                    throw ApiException.Usage(T("a link is of two reports"), "incidentmesh link --help");
                }

                string chosen = "--" + One(parse, flags);
                JsonObject body = new() { ["kind"] = kinds.First(k => k.Flag == chosen).Kind };
                Put(body, "reason", await parse.ValueAsync(reason, stop));
                return await SendAllAsync(
                    session, [.. all.Select(pair => Request("link", body, "links", pair))],
                    parse.GetValue(accept)!, stop);
            },
            "incidentmesh link 7q3kx2m4 k2m7w5ra --same --reason='same docket number'",
            "incidentmesh link --same --pairs=pairs.txt");
    }

    private static async Task<string[][]> PairsAsync(string file, CancellationToken stop)
    {
        string[][] pairs = [.. (await Files.ReadTextAsync(file, stop)).Split('\n')
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(ids => ids.Length > 0)];
        string[]? wrong = pairs.FirstOrDefault(ids => ids.Length != 2);
        return wrong is null && pairs.Length > 0 ? pairs
            : throw ApiException.Usage(
                wrong is null ? T($"{file} is empty") : T($"\"{string.Join(' ', wrong)}\" is not two ids"));
    }

    // One that cannot be signed does not keep the others back.
    private static async Task<int> SendAllAsync(
        Session session, SubmitRequest[] requests, string[] accept, CancellationToken stop)
    {
        await using INodeApi node = await session.ConnectAsync(stop);
        int failed = 0;
        foreach (SubmitRequest request in requests)
        {
            try
            {
                await SendAsync(session, node, request, accept, stop);
            }
            catch (ApiException e) when (
                requests.Length > 1 && e.Error.Exit is ExitCode.Usage or ExitCode.NotFound)
            {
                failed++;
                session.Err.WriteLine($"error: {Known(e.Message)}");
            }
        }

        return failed == 0 ? ExitCode.Done : failed == requests.Length ? ExitCode.NotFound : ExitCode.Partly;
    }

    public static Command Retract()
    {
        Argument<string> id = new("id") { Description = T("one of your own reports") };
        Option<string?> reason = Cli.Text("--reason", "TEXT", T("why"));
        Option<string[]> accept = PrivateGate.Accept();
        Command command = new(
            "retract", T("take back a report of your own; it stays readable as retracted"))
        {
            id, reason, accept,
        };
        return command.Does(
            async (session, parse, stop) =>
            {
                JsonObject body = [];
                Put(body, "reason", await parse.ValueAsync(reason, stop));
                SubmitRequest request = Request("retraction", body, "retracts", [parse.GetValue(id)!]);
                return await SendAsync(session, request, parse.GetValue(accept)!, stop);
            },
            "incidentmesh retract 7q3kx2m4 --reason='the source withdrew it'");
    }

    public static Command Correct()
    {
        ReportFlags flags = new();
        Argument<string> id = new("id") { Description = T("one of your own reports") };
        Argument<string?> file = new("file")
        {
            Description = T("the whole new body as JSON, or plain text as for submit; - is standard input"),
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> reason = Cli.Text("--reason", "TEXT", T("why"));
        Option<string[]> accept = PrivateGate.Accept();
        Command command = new("correct", T("sign a new version of a report of your own"))
        {
            id, file, reason, accept,
        };
        foreach (Option option in flags.All)
        {
            command.Options.Add(option);
        }

        return command.Does(
            async (session, parse, stop) =>
            {
                await using INodeApi node = await session.ConnectAsync(stop);
                ReportView old = await CurrentAsync(session, node, parse.GetValue(id)!, stop);
                JsonObject before = JsonNode.Parse(old.Body?.GetRawText() ?? "{}")!.AsObject();
                before = before["content"]?.DeepClone().AsObject() ?? before;
                before.Remove("salt");
                JsonObject content = parse.GetValue(file) is { } name
                    ? await ReportFlags.ReadAsync(name, stop) : before.DeepClone().AsObject();
                content.Remove("salt");
                await flags.FillAsync(content, old.Report.Type, parse, stop);
                if (JsonNode.DeepEquals(before, content))
                {
                    throw ApiException.Usage(
                        T("nothing is corrected"), T("give a file, a flag or --set FIELD=V"));
                }

                JsonObject body = new() { ["corrects"] = old.Report.Type, ["content"] = content };
                Put(body, "reason", await parse.ValueAsync(reason, stop));
                SubmitRequest request = Request("correction", body, "supersedes", [old.Report.Id]);
                return await SendAsync(
                    session, node, request with { Lang = old.Report.Lang }, parse.GetValue(accept)!, stop);
            },
            "incidentmesh correct 7q3kx2m4 --severity=serious-incident --reason='the court has ruled'");
    }

    // Who has the id that was printed first corrects what it has become.
    private static async Task<ReportView> CurrentAsync(
        Session session, INodeApi node, string id, CancellationToken stop)
    {
        ReportView named = await node.ShowAsync(id, raw: false, stop);
        if (named.History.FirstOrDefault(v => v.Current) is not { } current || current.Id == named.Report.Id)
        {
            return named;
        }

        ReportView now = await node.ShowAsync(current.Id, raw: false, stop);
        if (!session.Quiet)
        {
            session.Err.WriteLine(T($"{named.Report.Short} was corrected: this corrects {now.Report.Short}"));
        }

        return now;
    }

    private static async Task<int> SendAsync(
        Session session, SubmitRequest request, string[] accept, CancellationToken stop)
    {
        await using INodeApi node = await session.ConnectAsync(stop);
        return await SendAsync(session, node, request, accept, stop);
    }

    // Everyone reads it as they read the report.
    private static async Task<int> SendAsync(
        Session session, INodeApi node, SubmitRequest request, string[] accept, CancellationToken stop)
    {
        IReadOnlyList<string> warnings = PrivateGate.Check(
            session, new DraftContent { Type = request.Type, Body = request.Body }, accept);
        SubmitView done = await node.SubmitAsync(
            request with { Accept = PrivateData.ToBeSureOf(request.Body) }, stop);
        Submitted.Print(session, done, node.Running, warnings);
        return ExitCode.Done;
    }

    private static SubmitRequest Request(string type, JsonObject body, string how, string[] ids) => new()
    {
        Type = type,
        Body = JsonSerializer.SerializeToElement(body),
        Relations = [.. ids.Select(id => new RelationRequest(how, id))],
    };

    private static string One(ParseResult parse, Option<bool>[] flags)
    {
        string[] given = [.. flags.Where(parse.GetValue).Select(f => f.Name.TrimStart('-'))];
        return given.Length == 1
            ? given[0]
            : throw ApiException.Usage(T($"give one of {string.Join(", ", flags.Select(f => f.Name))}"));
    }

    private static void Put(JsonObject body, string name, string? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }
    }
}
