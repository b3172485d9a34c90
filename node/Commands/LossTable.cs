using System.Text.Json;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>Shows what a conversion lost: one line always, the fields with <c>--verbose</c>, everything in
/// the file of <c>--loss</c>.</summary>
internal static class LossTable
{
    private const string Direct = "direct";
    private static readonly string[] Kinds = [Direct, "partial", "approximate", "unmapped"];

    public static void Print(Session session, LossView loss)
    {
        if (session.Quiet || loss.Reports == 0)
        {
            return;
        }

        string counts = string.Join(", ", Kinds
            .Select(kind => (kind, count: loss.Fields.Count(field => field.Fidelity == kind)))
            .Where(one => one.count > 0).Select(one => $"{one.count} {one.kind}"));
        session.Err.WriteLine($"{loss.Format}: " + Plural(loss.Fields.Count,
            $"{loss.Fields.Count} field: {counts}", $"{loss.Fields.Count} fields: {counts}"));
        foreach ((string field, long count) in loss.Missing)
        {
            session.Err.WriteLine($"{loss.Format}: " + (loss.Direction == "import"
                ? T($"OECD asks for {field}, missing in {count:N0} of {loss.Reports:N0}")
                : T($"the format asks for {field}, missing in {count:N0} of {loss.Reports:N0}")));
        }

        LossField[] lossy = [.. loss.Fields.Where(field => field.Fidelity != Direct)];
        if (session.Verbose && lossy.Length > 0)
        {
            string[] heads = [T("FIELD"), T("BECOMES"), T("HOW"), T("REPORTS"), T("NOTE")];
            session.Terminal.Table(session.Err, heads, [.. lossy.Select(field => (IReadOnlyList<string>)
            [
                field.Field, field.Other ?? "", field.Fidelity,
                field.Count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture),
                field.Note ?? "",
            ])]);
        }
        else if (lossy.Length > 0)
        {
            session.Err.WriteLine(
                "hint: " + T("--verbose lists what is not direct, --loss=FILE has every field"));
        }
    }

    public static Task WriteFileAsync(string path, IReadOnlyList<LossView> loss) =>
        Files.WriteAsync(path, to =>
            to.WriteAsync(JsonSerializer.Serialize(loss, ApiJson.Default.IReadOnlyListLossView) + "\n"));
}
