using System.Globalization;
using System.Text.Json.Nodes;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Exchange;

/// <summary>The parts of a report that are objects of their own in STIX: parties, places, systems,
/// techniques, actions, notes.</summary>
internal static class StixParts
{
    public static void Write(ReportBody body, StixExport.Named named)
    {
        Parties(named, StixNames.DevelopedBy, body.Developers);
        Parties(named, StixNames.DeployedBy, body.Deployers);
        Parties(named, StixNames.Targets, body.HarmedParties);
        foreach (string country in body.Countries)
        {
            string name = Vocabulary.Get("iso-3166-1").LabelOf(country);
            named.Shared(StixNames.LocatedAt, "location", country,
                new JsonObject { ["name"] = name, ["country"] = country });
        }

        foreach (AiSystem system in body.Systems)
        {
            named.Shared(StixNames.Involves, "software", $"{system.Name}/{system.Version}",
                new JsonObject { ["name"] = system.Name }.With("version", system.Version));
        }

        foreach (Model model in body is ModelRiskBody risk ? risk.Models : [])
        {
            named.Shared(StixNames.InvolvesModel, "software",
                $"{model.Name}/{model.Provider}/{model.Version}",
                new JsonObject { ["name"] = model.Name }.With("vendor", model.Provider)
                    .With("version", model.Version));
        }

        foreach (Technique technique in body.Techniques)
        {
            Technique(named, technique);
        }

        for (int i = 0; i < body.ActionsTaken.Count; i++)
        {
            Action(named, body.ActionsTaken[i], i.ToString(CultureInfo.InvariantCulture));
        }

        Note(named, StixNames.Steps, body.StepsToReproduce);
        Note(named, StixNames.Cause, body.RootCause);
    }

    private static void Parties(StixExport.Named named, string relationship, IReadOnlyList<Party> parties)
    {
        foreach (Party party in parties)
        {
            // Whether a name is a person's or a company's is not known.
            named.Shared(relationship, "identity", party.Name,
                new JsonObject { ["name"] = party.Name, ["identity_class"] = "unknown" });
        }
    }

    private static void Technique(StixExport.Named named, Technique technique)
    {
        JsonObject reference = new()
        {
            ["source_name"] = StixNames.SourceOf(
                technique.Id.StartsWith("AML.", StringComparison.Ordinal) ? "mitre-atlas" : "mitre-attack",
                technique.Id),
            ["external_id"] = technique.Id,
        };
        JsonObject json = new()
        {
            ["name"] = technique.Name ?? technique.Id,
            ["external_references"] = new JsonArray(reference),
        };
        if (technique.Tactic is { } tactic)
        {
            json["kill_chain_phases"] = new JsonArray(new JsonObject
            {
                ["kill_chain_name"] = "mitre-atlas",
                ["phase_name"] = tactic,
            });
        }

        named.Shared(
            StixNames.Uses, "attack-pattern", $"{technique.Id}/{technique.Tactic}/{technique.Name}", json);
    }

    private static void Action(StixExport.Named named, ActionTaken action, string key)
    {
        JsonObject json = new JsonObject
        {
            ["name"] = Vocabulary.Get("oecd-action").LabelOf(action.Kind),
            ["labels"] = new JsonArray(action.Kind),
        }.With("description", action.Description);
        named.Mitigated(named.Own("course-of-action", key, json), key);
    }

    private static void Note(StixExport.Named named, string title, string? text)
    {
        if (text is not null)
        {
            named.About("note", title, new JsonObject { ["abstract"] = title, ["content"] = text });
        }
    }
}
