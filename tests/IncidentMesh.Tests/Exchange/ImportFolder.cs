using System.Text;
using IncidentMesh.Node.Exchange;
using Xunit;

namespace IncidentMesh.Tests.Exchange;

/// <summary>A folder with files to import.</summary>
internal sealed class ImportFolder : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("incidentmesh-import-").FullName;

    public string Path => folder;

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        string file = System.IO.Path.Combine(folder, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
        return file;
    }

    public static List<ImportRow> Read(string path, ImportFormat expected,
        ImportFormat asked = ImportFormat.Auto)
    {
        Assert.True(Importer.TryOpen(path, asked, out var rows, out ImportFormat found, out string? problem),
            problem);
        Assert.Equal(expected, found);
        return [.. rows];
    }

    public static string Refused(string path, ImportFormat asked = ImportFormat.Auto)
    {
        Assert.False(Importer.TryOpen(path, asked, out _, out _, out string? problem));
        return problem;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
