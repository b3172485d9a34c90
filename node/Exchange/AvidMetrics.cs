using System.Text.Json;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Exchange;

/// <summary>The <c>metrics</c> of an AVID report as results of evaluations: those of Inspect (scorer, metric,
/// value) and of garak (detector, score, total). Results of other forms have no number that could be
/// compared; they are left out.</summary>
internal static class AvidMetrics
{
    public static void Read(JsonRow row, ModelRiskBody body)
    {
        var evals = new List<Eval>();
        foreach (JsonElement metric in row.Items("metrics"))
        {
            if (metric.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            if (metric.TryGetProperty("value", out JsonElement value)
                && JsonRow.DecimalOf(value) is { } number)
            {
                string name = $"inspect:{row.Text(metric, "scorer")}/{row.Text(metric, "metrics")}";
                evals.Add(new Eval(RowResult.Short(name), number));
            }

            foreach (JsonElement result in row.Items(metric, "results.rows"))
            {
                if (row.Text(result, "detector") is { } detector && Scored(result) is { } score)
                {
                    evals.Add(new Eval(RowResult.Short($"garak:{detector}"), score, N: Total(result)));
                }
            }
        }

        body.Evals = [.. evals.Take(Limits.Records.Evals)];
    }

    private static string? Scored(JsonElement result) =>
        result.TryGetProperty("score", out JsonElement score) ? JsonRow.DecimalOf(score) : null;

    private static long? Total(JsonElement result) =>
        result.TryGetProperty("total_evaluated", out JsonElement total)
            && total.ValueKind == JsonValueKind.Number
        && total.TryGetInt64(out long n) && n is >= 0 and <= Limits.Wire.CborInteger ? n : null;
}
