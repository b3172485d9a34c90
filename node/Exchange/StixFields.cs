using System.Text.Json;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Exchange;

/// <summary>Fields of a report out of the properties of a STIX object and of the objects that it is linked
/// to.</summary>
internal static class StixFields
{
    private const int Most = Limits.Records.ListEntries;

    private static readonly string[] Common =
        ["type", "spec_version", "id", "created", "modified", "extensions", "external_references"];

    /// <summary>Fills <paramref name="body"/>.</summary>
    /// <param name="body">The report.</param>
    /// <param name="row">The incident or vulnerability.</param>
    /// <param name="links">What it is linked to.</param>
    /// <param name="foreignId">Its id, where it is not one that we exported.</param>
    public static void Read(ReportBody body, JsonRow row, List<StixLink> links, string? foreignId)
    {
        References(body, row, foreignId);
        body.Tags = [.. row.Texts("labels").Select(Label)
            .DistinctBy(tag => (tag.Namespace, tag.Value)).Take(Most)];
        body.Developers = Parties(links, StixNames.DevelopedBy);
        body.Deployers = Parties(links, StixNames.DeployedBy);
        body.HarmedParties = Parties(links, StixNames.Targets);
        body.Countries = [.. Texts(links, "location", "country").Select(code => code.ToUpperInvariant())
            .Where(Vocabulary.Get("iso-3166-1").Contains).Distinct().Take(Most)];
        Software(body, links);
        body.Techniques = [.. links.Where(link => link.Type == "attack-pattern").Select(Technique)
            .OfType<Technique>().Take(Most)];
        body.ActionsTaken = [.. links.Where(link => link.Type == "course-of-action").Select(Action)
            .OfType<ActionTaken>().Take(Most)];
        body.StepsToReproduce = Note(links, StixNames.Steps);
        body.RootCause = Note(links, StixNames.Cause);
    }

    /// <summary>What the object has, by the names of the table.</summary>
    public static IReadOnlyList<string> Names(JsonRow row, List<StixLink> links, bool own)
    {
        JsonElement all = row.At("");
        HashSet<string> names =
            ["id", .. all.EnumerateObject().Select(JsonRow.NameOf).Where(name => !Common.Contains(name))];
        foreach (JsonElement reference in row.Items("external_references"))
        {
            names.Add($"external_references[{KindOf(row, reference)}]");
        }

        JsonElement extensions = row.At("extensions");
        if (extensions.ValueKind == JsonValueKind.Object)
        {
            names.UnionWith(extensions.EnumerateObject().Select(JsonRow.NameOf)
                .Where(name => name != StixNames.Extension)
                .Select(name => "extensions." + (name == StixNames.IncidentCore ? "incident-core" : name)));
        }

        if (own)
        {
            names.UnionWith(row.At("extensions").GetProperty(StixNames.Extension).EnumerateObject()
                .Select(JsonRow.NameOf).Where(name => name is not ("extension_type" or "report_type"))
                .Select(name => "extensions." + name));
            names.Remove("id");
        }

        names.UnionWith(links.Select(link => link.Marked ? "linked[tlp]" : $"{link.Type}[{link.How}]"));
        return [.. names];
    }

    private static string KindOf(JsonRow row, JsonElement reference) =>
        row.Text(reference, "source_name") switch
        {
            StixNames.Source => StixNames.Source,
            "cwe" => "cwe",
            _ => row.Text(reference, "external_id") is null ? "evidence" : "id",
        };

    private static void References(ReportBody body, JsonRow row, string? foreignId)
    {
        List<ExternalId> ids = [];
        List<Evidence> evidence = [];
        List<string> cwes = [];
        foreach (JsonElement reference in row.Items("external_references"))
        {
            string? url = row.Text(reference, "url") is { } link && Forms.IsUrl(link) ? link : null;
            switch (KindOf(row, reference))
            {
                case StixNames.Source:
                    break;
                case "cwe":
                    cwes.Add(row.Text(reference, "external_id") ?? "");
                    break;
                case "id":
                    ids.Add(new ExternalId(
                        RowResult.Short(StixNames.SchemeOf(row.Text(reference, "source_name") ?? "STIX")),
                        RowResult.Short(row.Text(reference, "external_id")!), url));
                    break;
                default:
                    evidence.Add(EvidenceOf(row, reference, url));
                    break;
            }
        }

        if (foreignId is not null)
        {
            ids.Add(new ExternalId("STIX", RowResult.Short(foreignId)));
        }

        body.ExternalIds = [.. ids.Take(Most)];
        body.Evidence = [.. evidence.Where(one => one.Url is not null || one.Sha256 is not null).Take(Most)];
        if (body is ModelRiskBody risk)
        {
            risk.Cwes = [.. cwes.Where(cwe => cwe.Length > 0).Take(Most)];
        }
    }

