using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace IncidentMesh.Bench;

/// <summary>The result of a benchmark: a table, or with <c>--json</c> one document.</summary>
/// <param name="bench">Name of the benchmark.</param>
/// <param name="args">Its arguments.</param>
internal sealed class BenchOutput(string bench, string[] args)
{
    private readonly List<Row> _rows = [];
    private readonly List<string> _notes = [];

    private sealed record Row(string Measure, double Value, string Unit, double? Aim, bool? Met);

    /// <summary>Whether one JSON document is asked for.</summary>
    public bool Json { get; } = args.Contains("--json");

    /// <summary>The value of <c>--name=VALUE</c>, or the default.</summary>
    public string Option(string name, string otherwise) =>
        args.FirstOrDefault(a => a.StartsWith($"--{name}=", StringComparison.Ordinal))?[(name.Length + 3)..]
        ?? otherwise;

    /// <summary>The same as a number.</summary>
    public int Option(string name, int otherwise) =>
        int.TryParse(Option(name, ""), CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    /// <summary>Says on stderr what is being done, so that a long run is not a silent one.</summary>
    public static void Progress(string what) => Console.Error.WriteLine(what);

    /// <summary>Adds a measure; one that is no number, as nothing arrived, is left out.</summary>
    /// <param name="measure">What was measured.</param>
    /// <param name="value">How much.</param>
    /// <param name="unit">Of what.</param>
    /// <param name="aim">How much it should be, or null.</param>
    /// <param name="less">Whether less is better.</param>
    public void Add(string measure, double value, string unit, double? aim = null, bool less = false)
    {
        if (double.IsFinite(value))
        {
            _rows.Add(new Row(
                measure, value, unit, aim, aim is null ? null : less ? value <= aim : value >= aim));
        }
    }

    /// <summary>Adds a sentence under the table.</summary>
    public void Note(string note) => _notes.Add(note);

    /// <summary>Prints everything; the exit code is 0, as an aim missed is a finding and no
    /// failure.</summary>
    public int Finish()
    {
        if (Json) { PrintJson(); }
        else { PrintTable(); }
        return 0;
    }

    private void PrintTable()
    {
        int width = _rows.Max(r => r.Measure.Length) + 2;
        Console.WriteLine($"{"measure".PadRight(width)}{"value",12}  {"unit",-10}{"aim",10}");
        foreach (Row row in _rows)
        {
            string aim = row.Aim is null ? "" : Show(row.Aim.Value), met = row.Met == false ? "  missed" : "";
            Console.WriteLine(
                $"{row.Measure.PadRight(width)}{Show(row.Value),12}  {row.Unit,-10}{aim,10}{met}");
        }
        _notes.ForEach(Console.WriteLine);
        Console.WriteLine(Machine);
    }

    private void PrintJson()
    {
        using var writer = new Utf8JsonWriter(
            Console.OpenStandardOutput(), new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteString("bench", bench);
        writer.WriteString("machine", Machine);
        writer.WriteStartArray("rows");
        foreach (Row row in _rows)
        {
            writer.WriteStartObject();
            writer.WriteString("measure", row.Measure);
            writer.WriteNumber("value", Math.Round(row.Value, 4));
            writer.WriteString("unit", row.Unit);
            if (row.Aim is { } aim)
            {
                writer.WriteNumber("aim", aim);
                writer.WriteBoolean("met", row.Met == true);
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("notes");
        _notes.ForEach(writer.WriteStringValue);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        Console.WriteLine();
    }

    private static string Machine => string.Join(
        ", ", $"{Environment.ProcessorCount} cores", RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    private static string Show(double value) =>
        value.ToString(value >= 100 ? "#,0" : "0.###", CultureInfo.InvariantCulture);
}
