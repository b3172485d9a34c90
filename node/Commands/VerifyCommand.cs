using System.CommandLine;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>verify [ID..|FILE|DIR|--all]</c>.</summary>
internal static class VerifyCommand
{
    public static Command Build()
    {
        Argument<string[]> what =
            new("id") { Description = T("reports, or files or folders of JSON lines that export wrote") };
        Option<bool> all = Cli.Flag("--all", T("every record of this node"));
        Command command =
            new("verify", T("check signatures, hashes, identities and chains, offline")) { what, all };
        return command.Does(
            async (session, parse, stop) =>
            {
                string[] given = parse.GetValue(what) ?? [];
                if (given.Length == 0 && !parse.GetValue(all))
                {
                    throw ApiException.Usage(
                        T("what shall be verified?"),
                        T("incidentmesh verify --all, an id, or a file"));
                }

                string[] folders = [.. given.Where(Directory.Exists)];
                string[] named = [.. given.Except(folders).Where(IsPath).Select(Files.Check)];
                string[] files = [.. named, .. folders.SelectMany(FilesOf)];
                string[] ids = [.. given.Except(named).Except(folders)];
                VerifyView view = new(true, 0, [], []);
                foreach (string file in files)
                {
                    view = Join(view, await FileVerifier.VerifyAsync(file, stop));
                }

                if (ids.Length > 0 || parse.GetValue(all))
                {
                    await using INodeApi node = await session.ConnectAsync(stop);
                    view = Join(view, await node.VerifyAsync(ids, stop));
                }

                Print(session, view);
                if (view.Checked == 0 && view.Failed.Count == 0)
                {
                    throw ApiException.NotFound(
                        T($"nothing to verify in {string.Join(", ", given)}"),
                        T("incidentmesh export writes what can be verified"));
                }

                return view.Ok ? ExitCode.Done : ExitCode.No;
            },
            "incidentmesh verify --all",
            "incidentmesh verify germany.jsonl");
    }

    // No id has a dot or a slash.
    private static bool IsPath(string given) =>
        File.Exists(given) || given.AsSpan().IndexOfAny(['.', '/', '\\']) >= 0;

    private static string[] FilesOf(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files
            : throw ApiException.NotFound(
                T($"no .jsonl file in {folder}"), T("incidentmesh export writes one"));
    }

    private static VerifyView Join(VerifyView a, VerifyView b) =>
        new(a.Ok && b.Ok, a.Checked + b.Checked, [.. a.Failed, .. b.Failed], [.. a.Unknown, .. b.Unknown]);

    private static void Print(Session session, VerifyView view)
    {
        if (session.Json || session.JsonLines)
        {
            session.Print(view, ApiJson.Default.VerifyView);
        }
        else
        {
            foreach (VerifyFailure failure in view.Failed)
            {
                string why = SafeText.Show(Known(failure.Why));
                session.Out.WriteLine($"! {failure.Id}  {failure.Check}  {why}");
            }

            foreach (string unknown in view.Unknown)
            {
                session.Out.WriteLine($"? {SafeText.Show(unknown)}");
            }

            int bad = view.Failed.Select(f => f.Id).Distinct().Count();
            session.Out.WriteLine(
                T($"{view.Checked:N0} checked, {bad:N0} failed, {view.Unknown.Count:N0} unknown"));
        }
    }
}
