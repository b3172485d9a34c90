namespace IncidentMesh.Node.Search;

/// <summary>Names of the fields of the text index.</summary>
internal static class TextFields
{
    public const string Id = "id";
    public const string Facts = "facts";
    public const string Title = "title";
    public const string Text = "text";
    public const string System = "system";
    public const string Developer = "developer";
    public const string Deployer = "deployer";
    public const string Model = "model";
    public const string Lineage = "lineage";
    public const string Url = "url";
    public const string Tag = "tag";
    public const string ExternalId = "xid";
}
