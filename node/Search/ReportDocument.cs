using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Search;

/// <summary>Makes the document of a record. A correction is the report that it contains: it has that report's
/// type, so that the newest version is found where the first one was.</summary>
public static class ReportDocument
{
    private const long SecondMilliseconds = 1_000;
    private const long DayMilliseconds = 86_400_000;

    /// <summary>The document of an unsealed record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="body">Its body, or an empty map where it was erased.</param>
    /// <param name="received">When this node got it, Unix milliseconds.</param>
    public static SearchDocument Of(Record record, IpldMap body, long received)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(body);
        RecordHeader header = record.Header;
        string type = header.Type;
        if (type == RecordTypes.Correction && body.Get<IpldMap>("content") is { } content)
        {
            (type, body) = (body.Get<IpldText>("corrects")?.Value ?? type, content);
        }

        var bare = new SearchDocument
        {
            Id = record.Id.Digest,
            Type = type,
            Author = header.Author.Digest,
            Created = header.Created * SecondMilliseconds,
            Received = received,
            Language = header.Language,
            Tlp = header.IsSealed ? "amber" : "clear",
        };
        return TypedBody.Read(type, body) switch
        {
            ReportBody report => OfReport(bare, report),
            AttestationBody attestation => bare with { Text = attestation.Reason ?? "" },
            RetractionBody retraction => bare with { Text = retraction.Reason ?? "" },
            LinkBody link => bare with { Text = link.Reason ?? "" },
            ProfileBody profile => bare with { Title = profile.Name ?? "", Text = profile.Description ?? "" },
            TrustListBody list => bare with { Title = list.Name ?? "" },
            ModelBody model =>
                bare with { Title = model.Model?.Name ?? "", Models = NamesOf([model.Model!]) },
            _ => bare,
        };
    }

    private static SearchDocument OfReport(SearchDocument bare, ReportBody report)
    {
        (long? from, long? to) = Period(report.Occurred);
        IReadOnlyList<Model> models =
            [.. (report as ModelRiskBody)?.Models ?? [],
                .. report.Systems.SelectMany(system => system.Models ?? [])];
        return bare with
        {
            Title = report.Title ?? "",
            Text = string.Join("\n\n", Texts(report).Where(text => !string.IsNullOrEmpty(text))),
            Severity = report.Severity is { Scheme: Severity.Oecd } severity ? severity.Value : null,
            AiRole = report.AiRole,
            Stage = report.Clocks?.Stage,
            Countries = report.Countries,
            Harms = report.HarmTypes,
            Sectors = report.Sectors,
            OccurredFrom = from,
            OccurredTo = to,
            Due = report.Clocks?.NextReportDue is { } due ? Forms.ToUnixSeconds(due) * SecondMilliseconds
                : null,
            HasEvidence = report.Evidence.Count > 0,
            Systems =
                Words(report.Systems.SelectMany(system =>
                new[] { system.Name, system.Version, system.Purl })),
            Developers = Words(report.Developers.Select(party => party.Name)),
            Deployers = Words(report.Deployers.Select(party => party.Name)),
            Models = NamesOf(models),
            Lineage = Words(models.SelectMany(model => model.Lineage ?? [])
                .SelectMany(edge => new[] { edge.To.Name, edge.To.Purl })),
            Tags = [.. report.Tags.Select(tag => $"{tag.Namespace}:{tag.Value}"), .. OwnTags(report)],
            ExternalIds = [.. report.ExternalIds.Select(id => id.ToString())],
            Urls = Words(report.Evidence.SelectMany(one => new[] { one.Url, one.ArchiveUrl })),
        };
    }

    private static IEnumerable<string?> Texts(ReportBody report) =>
    [
        report.Description, report.StepsToReproduce, report.RootCause, (report as ModelRiskBody)?.Mitigation,
        .. report.Systems.Select(system => system.Name), .. report.Developers.Select(party => party.Name),
        .. report.Deployers.Select(party => party.Name), .. report.HarmedParties.Select(party => party.Name),
        .. report.Places, .. report.ActionsTaken.Select(action => action.Description),
        .. (report as ModelRiskBody)?.Models.Select(model => model.Name) ?? [],
    ];

    private static IEnumerable<string> OwnTags(ReportBody report) => report is not ModelRiskBody risk ? []
        : [.. risk.SepView.Select(code => $"avid-sep:{code}"), .. risk.Cwes.Select(cwe => $"cwe:{cwe}"),
            .. risk.RiskDomains.Select(domain => $"avid-risk-domain:{domain}")];

    private static string[] NamesOf(IEnumerable<Model?> models) =>
        Words(models.OfType<Model>().SelectMany(model => new[] { model.Name, model.Version, model.Purl }));

    private static string[] Words(IEnumerable<string?> words) =>
        [.. words.OfType<string>().Where(word => word.Length > 0).Distinct()];

    /// <summary>From the start of the first time to the end of the last: a time without a day is its whole
    /// month or year.</summary>
    private static (long? From, long? To) Period(Occurrence? occurred)
    {
        if (occurred is null || Forms.ToUnixSeconds(occurred.Start) is not { } start)
        {
            return (null, null);
        }

        string last = occurred.End is { } end && Forms.ToUnixSeconds(end) is not null ? end : occurred.Start;
        long lastStart = Forms.ToUnixSeconds(last)!.Value;
        DateTimeOffset at = DateTimeOffset.FromUnixTimeSeconds(lastStart);
        long to = last.Length switch
        {
            4 when at.Year < 9999 => at.AddYears(1).ToUnixTimeMilliseconds(),
            7 when at is not { Year: 9999, Month: 12 } => at.AddMonths(1).ToUnixTimeMilliseconds(),
            10 => (lastStart * SecondMilliseconds) + DayMilliseconds,
            _ => (lastStart + 1) * SecondMilliseconds,
        };
        return (start * SecondMilliseconds, Math.Max(to, (start * SecondMilliseconds) + 1));
    }
}
