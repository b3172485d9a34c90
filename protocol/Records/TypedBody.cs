using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>A body whose fields have names and kinds. Reading is lenient (a field of another kind reads as
/// absent), unknown keys are kept, and <see cref="Check"/> says what breaks a rule. <c>specs/records.md</c>,
/// "Bodies".</summary>
public abstract class TypedBody
{
    private IpldMap _map;

    private protected TypedBody(string type, IpldMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        Type = type;
        _map = map;
    }

    /// <summary>The type of record that this is the body of.</summary>
    public string Type { get; }

    /// <summary>The fields as they stand, with the salt where it was read from a record.</summary>
    public IpldMap ToMap() => _map;

    /// <summary>Every rule that a field breaks, with the field's path; empty when the body is fit to be
    /// signed.</summary>
    public IReadOnlyList<FieldProblem> Check() => Schema.Of(Type)!.Check(_map);

    /// <summary>The body of a record of <paramref name="type"/>, or null for a type that this version does
    /// not understand.</summary>
    public static TypedBody? Read(string type, IpldMap map) => type switch
    {
        RecordTypes.Incident => new IncidentBody(map),
        RecordTypes.ModelRisk => new ModelRiskBody(map),
        RecordTypes.Attestation => new AttestationBody(map),
        RecordTypes.Correction => new CorrectionBody(map),
        RecordTypes.Retraction => new RetractionBody(map),
        RecordTypes.Link => new LinkBody(map),
        RecordTypes.Profile => new ProfileBody(map),
        RecordTypes.TrustList => new TrustListBody(map),
        RecordTypes.Model => new ModelBody(map),
        _ => null,
    };

    private protected string? GetText(string key) => _map.Text(key);

    private protected bool? GetBoolean(string key) => _map.Boolean(key);

    private protected IReadOnlyList<string> GetTexts(string key) => _map.Texts(key);

    private protected T? GetPart<T>(string key, Func<IpldMap, T?> read)
        where T : class => _map.Part(key, read);

    private protected IReadOnlyList<T> GetParts<T>(string key, Func<IpldMap, T?> read)
        where T : class => _map.Parts(key, read);

    private protected void SetText(string key, string? value) =>
        Set(key, value is null ? null : new IpldText(value));

    private protected void SetBoolean(string key, bool? value) =>
        Set(key, value is { } b ? new IpldBoolean(b) : null);

    private protected void SetTexts(string key, IReadOnlyList<string> value) =>
        SetList(key, value.Select(v => new IpldText(v)));

    private protected void SetPart<T>(string key, T? value, Func<T, IpldMap> write)
        where T : class => Set(key, value is null ? null : write(value));

    private protected void SetParts<T>(string key, IReadOnlyList<T> value, Func<T, IpldMap> write) =>
        SetList(key, value.Select(write));

    private void SetList(string key, IEnumerable<IpldNode> items)
    {
        IpldNode[] nodes = [.. items];
        Set(key, nodes.Length == 0 ? null : new IpldList(nodes));
    }

    /// <summary>Sets a field, or removes it with null.</summary>
    public void Set(string key, IpldNode? value) =>
        _map = value is null ? _map.Without(key) : _map.With(key, value);
}
