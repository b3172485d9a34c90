using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>One node in the demo's result.</summary>
internal sealed record DemoNodeView(
    string Name, string PeerId, int Records, int Clusters, string RecordDigest, string ClusterDigest,
    string Socket, int Process, string Home);

/// <summary>The demo's result.</summary>
internal sealed record DemoView(IReadOnlyList<DemoNodeView> Nodes, int Published, double Seconds);

/// <summary>The JSON of the demo's result.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DemoView))]
internal sealed partial class DemoJson : JsonSerializerContext;

/// <summary><c>demo</c>: a regulator's, a lab's and a community's node exchange reports and find the same
/// event once.</summary>
internal static class DemoCommand
{
    private const int ShownClusters = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly (string Name, string Role)[] Roles =
        [("regulator", "regulator"), ("lab", "lab"), ("community", "civil-society")];

    public static Command Build()
    {
        Option<bool> keep =
            Cli.Flag("--keep", T("leave the nodes running, and say how to open the terminal UI on one"));
        Option<int> nodes =
            new("--nodes") { Description = T("how many nodes"), DefaultValueFactory = _ => 3 };
        Command command =
            new("demo", T("three nodes on this machine exchange reports and find the same event once"))
        {
            keep, nodes,
        };
        return command.Does(
            async (session, parse, stop) =>
            {
                if (parse.GetValue(nodes) is < 2 or > 9)
                {
                    throw ApiException.Usage(T("--nodes takes 2 to 9"));
                }

                return await RunAsync(session, parse.GetValue(nodes), parse.GetValue(keep), stop);
            },
            "incidentmesh demo",
            "incidentmesh demo --keep",
            "incidentmesh demo --json");
    }

    private static async Task<int> RunAsync(Session session, int count, bool keep, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("incidentmesh-demo-").FullName;
        Stopwatch clock = Stopwatch.StartNew();
        List<DemoNode> nodes = [];
        try
        {
            for (int i = 0; i < count; i++)
            {
                (string name, string role) = Roles[i % Roles.Length];
                name = i < Roles.Length ? name : $"{name}{i / Roles.Length + 1}";
                session.Terminal.Progress(T($"starting {name}, node"), i + 1, count);
                IReadOnlyList<string> peers = [.. nodes.SelectMany(n => n.First.Addresses.Take(1))];
                nodes.Add(await DemoNode.StartAsync(Path.Combine(folder, name), name, role, peers, stop));
            }

            await TrustEachOtherAsync(nodes, stop);
            int published = await PublishAsync(session, nodes, stop);
            IReadOnlyList<StatusView> ends = await WaitAsync(session, nodes, stop);
            session.Terminal.ProgressDone();
            bool agreed = Agree(ends);
            DemoView view =
                new([.. nodes.Zip(ends, ViewOf)], published, Math.Round(clock.Elapsed.TotalSeconds, 1));
            await PrintAsync(session, view, nodes[0], agreed, stop);
            if (keep)
            {
                Keep(session, nodes);
            }

            return agreed ? ExitCode.Done : ExitCode.No;
        }
        finally
        {
            session.Terminal.ProgressDone();
            foreach (DemoNode node in nodes)
            {
                await node.DisposeAsync();
            }

            if (!nodes.Exists(n => n.Kept))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task TrustEachOtherAsync(List<DemoNode> nodes, CancellationToken stop)
    {
        foreach (DemoNode node in nodes)
        {
            foreach (DemoNode other in nodes.Where(n => n != node))
            {
                await node.Api.TrustAsync(new TrustRequest("add", other.First.Identity, other.Name), stop);
            }
        }
    }

    private static async Task<int> PublishAsync(Session session, List<DemoNode> nodes, CancellationToken stop)
    {
        (string Author, SubmitRequest Request)[] reports = [.. DemoReports.Read()];
        for (int i = 0; i < reports.Length; i++)
        {
            int at = Array.FindIndex(Roles, r => r.Name == reports[i].Author) % nodes.Count;
            await nodes[at].Api.SubmitAsync(reports[i].Request, stop);
            session.Terminal.Progress(T("submitting reports"), i + 1, reports.Length);
        }

        return reports.Length;
    }

    private static async Task<IReadOnlyList<StatusView>> WaitAsync(
        Session session, List<DemoNode> nodes, CancellationToken stop)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            StatusView[] states = await Task.WhenAll(nodes.Select(n => n.Api.StatusAsync(stop)));
            int backlog = states.Sum(s => s.EmbedBacklog);
            bool settled = backlog == 0 && Agree(states);
            if (settled || waited.Elapsed > Patience)
            {
                return states;
            }

            int total = states.Sum(s => s.Records);
            session.Terminal.Progress(T("finding the same event"), total - backlog, total);
            await Task.Delay(TimeSpan.FromMilliseconds(200), stop);
        }
    }

