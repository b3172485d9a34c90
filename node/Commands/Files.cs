using IncidentMesh.Node.Serve;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>Files named on the command line; <c>-</c> is standard input.</summary>
internal static class Files
{
    public static async Task<string> ReadTextAsync(string path, CancellationToken stop)
    {
        if (path == "-")
        {
            return await Console.In.ReadToEndAsync(stop);
        }

        return await File.ReadAllTextAsync(Check(path), stop);
    }

    public static string Check(string path)
    {
        if (Directory.Exists(path))
        {
            throw ApiException.Usage(T($"{path} is a folder, not a file"));
        }

        return File.Exists(path) ? path : throw ApiException.NotFound(T($"no such file: {path}"));
    }

    /// <summary>Standard input as a file that a node can open, in a private folder; gone when it is
    /// disposed.</summary>
    public sealed class Staged : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incidentmesh-");

        public string Path => System.IO.Path.Combine(_folder.FullName, "stdin");

        public static async Task<Staged> OfInputAsync(CancellationToken stop)
        {
            Staged staged = new();
            try
            {
                await using FileStream file = File.Create(staged.Path);
                await Console.OpenStandardInput().CopyToAsync(file, stop);
                return file.Length > 0 ? staged : throw ApiException.Usage("standard input is empty");
            }
            catch
            {
                staged.Dispose();
                throw;
            }
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
