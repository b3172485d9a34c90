using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentMesh.Node.Cluster;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Api.Submission;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

// Records of our own: what they are like, and their way into the log.
internal sealed partial class LocalNode
{
    private const int SimilarShown = 3;
    private const string SameEvent = "same-event";
    private static readonly TimeSpan SimilarPatience = TimeSpan.FromSeconds(3);

    public async Task<SubmitView> SubmitAsync(SubmitRequest request, CancellationToken stop)
    {
        IpldMap content = ReadBody(request);
        string? language = Language(request.Lang);
        RefusePrivate(request);
        CheckRelations(request.Type, RelationsOf(request));

        // In full, as what is short now may be ambiguous when it is signed.
        string[] same = [.. request.SameAs.Select(id => Find(id).Record.Id.ToString())];
        request = request with { SameAs = same };
        bool known = KnownAs(request, content) is not null;
        IReadOnlyList<SimilarView> similar = request.Similar && !known
            ? await SimilarAsync(request.Type, content, language, stop) : [];
        bool anonymous = AnonymousSource.Is(request.Body) && !known;
        SubmitView done = anonymous ? Hold(request)
            : request.SameAs.Count > 0 ? await PublishLinkedAsync(request)
            : await PublishAsync(request, CreatedOf(request, DateTimeOffset.UtcNow));
        return done with { Similar = similar };
    }

    public async Task<SimilarListView> SimilarAsync(SubmitRequest draft, CancellationToken stop)
    {
        // A draft may hold what no report may: then its texts alone are compared. What is there already is
        // not compared with itself.
        bool whole = BodyJson.TryRead(draft.Type, draft.Body, out IpldMap? content, out _);
        if (whole && KnownAs(draft, content!) is not null)
        {
            return new SimilarListView(ApiSchema.Name, []);
        }

        if (!whole
            && !BodyJson.TryRead(draft.Type, TextsOf(draft.Body), out content, out FieldProblem? wrong))
        {
            throw ApiException.Usage(wrong.ToString());
        }

        string? language = LanguageTag.IsWellFormed(draft.Lang ?? "") ? draft.Lang : null;
        return new SimilarListView(
            ApiSchema.Name, await SimilarAsync(draft.Type, content!, language, stop));
    }

    // Asked here for every client, as what is signed is read by everyone, for ever.
    private static void RefusePrivate(SubmitRequest request)
    {
        string[] open = [.. PrivateData.ToBeSureOf(request.Body).Except(request.Accept)];
        if (open.Length > 0)
        {
            throw ApiException.NotAllowed(
                "private-data",
                $"what looks like private data would be published: {string.Join(", ", open)}",
                $"--accept={string.Join(',', open)} publishes it; {PrivateData.Removed} takes it out");
        }
    }

    private async Task<SubmitView> PublishAsync(SubmitRequest request, long created)
    {
        IpldMap content = ReadBody(request);
        Relation[] relations = RelationsOf(request);
        if (KnownAs(request, content) is { } known)
        {
            string id = ReportViews.Text(known);
            await LinkAsync(Find(id).Record.Id, request.SameAs, created);
            _index.Await();
            return new SubmitView(id, Short(id), true, false, 0, true, [], []);
        }

        CheckCurrent(relations);
        CheckStanding(relations);
        SignedRecord made =
            (await SignAsync([(request.Type, content, Language(request.Lang), relations, created)]))[0];
        await LinkAsync(made.Record.Id, request.SameAs, created);
        IReadOnlyList<string> missing = TypedBody.Read(request.Type, content) is ReportBody report
            ? report.MissingMandatory() : [];
        string[] warnings =
        [
            .. missing.Count == 0 ? Array.Empty<string>()
                : [$"OECD asks for more: {string.Join(", ", missing)}"],
            .. relations.Where(r => r.How == Relation.Attests && IsRetracted(r.To.Digest))
                .Select(r => $"its author took {r.To.Short} back"),
        ];
        int peers = (await _mesh.AskAsync(r => r.PeerStates())).Count;
        _index.Await();
        return new SubmitView(
            made.Record.Id.ToString(), made.Record.Id.Short, true, peers > 0, peers, false, warnings, []);
    }

