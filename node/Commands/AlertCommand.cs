using System.CommandLine;
using System.Globalization;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>alert add|list|seen|remove</c>: saved queries, and those that tell of new hits.</summary>
internal static class AlertCommand
{
    public static Command Build()
    {
        Argument<string> name = new("name") { Description = T("letters, digits, - and _") };
        Argument<string[]> query = new("query")
        {
            Description = T("words, phrases and field:value (MQL)"), Arity = ArgumentArity.OneOrMore,
        };
        Command add = new("add", T("save a query and tell of its new hits")) { name, query };
        add.Does(
            (session, parse, stop) => ChangeAsync(session, new SavedRequest(
                "save", parse.GetValue(name)!, string.Join(' ', parse.GetValue(query) ?? []), Alert: true),
                stop),
            "incidentmesh alert add morning 'country:DE severity>=serious'");
        Command command = new("alert", T("saved queries that tell of new hits"))
        {
            add,
            new Command("list", T("all saved queries and their new hits")).Does(
                (session, _, stop) => ChangeAsync(session, null, stop), "incidentmesh alert list --json"),
            Named("seen", "seen", T("the new hits of a query were looked at")),
            Named("remove", "drop", T("forget a saved query")),
        };
        return command.Does(
            (session, _, stop) => ChangeAsync(session, null, stop),
            "incidentmesh alert",
            "incidentmesh alert add morning 'country:DE severity>=serious'",
            "incidentmesh search saved:morning",
            "incidentmesh watch saved:morning --bell");
    }

    private static Command Named(string action, string request, string help)
    {
        Argument<string> name = new("name") { Description = T("the saved query") };
        Command command = new(action, help) { name };
        return command.Does(
            (session, parse, stop) => ChangeAsync(
                session, new SavedRequest(request, parse.GetValue(name)!), stop),
            $"incidentmesh alert {action} morning");
    }

    /// <summary>Saves a query, and says which one it takes the place of.</summary>
    public static async Task<SavedListView> SaveAsync(
        Session session, INodeApi node, SavedRequest change, CancellationToken stop)
    {
        SavedSearch? before =
            (await node.SearchesAsync(null, stop)).Items.FirstOrDefault(s => s.Name == change.Name);
        SavedListView view = await node.SearchesAsync(change, stop);
        string? now = view.Items.FirstOrDefault(s => s.Name == change.Name)?.Query;
        if (before is not null && before.Query != now && !session.Quiet)
        {
            session.Err.WriteLine(T($"{change.Name} was: {SafeText.Show(before.Query)}"));
        }

        return view;
    }

    private static async Task<int> ChangeAsync(
        Session session, SavedRequest? change, CancellationToken stop)
    {
        await using INodeApi node = await session.ConnectAsync(stop);
        SavedListView view = change?.Action == "save" ? await SaveAsync(session, node, change, stop)
            : await node.SearchesAsync(change, stop);
        if (session.Json || session.JsonLines)
        {
            session.Print(view, ApiJson.Default.SavedListView);
            return ExitCode.Done;
        }

        if (view.Items.Count == 0)
        {
            session.Err.WriteLine(T("no saved queries"));
            session.Err.WriteLine(
                "hint: " + T("incidentmesh alert add NAME QUERY, or search QUERY --save=NAME"));
            return ExitCode.Done;
        }

        string[][] rows = [.. view.Items.Select(s => new[]
        {
            s.Name,
            s.Alert ? s.Unseen.ToString("N0", CultureInfo.InvariantCulture) : "-",
            s.Query,
        })];
        session.Terminal.Table(session.Out, [T("NAME"), T("NEW"), T("QUERY")], rows);
        return ExitCode.Done;
    }
}