    private static Evidence EvidenceOf(JsonRow row, JsonElement reference, string? url)
    {
        string? hash = row.Text(reference, "hashes.SHA-256");
        string? name = row.Text(reference, "description");
        Digest? sha256 = hash is { Length: 2 * Digest.ByteLength } && hash.All(char.IsAsciiHexDigit)
            ? new Digest(Convert.FromHexString(hash)) : null;
        return new Evidence(url, Sha256: sha256, Name: name is null ? null : RowResult.Short(name));
    }

    private static Tag Label(string label)
    {
        int colon = label.IndexOf(':', StringComparison.Ordinal);
        bool split = colon > 0 && colon + 1 < label.Length;
        string space = split ? label[..colon] : "stix";
        string value = split ? label[(colon + 1)..] : label;
        bool known = !Vocabulary.TryGet(space, out Vocabulary? vocabulary) || vocabulary.Contains(value);
        return known ? new Tag(RowResult.Short(space), RowResult.Short(value))
            : new Tag("stix", RowResult.Short(label));
    }

    private static IEnumerable<string> Texts(List<StixLink> links, string type, string name) =>
        links.Where(link => link.Type == type).Select(link => StixRows.TextOf(link.Object, name))
            .OfType<string>();

    private static Party[] Parties(List<StixLink> links, string how) =>
        [.. Texts([.. links.Where(link => link.How == how)], "identity", "name").Take(Most)
            .Select(name => new Party(RowResult.Short(name)))];

    private static void Software(ReportBody body, List<StixLink> links)
    {
        List<AiSystem> systems = [];
        List<Model> models = [];
        foreach (StixLink link in links.Where(link => link.Type == "software"))
        {
            string? version = Short(link, "version");
            if (Short(link, "name") is not { } name)
            {
                continue;
            }

            if (link.How == StixNames.InvolvesModel && body is ModelRiskBody
                && models.Count < Limits.Records.Models)
            {
                models.Add(new Model(name, version, Short(link, "vendor")));
            }
            else
            {
                systems.Add(new AiSystem(name, version));
            }
        }

        body.Systems = [.. systems.Take(Most)];
        if (body is ModelRiskBody risk)
        {
            risk.Models = models;
        }
    }

    private static string? Short(StixLink link, string name) =>
        StixRows.TextOf(link.Object, name) is { } text ? RowResult.Short(text) : null;

    private static Technique? Technique(StixLink link)
    {
        JsonRow row = new(link.Object);
        string? name = Short(link, "name");
        string? id = row.Items("external_references").Select(one => row.Text(one, "external_id"))
            .FirstOrDefault(one => one is not null);
        string? tactic = row.Items("kill_chain_phases").Select(one => row.Text(one, "phase_name"))
            .FirstOrDefault(one => one is not null);
        string? known = id ?? name;
        return known is null ? null : new Technique(
            RowResult.Short(known), tactic is null ? null : RowResult.Short(tactic),
            name == id ? null : name);
    }

    private static ActionTaken? Action(StixLink link)
    {
        string? kind = new JsonRow(link.Object).Texts("labels").FirstOrDefault(
            Vocabulary.Get("oecd-action").Contains);
        string? description = StixRows.TextOf(link.Object, "description");
        // A course of action of elsewhere has no kind; what STIX calls mitigation is OECD's.
        return description is null && kind is null ? null : new ActionTaken(
            kind ?? "mitigation", description is null ? null : RowResult.Long(description));
    }

    private static string? Note(List<StixLink> links, string title) =>
        Texts([.. links.Where(link => link.How == title)], "note", "content").FirstOrDefault() is { } text
            ? RowResult.Long(text) : null;
}
