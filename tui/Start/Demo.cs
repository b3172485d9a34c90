using System.Diagnostics;
using System.Text.Json;

namespace IncidentMesh.Tui.Start;

/// <summary>Nodes of <c>incidentmesh demo --keep --json</c>, which end with this program.</summary>
internal sealed class Demo : IDisposable
{
    private readonly IReadOnlyList<(int Process, string Home)> nodes;

    private Demo(string socket, IReadOnlyList<(int, string)> nodes) => (Socket, this.nodes) = (socket, nodes);

    /// <summary>The socket of the first.</summary>
    public string Socket { get; }

    /// <summary>Reads what the command told; null where it is something else.</summary>
    public static Demo? TryRead(string? json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json ?? "");
            JsonElement[] told = [.. document.RootElement.GetProperty("nodes").EnumerateArray()];
            string Text(JsonElement node, string name) => node.GetProperty(name).GetString()!;
            return new Demo(
                Text(told[0], "socket"),
                [.. told.Select(n => (n.GetProperty("process").GetInt32(), Text(n, "home")))]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Ends the nodes and removes what they wrote.</summary>
    public void Dispose()
    {
        foreach ((int id, string home) in nodes)
        {
            try
            {
                using Process node = Process.GetProcessById(id);
                node.Kill();
                node.WaitForExit();
            }
            catch (ArgumentException)
            {
                // It ended by itself.
                continue;
            }
            finally
            {
                Remove(home);
            }
        }
    }

    private static void Remove(string home)
    {
        if (Directory.Exists(home))
        {
            Directory.Delete(home, recursive: true);
        }
    }
}
