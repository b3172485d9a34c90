using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>A model. <c>specs/records.md</c>, "Models".</summary>
/// <param name="Name">The name.</param>
/// <param name="Version">The version.</param>
/// <param name="Provider">Who provides it.</param>
/// <param name="Purl">Package URL, e.g. pkg:huggingface/org/name@commit.</param>
/// <param name="Files">Its files, at most 256.</param>
/// <param name="W1">Digest of the weights without their header.</param>
/// <param name="Arch">Architecture.</param>
/// <param name="Quant">Quantisation.</param>
/// <param name="License">Licence.</param>
/// <param name="Lineage">What it comes from, at most 32 edges.</param>
public sealed record Model(
    string Name,
    string? Version = null,
    string? Provider = null,
    string? Purl = null,
    IReadOnlyList<ModelFile>? Files = null,
    Digest? W1 = null,
    string? Arch = null,
    string? Quant = null,
    string? License = null,
    IReadOnlyList<LineageEdge>? Lineage = null)
{
    internal static Model? Read(IpldMap map) =>
        map.Text("name") is { } name
            ? new Model(
            name,
            map.Text("version"),
            map.Text("provider"),
            map.Text("purl"),
            map.Parts("files", ModelFile.Read),
            map.Digest("w1"),
            map.Text("arch"),
            map.Text("quant"),
            map.Text("license"),
            map.Parts("lineage", LineageEdge.Read))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("name", Name)
        .Text("version", Version)
        .Text("provider", Provider)
        .Text("purl", Purl)
        .List("files", (Files ?? []).Select(p => p.ToMap()))
        .Digest("w1", W1)
        .Text("arch", Arch)
        .Text("quant", Quant)
        .Text("license", License)
        .List("lineage", (Lineage ?? []).Select(p => p.ToMap()))
        .Build();
}

