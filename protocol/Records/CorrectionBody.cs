using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Protocol.Records;

/// <summary>Body of a <c>correction</c>: the whole new content of the own record that <c>rel supersedes</c>
/// names, so that one version can be read without the others. <c>specs/records.md</c>,
/// "Corrections".</summary>
public sealed class CorrectionBody : TypedBody
{
    /// <summary>An empty body.</summary>
    public CorrectionBody()
        : this(IpldMap.Empty)
    {
    }

    /// <summary>The fields of <paramref name="map"/>.</summary>
    public CorrectionBody(IpldMap map)
        : base(RecordTypes.Correction, map)
    {
    }

    /// <summary>A correction to <paramref name="content"/>.</summary>
    /// <param name="content">The new content; its salt is left out.</param>
    /// <param name="reason">Why, in words.</param>
    public static CorrectionBody Of(TypedBody content, string? reason)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new CorrectionBody
        {
            Corrects = content.Type,
            Content = content.ToMap().Without(RecordBody.Salt),
            Reason = reason,
        };
    }

    /// <summary>Why, in words.</summary>
    public string? Reason
    {
        get => GetText("reason");
        set => SetText("reason", value);
    }

    /// <summary>The type of what is corrected.</summary>
    public string? Corrects
    {
        get => GetText("corrects");
        set => SetText("corrects", value);
    }

    /// <summary>The new fields, without salt.</summary>
    public IpldMap? Content
    {
        get => ToMap().Get<IpldMap>("content");
        set => Set("content", value);
    }

    /// <summary>The new content as a body of its own type; null where that is missing, not understood, or
    /// itself a correction.</summary>
    public TypedBody? Corrected() =>
        Corrects is { } type and not RecordTypes.Correction && Content is { } content
            ? Read(type, content)
            : null;
}
