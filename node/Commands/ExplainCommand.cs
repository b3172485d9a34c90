using System.CommandLine;
using System.Globalization;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>explain ID | error CODE | field NAME</c>.</summary>
internal static class ExplainCommand
{
    public static Command Build()
    {
        Argument<string> id = new("id") { Description = T("a record; or error CODE, or field NAME") };
        Option<string?> peer = Cli.Text("--peer", "ADDR", T("does this peer have it?"));
        Option<string?> reader = Cli.Text("--reader", "@N", T("can this author read it?"));
        Argument<string> code = new("code") { Description = T("exit code, or the word of an error") };
        Argument<string?> name = new("name")
        {
            Description = T("a field of the query language; none lists all"),
            Arity = ArgumentArity.ZeroOrOne,
        };
        Command error = new("error", T("what an error or exit code means")) { code };
        Command field = new("field", T("what a field of queries means")) { name };
        Command command = new("explain", T("who can read a record and why it stands as it does"))
        {
            id, peer, reader,
            error.Does(
                (session, parse, _) => Task.FromResult(Error(session, parse.GetValue(code)!)),
                "incidentmesh explain error 4",
                "incidentmesh explain error not-author"),
            field.Does(
                (session, parse, _) => Task.FromResult(Field(session, parse.GetValue(name))),
                "incidentmesh explain field severity"),
        };
        return command.Does(
            async (session, parse, stop) =>
            {
                await using INodeApi node = await session.ConnectAsync(stop);
                ExplainView view = await node.ExplainAsync(
                    parse.GetValue(id)!, parse.GetValue(reader), parse.GetValue(peer), stop);
                Print(session, view);
                return view.Reader?.Answer == "no" || view.Peer?.Answer == "no" ? ExitCode.No : ExitCode.Done;
            },
            "incidentmesh explain 7q3kx2m4 --reader=@bnetza",
            "incidentmesh explain error damaged",
            "incidentmesh explain field due");
    }

    private static void Print(Session session, ExplainView view)
    {
        if (session.Json || session.JsonLines)
        {
            session.Print(view, ApiJson.Default.ExplainView);
            return;
        }

        session.Out.WriteLine(session.Terminal.Bold(SafeText.Show(view.Title)));
        session.Fact(T("readers"), $"TLP:{view.Tlp}: {Known(view.Readers)}");
        session.Fact(T("peers"), Known(view.Relayed));
        string author = SafeText.Show(ReportRows.Author(view.Author));
        session.Fact(T("author"), $"{author}, {view.Author.Standing}: {Known(view.Standing)}");
        session.Fact(T("policy"), $"{view.Disposition}: {Known(view.Rule)}");
        foreach (DecisionView decision in view.Decisions)
        {
            string at = decision.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            string signed = decision.Signed is null ? ""
                : "  " + T($"signed {decision.Signed.Substring(7, 8)}");
            string what = SafeText.Show(Known(decision.What));
            session.Fact(T("decided"), $"{at}  {SafeText.Show(decision.Who)} {what}{signed}");
        }

        foreach (ReaderView asked in new[] { view.Reader, view.Peer }.OfType<ReaderView>())
        {
            session.Fact(asked.Answer, $"{SafeText.Show(asked.Who)}: {Known(asked.Why)}");
        }
    }

    private static int Error(Session session, string code)
    {
        ErrorMeaning meaning = ErrorCodes.Find(code) ?? throw ApiException.NotFound(
            T($"no error \"{code}\""), T("an exit code of 0 to 130, or the word that --json gives as code"));
        if (session.Json || session.JsonLines)
        {
            session.Print(
                new ErrorBody(meaning.Code, meaning.Means, meaning.Hint, meaning.Exit ?? 0),
                ApiJson.Default.ErrorBody);
            return ExitCode.Done;
        }

        string exit = meaning.Exit is { } number ? "  " + T($"exit {number}") : "";
        session.Out.WriteLine($"{meaning.Code}{exit}: {Known(meaning.Means)}");
        if (meaning.Hint is not null)
        {
            session.Out.WriteLine(T($"what to do: {Known(meaning.Hint)}"));
        }

        return ExitCode.Done;
    }

    private static int Field(Session session, string? name)
    {
        if (name is null)
        {
            session.Terminal.Table(
                session.Out, [T("FIELD"), T("EXAMPLE"), T("MEANS")],
                [.. QueryFields.All.Select(f => new[] { f.Name, f.Example, Known(f.Help) })]);
            return ExitCode.Done;
        }

        if (!QueryFields.TryGet(name, out QueryField? field))
        {
            string? near = QueryFields.Nearest(name);
            throw ApiException.NotFound(
                T($"no field \"{name}\""),
                near is null ? "incidentmesh explain field" : T($"did you mean {near}?"));
        }

        session.Out.WriteLine($"{field.Name}: {Known(field.Help)}");
        session.Out.WriteLine(T($"example: {field.Example}"));
        string[] operators = field.Ordered ? [":", ">=", "<=", ">", "<"] : [":"];
        string others = (field.Ranged ? ", a..b" : "") + ", a,b, *";
        session.Out.WriteLine(T($"operators: {string.Join(' ', operators)}{others}"));
        if (field.Values.Count > 0)
        {
            session.Out.WriteLine(T($"values: {string.Join(' ', field.Values)}"));
        }

        return ExitCode.Done;
    }
}