    private async Task LinkAsync(Cid report, IReadOnlyList<string> others, long created)
    {
        JsonObject same = new() { ["kind"] = SameEvent };
        IpldMap kind = ReadBody(new SubmitRequest
        {
            Type = RecordTypes.Link, Body = JsonSerializer.SerializeToElement(same),
        });

        // After a crash all is done again: what was signed before is not signed twice.
        HashSet<Digest> before =
        [
            .. _mesh.Columns.Naming(report.Digest)
                .Where(r => r.Author == _keys.Author.Digest && r is
                    { Type: RecordTypes.Link, Verdict: SameEvent })
                .SelectMany(r => _mesh.Columns.LinksOf(r.Row)).Where(l => l.How == Relation.Links)
                .Select(l => l.To),
        ];
        Cid[] linked =
        [
            .. others.Select(id => Find(id).Record.Id)
                .Where(id => id != report && !before.Contains(id.Digest)),
        ];
        if (linked.Length > 0)
        {
            await SignAsync([.. linked.Select(other => (RecordTypes.Link, kind, (string?)null,
                new Relation[] { new(Relation.Links, report), new(Relation.Links, other) },
                (long?)created))]);
        }
    }

    private Relation[] RelationsOf(SubmitRequest request) =>
        [.. request.Relations.Select(r => new Relation(r.How, Find(r.To).Record.Id))];

    // A report of ours that says the same; of what names others, the last that we said of the same ones, as
    // long as it stands. A client whose answer was lost asks again, and nothing is signed twice.
    private Digest? KnownAs(SubmitRequest request, IpldMap content)
    {
        const RowFlags gone = RowFlags.Superseded | RowFlags.Retracted | RowFlags.Erased;
        if (RelationsOf(request) is not [var first, ..] relations)
        {
            return RecordTypes.IsReport(request.Type) ? Known(request.Type, content) : null;
        }

        RecordRow? last = _mesh.Columns.Naming(first.To.Digest)
            .Where(r => r.Type == request.Type && r.Author == _keys.Author.Digest && Names(r, relations))
            .OrderBy(r => (r.Created, r.Row)).Select(r => (RecordRow?)r).LastOrDefault();
        return last is { } row && row.ContentHash == ReportReader.ContentHash(content)
            && (row.Flags & gone) == 0 ? row.Id : null;
    }

    private bool Names(RecordRow row, Relation[] relations) => _mesh.Columns.LinksOf(row.Row)
        .Where(l => l.How != RowLink.Previous).Select(l => (l.How, l.To)).ToHashSet()
        .SetEquals(relations.Select(r => (r.How, r.To.Digest)));

    private async Task<IReadOnlyList<SimilarView>> SimilarAsync(
        string type, IpldMap content, string? language, CancellationToken stop)
    {
        if (TypedBody.Read(type, content) is not ReportBody report)
        {
            return [];
        }

        if (_index.Queue.Embedder is null)
        {
            return await SimilarByWordsAsync(report, stop);
        }

        string text = Cluster.ClusterItem.EmbeddedText(report.Title ?? "", report.Description ?? "");
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(SimilarPatience);
        Embed.EmbeddedText? vector = await _index.Queue.EmbedNowAsync(text, patience.Token);
        Cluster.ClusterItem draft = ReportReader.Item(default, _keys.Author, language, report, null);
        IReadOnlyList<ClusterMember> near = _index.WithClusters(c =>
            c.Similar(vector is null ? draft : draft with { Vector = vector.Vector }, MostLookedAt)) ?? [];
        return
        [
            .. near.Where(n => n.Verdict.Label != "no" && !IsRetracted(n.Id))
                .Select(n => (_views.Read(n.Id), n.Verdict)).Where(n => n.Item1 is not null)
                .Take(SimilarShown).Select(n => Alike(_views.Item(n.Item1!), n.Verdict)),
        ];
    }

    private static SimilarView Alike(ReportItem item, PairVerdict verdict) => new(
        item.Id, item.Title, Math.Round(verdict.Probability, 3), verdict.Label.Replace(' ', '-'),
        verdict.Reasons) { Report = item };
}