/// <summary>A file of a model.</summary>
/// <param name="Sha256">Its hash.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Format">gguf, safetensors, onnx, …</param>
public sealed record ModelFile(Digest Sha256, long? Size = null, string? Format = null)
{
    internal static ModelFile? Read(IpldMap map) =>
        map.Digest("sha256") is { } sha256
            ? new ModelFile(sha256, map.Integer("size"), map.Text("format"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Digest("sha256", Sha256)
        .Integer("size", Size)
        .Text("format", Format)
        .Build();
}

/// <summary>Names a model in one of three ways.</summary>
/// <param name="Purl">Package URL.</param>
/// <param name="Sha256">Hash of a file, or its w1.</param>
/// <param name="Name">Name.</param>
public sealed record ModelReference(string? Purl = null, Digest? Sha256 = null, string? Name = null)
{
    internal static ModelReference Read(IpldMap map) =>
        new ModelReference(map.Text("purl"), map.Digest("sha256"), map.Text("name"));

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("purl", Purl)
        .Digest("sha256", Sha256)
        .Text("name", Name)
        .Build();
}

/// <summary>A model comes from another.</summary>
/// <param name="How">A value of <c>lineage-how</c>.</param>
/// <param name="To">The other model.</param>
/// <param name="From">Where that is written: gguf:KEY, card, peft, mergekit, kohya, author.</param>
public sealed record LineageEdge(string How, ModelReference To, string? From = null)
{
    internal static LineageEdge? Read(IpldMap map) =>
        map.Text("how") is { } how
            && map.Part("to", ModelReference.Read) is { } to
            ? new LineageEdge(how, to, map.Text("from"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("how", How)
        .Map("to", To.ToMap())
        .Text("from", From)
        .Build();
}

/// <summary>A result of an evaluation. Numbers are decimal text, since records have no floats.</summary>
/// <param name="Metric">The metric with its namespace, e.g. fairlearn:demographic_parity_difference.</param>
/// <param name="Value">The value, decimal text.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Better">lower, higher, zero or one.</param>
/// <param name="Group">The group it was measured for.</param>
/// <param name="Interval">How sure the value is.</param>
/// <param name="N">Samples.</param>
/// <param name="Dataset">What it was measured on.</param>
/// <param name="Threshold">The value that it had to reach.</param>
/// <param name="Language">BCP 47 tag.</param>
/// <param name="Task">The task.</param>
/// <param name="Method">How it was measured.</param>
/// <param name="Date">When.</param>
/// <param name="By">self or third-party.</param>
/// <param name="Log">Hash of the log.</param>
public sealed record Eval(
    string Metric,
    string Value,
    string? Unit = null,
    string? Better = null,
    EvalGroup? Group = null,
    EvalInterval? Interval = null,
    long? N = null,
    EvalDataset? Dataset = null,
    EvalThreshold? Threshold = null,
    string? Language = null,
    string? Task = null,
    EvalMethod? Method = null,
    string? Date = null,
    string? By = null,
    Digest? Log = null)
{
    internal static Eval? Read(IpldMap map) =>
        map.Text("metric") is { } metric
            && map.Text("value") is { } value
            ? new Eval(
            metric,
            value,
            map.Text("unit"),
            map.Text("better"),
            map.Part("group", Records.EvalGroup.Read),
            map.Part("interval", Records.EvalInterval.Read),
            map.Integer("n"),
            map.Part("dataset", Records.EvalDataset.Read),
            map.Part("threshold", Records.EvalThreshold.Read),
            map.Text("lang"),
            map.Text("task"),
            map.Part("method", Records.EvalMethod.Read),
            map.Text("date"),
            map.Text("by"),
            map.Digest("log"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("metric", Metric)
        .Text("value", Value)
        .Text("unit", Unit)
        .Text("better", Better)
        .Map("group", Group?.ToMap())
        .Map("interval", Interval?.ToMap())
        .Integer("n", N)
        .Map("dataset", Dataset?.ToMap())
        .Map("threshold", Threshold?.ToMap())
        .Text("lang", Language)
        .Text("task", Task)
        .Map("method", Method?.ToMap())
        .Text("date", Date)
        .Text("by", By)
        .Digest("log", Log)
        .Build();
}

/// <summary>The group that a result is about.</summary>
/// <param name="Attribute">The attribute, e.g. sex.</param>
/// <param name="Value">The group.</param>
/// <param name="Reference">The group it is compared with.</param>
public sealed record EvalGroup(string Attribute, string Value, string? Reference = null)
{
    internal static EvalGroup? Read(IpldMap map) =>
        map.Text("attribute") is { } attribute
            && map.Text("value") is { } value
            ? new EvalGroup(attribute, value, map.Text("reference"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("attribute", Attribute)
        .Text("value", Value)
        .Text("reference", Reference)
        .Build();
}

/// <summary>An interval around a result.</summary>
/// <param name="Low">Lower end, decimal text.</param>
/// <param name="High">Upper end, decimal text.</param>
/// <param name="Level">Level, decimal text, e.g. 0.95.</param>
/// <param name="Kind">confidence, credible, bootstrap, ….</param>
public sealed record EvalInterval(string Low, string High, string? Level = null, string? Kind = null)
{
    internal static EvalInterval? Read(IpldMap map) =>
        map.Text("low") is { } low
            && map.Text("high") is { } high
            ? new EvalInterval(low, high, map.Text("level"), map.Text("kind"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("low", Low)
        .Text("high", High)
        .Text("level", Level)
        .Text("kind", Kind)
        .Build();
}

/// <summary>What a result was measured on.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="Split">Its split.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Sha256">Its hash.</param>
/// <param name="Parallel">True where the same items exist in every language.</param>
public sealed record EvalDataset(
    string Id,
    string? Config = null,
    string? Split = null,
    string? Revision = null,
    Digest? Sha256 = null,
    bool? Parallel = null)
{
    internal static EvalDataset? Read(IpldMap map) =>
        map.Text("id") is { } id
            ? new EvalDataset(
            id,
            map.Text("config"),
            map.Text("split"),
            map.Text("revision"),
            map.Digest("sha256"),
            map.Boolean("parallel"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("id", Id)
        .Text("config", Config)
        .Text("split", Split)
        .Text("revision", Revision)
        .Digest("sha256", Sha256)
        .Boolean("parallel", Parallel)
        .Build();
}

/// <summary>The value that a result had to reach.</summary>
/// <param name="Op">lt, le, gt or ge.</param>
/// <param name="Value">The value, decimal text.</param>
/// <param name="Outcome">pass or fail.</param>
public sealed record EvalThreshold(string Op, string Value, string? Outcome = null)
{
    internal static EvalThreshold? Read(IpldMap map) =>
        map.Text("op") is { } op
            && map.Text("value") is { } value
            ? new EvalThreshold(op, value, map.Text("outcome"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("op", Op)
        .Text("value", Value)
        .Text("outcome", Outcome)
        .Build();
}

/// <summary>How a result was measured.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Version">Its version.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Shots">Examples in the prompt.</param>
/// <param name="Prompts">Hash of the prompts.</param>
/// <param name="Decoding">How text was drawn.</param>
/// <param name="Judge">Who or what judged.</param>
public sealed record EvalMethod(
    string Tool,
    string? Version = null,
    long? Seed = null,
    long? Shots = null,
    Digest? Prompts = null,
    string? Decoding = null,
    string? Judge = null)
{
    internal static EvalMethod? Read(IpldMap map) =>
        map.Text("tool") is { } tool
            ? new EvalMethod(
            tool,
            map.Text("version"),
            map.Integer("seed"),
            map.Integer("shots"),
            map.Digest("prompts"),
            map.Text("decoding"),
            map.Text("judge"))
            : null;

    /// <summary>The fields as a body carries them; what is absent is left out.</summary>
    public IpldMap ToMap() => new MapBuilder()
        .Text("tool", Tool)
        .Text("version", Version)
        .Integer("seed", Seed)
        .Integer("shots", Shots)
        .Digest("prompts", Prompts)
        .Text("decoding", Decoding)
        .Text("judge", Judge)
        .Build();
}
