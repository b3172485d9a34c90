using System.Diagnostics.CodeAnalysis;
using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Exchange;

/// <summary>Writes reports in the format of another system, one after the other, and counts what is
/// lost.</summary>
internal abstract class Exporter(string format)
{
    private readonly LossReport _loss = new(Mapping.Of(format), export: true);

    /// <summary>The names that <c>--format</c> takes, beside our own JSON lines.</summary>
    public static IReadOnlyList<string> Formats { get; } =
        [.. ExportFormat.All.Select(f => f.Name).Except([ExportFormat.Lines, ExportFormat.Bundle])];

    /// <summary>True for a format that tells of one report only.</summary>
    public bool IsCaseFile => Format is "markdown" or "html";

    public string Format { get; } = format;

    /// <summary>Whether the format can say that a report is in a state. Where it cannot say that one was
    /// retracted or superseded, the report has no place in it: there it would go on as a live one.</summary>
    public virtual bool Says(string state) => true;

    public LossReport Loss => _loss;

    public static bool TryMake(string format, [NotNullWhen(true)] out Exporter? exporter)
    {
        exporter = format switch
        {
            "csv" => new CsvExport(),
            "stix" => new StixExport(),
            "misp" => new MispExport(),
            "avid" => new AvidExport(),
            "oecd" => new OecdExport(),
            "markdown" => new CaseMarkdown(),
            "html" => new CaseHtml(),
            _ => null,
        };
        return exporter is not null;
    }

    /// <summary>What stands before the first report.</summary>
    public virtual void Begin(TextWriter to)
    {
    }

    /// <summary>Writes a report.</summary>
    public void Write(TextWriter to, ExportItem item)
    {
        _loss.Add(item.Present(), Mapping.Of(Format).Mandatory.Where(name => !item.Fields.ContainsKey(name)));
        WriteReport(to, item);
    }

    /// <summary>What stands after the last one.</summary>
    public virtual void End(TextWriter to)
    {
    }

    protected abstract void WriteReport(TextWriter to, ExportItem item);
}
