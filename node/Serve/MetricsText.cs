using System.Globalization;
using System.Text;
using IncidentMesh.Protocol.Api;
using Microsoft.AspNetCore.Http;

namespace IncidentMesh.Node.Serve;

/// <summary>The node's numbers in Prometheus' text format, version 0.0.4.</summary>
internal static class MetricsText
{
    public static async Task WriteAsync(HttpContext http, INodeApi node)
    {
        StatusView status = await node.StatusAsync(http.RequestAborted);
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await http.Response.WriteAsync(Of(status), http.RequestAborted);
    }

    /// <summary>The text of one reading.</summary>
    public static string Of(StatusView status)
    {
        StringBuilder text = new();
        Gauge(text, "peers", "Connected peers.", status.Peers);
        Gauge(text, "records", "Records in the reconciled set.", status.Records);
        Gauge(text, "clusters", "Clusters of two reports or more.", status.Clusters);
        Gauge(
            text, "embed_backlog", "Reports that wait for the model or their clusters.", status.EmbedBacklog);
        Add(text, "embedded_total", "counter", "Reports embedded since the start.", status.Embedded);
        Gauge(text, "pending_records", "Records that wait for an identity event.", status.Pending);
        Gauge(text, "quarantine_records", "Records in quarantine.", status.Quarantine);
        Gauge(text, "process_resident_bytes", "Memory of the process.", Environment.WorkingSet);
        text.Append("# HELP incidentmesh_records_by_type Records in the reconciled set, by type.\n");
        text.Append("# TYPE incidentmesh_records_by_type gauge\n");
        foreach ((string type, int count) in status.ByType.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            // A label value escapes what JSON escapes of it.
            string label = System.Text.Json.JsonEncodedText.Encode(type).ToString();
            text.Append("incidentmesh_records_by_type{type=\"").Append(label).Append("\"} ");
            text.Append(count.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        return text.ToString();
    }

    private static void Gauge(StringBuilder text, string name, string help, double value) =>
        Add(text, name, "gauge", help, value);

    private static void Add(StringBuilder text, string name, string type, string help, double value)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP incidentmesh_{name} {help}\n");
        text.Append(CultureInfo.InvariantCulture, $"# TYPE incidentmesh_{name} {type}\n");
        text.Append(CultureInfo.InvariantCulture, $"incidentmesh_{name} {value}\n");
    }
}
