namespace IncidentMesh.Tests;

/// <summary>Where the tests find the project's own files, and other people's data beside it.</summary>
internal static class Repo
{
    /// <summary>The folder that holds <c>IncidentMesh.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder <c>shared</c> beside the project, or null on a machine that lacks it.</summary>
    public static string? Shared { get; } = FindShared();

    /// <summary>A file below <see cref="Shared"/>; the test is skipped where it is missing.</summary>
    public static string SharedFile(params string[] parts)
    {
        string? path = Shared is null ? null : Path.Combine([Shared, .. parts]);
        Xunit.Assert.SkipUnless(Path.Exists(path), $"needs ../shared/{string.Join('/', parts)}");
        return path!;
    }

    private static string? FindShared()
    {
        string folder = Path.GetFullPath(Path.Combine(Root, "..", "shared"));
        return Directory.Exists(folder) ? folder : null;
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IncidentMesh.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("no IncidentMesh.sln above the tests");
    }
}
