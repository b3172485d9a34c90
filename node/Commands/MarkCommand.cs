using System.CommandLine;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>mark ID..</c>: marks of this node alone.</summary>
internal static class MarkCommand
{
    public static Command Build()
    {
        Argument<string[]> ids = new("id") { Description = T("records"), Arity = ArgumentArity.OneOrMore };
        Option<bool> read = Cli.Flag("--read", T("read"));
        Option<bool> unread = Cli.Flag("--unread", T("not read"));
        Option<bool> bookmark = Cli.Flag("--bookmark", T("bookmarked"));
        Option<bool> plain = Cli.Flag("--no-bookmark", T("no longer bookmarked"));
        Option<string?> note = Cli.Text("--note", "TEXT", T("a private note; empty takes it back"));
        Command command = new("mark", T("mark records as read or bookmarked, or note something; never sent"))
        {
            ids, read, unread, bookmark, plain, note,
        };
        return command.Does(
            async (session, parse, stop) =>
            {
                MarkRequest request = new(
                    parse.GetValue(ids)!, Either(parse, read, unread), Either(parse, bookmark, plain),
                    await parse.ValueAsync(note, stop));
                if (request is { Read: null, Bookmarked: null, Note: null })
                {
                    throw ApiException.Usage(
                        T("no mark is given"),
                            T("--read, --unread, --bookmark, --no-bookmark or --note=TEXT"));
                }

                await using INodeApi node = await session.ConnectAsync(stop);
                MarkListView view = await node.MarkAsync(request, stop);
                if (session.Json || session.JsonLines)
                {
                    session.Print(view, ApiJson.Default.MarkListView);
                }
                else if (!session.Quiet)
                {
                    session.Out.WriteLine(T($"{view.Items.Count:N0} marked"));
                }

                return ExitCode.Done;
            },
            "incidentmesh mark 7q3kx2m4 --read --bookmark",
            "incidentmesh mark 7q3kx2m4 --note='ask the court for the file'",
            "incidentmesh search is:unread -q | xargs incidentmesh mark --read");
    }

    private static bool? Either(ParseResult parse, Option<bool> yes, Option<bool> no) =>
        (parse.GetValue(yes), parse.GetValue(no)) switch
        {
            (true, true) => throw ApiException.Usage(T($"{yes.Name} and {no.Name} exclude each other")),
            (true, _) => true,
            (_, true) => false,
            _ => null,
        };
}
