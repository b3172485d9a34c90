using System.Security.Cryptography;
using System.Text;

namespace IncidentMesh.Protocol.Api;

/// <summary>Where the socket of a node lies, for the node and its clients alike. <c>specs/api.md</c>,
/// "Transport".</summary>
public static class NodeSocket
{
    // sun_path holds 108 bytes on Linux and 104 elsewhere, with the final zero.
    private const int PathBytes = 103;

    /// <summary>Path of the socket.</summary>
    /// <param name="folder">Where it belongs.</param>
    /// <param name="home">The node's folder, in full: where the path is too long for a socket, its hash tells
    /// this node's from others'.</param>
    /// <param name="session">The session's folder (<c>XDG_RUNTIME_DIR</c>), or null.</param>
    /// <param name="temporary">The folder of temporary files, where there is no session's.</param>
    public static string PathIn(string folder, string home, string? session, string temporary)
    {
        string wanted = Path.Combine(folder, "api.sock");
        if (Encoding.UTF8.GetByteCount(wanted) <= PathBytes)
        {
            return wanted;
        }

        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(home)))[..16];
        return Path.Combine(session ?? temporary, $"incidentmesh-{name}.sock");
    }
}