    private static bool Agree(IReadOnlyList<StatusView> states) =>
        states.All(s =>
            s.RecordDigest == states[0].RecordDigest && s.ClusterDigest == states[0].ClusterDigest);

    private static DemoNodeView ViewOf(DemoNode node, StatusView s) =>
        new(node.Name, s.PeerId, s.Records, s.Clusters, s.RecordDigest, s.ClusterDigest,
            node.Folder.Socket, node.ProcessId, node.Folder.Home);

    private static async Task PrintAsync(
        Session session, DemoView view, DemoNode node, bool agreed, CancellationToken stop)
    {
        if (session.Json || session.JsonLines)
        {
            session.Print(view, DemoJson.Default.DemoView);
            return;
        }

        string[][] rows = [.. view.Nodes.Select(n => new[]
        {
            n.Name,
            n.Records.ToString(CultureInfo.InvariantCulture),
            n.Clusters.ToString(CultureInfo.InvariantCulture),
            (view.Nodes.Count - 1).ToString(CultureInfo.InvariantCulture),
            n.RecordDigest[..16],
            n.ClusterDigest[..16],
        })];
        string[] heads = [T("NODE"), T("RECORDS"), T("CLUSTERS"), T("PEERS"), T("RECORD DIGEST"),
            T("CLUSTER DIGEST")];
        session.Terminal.Table(session.Out, heads, rows);
        string seconds = view.Seconds.ToString("0.0", CultureInfo.InvariantCulture);
        string verdict = agreed ? T("all nodes agree") : T("the nodes disagree");
        session.Out.WriteLine(Plural(view.Published,
            $"{view.Published} report in {seconds} s", $"{view.Published} reports in {seconds} s")
            + ": " + verdict);
        ClusterListView clusters = await node.Api.ClustersAsync("", 50, stop);
        foreach (ClusterItem item in clusters.Items.OrderByDescending(c => c.Languages.Count)
            .Take(ShownClusters))
        {
            ClusterView cluster = await node.Api.ClusterOfAsync(item.Id, stop);
            session.Out.WriteLine();
            string languages = string.Join(' ', cluster.Languages);
            session.Out.WriteLine(session.Terminal.Bold(
                Plural(cluster.Reports,
                    $"{cluster.Reports} report, {cluster.Independent} independent, in {languages}",
                    $"{cluster.Reports} reports, {cluster.Independent} independent, in {languages}")));
            foreach (ClusterMemberView member in cluster.Members.Where(m => m.InCluster))
            {
                string likely = member.Probability is { } p ? p.ToString(".00", CultureInfo.InvariantCulture)
                    : " --";
                string who = TextWidth.Pad(ReportRows.Author(member.Report.Author), 11);
                string why = member.Reasons.Count == 0 ? ""
                    : $"  ({string.Join("; ", member.Reasons.Select(Known))})";
                string line = $"  {likely} {member.Report.Lang,-5} {who} {member.Report.Title}{why}";
                session.Out.WriteLine(SafeText.Show(line));
            }
        }
    }

    private static void Keep(Session session, List<DemoNode> nodes)
    {
        nodes.ForEach(n => n.Keep());
        if (session.Json || session.JsonLines)
        {
            return;
        }

        session.Out.WriteLine();
        session.Out.WriteLine(T("the nodes are still running; open the terminal UI on one with"));
        session.Out.WriteLine($"  dotnet run -c Release --project tui -- --node={nodes[0].Folder.Socket}");
        session.Out.WriteLine(T($"end them with: kill {string.Join(' ', nodes.Select(n => n.ProcessId))}"));
    }
}
