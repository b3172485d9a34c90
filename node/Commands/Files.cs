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

    /// <summary>Copies standard input to a file that a node can open, and returns its path.</summary>
    public static async Task<string> StageAsync(CancellationToken stop)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("incidentmesh-").FullName, "stdin.jsonl");
        await using FileStream file = File.Create(path);
        await Console.OpenStandardInput().CopyToAsync(file, stop);
        return path;
    }

    public static string Check(string path)
    {
        if (Directory.Exists(path))
        {
            throw ApiException.Usage(T($"{path} is a folder, not a file"));
        }

        return File.Exists(path) ? path : throw ApiException.NotFound(T($"no such file: {path}"));
    }
}
