namespace IncidentMesh.Protocol.Records;

/// <summary>A field that breaks a rule, in words for whoever typed it.</summary>
/// <param name="Path">Where it stands, e.g. <c>systems[0].models[2].files[0].sha256</c>.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record FieldProblem(string Path, string Message)
{
    /// <summary><c>severity.value: "huge" is not in oecd-severity 1.0: hazard, …</c>.</summary>
    public override string ToString() => $"{Path}: {Message}";
}
