namespace IncidentMesh.Tui.Data;

/// <summary>Files as people type their names.</summary>
internal static class UserPath
{
    /// <summary>The path in full: <c>~/</c> is the person's own folder, and what begins nowhere begins where
    /// the program was started.</summary>
    public static string Full(string typed)
    {
        string own = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.GetFullPath(
            typed.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(own, typed[2..]) : typed);
    }
}
