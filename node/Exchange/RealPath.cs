namespace IncidentMesh.Node.Exchange;

/// <summary>Where a path leads, with every link in it followed: what two paths to one file have in
/// common.</summary>
internal static class RealPath
{
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } folder)
        {
            return full;
        }

        FileInfo file = new(Path.Combine(Of(folder), Path.GetFileName(full)));
        return file.LinkTarget is null ? file.FullName
            : Of(file.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
    }
}
