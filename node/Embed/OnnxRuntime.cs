using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace IncidentMesh.Node.Embed;

/// <summary>ONNX Runtime, told to tell nobody. Its builds gather what runs where, keep an id of the device in
/// the home folder, and send both to their maker; a node on the laptop of an anonymous source must do
/// neither. <c>specs/security.md</c>.</summary>
internal static class OnnxRuntime
{
    private static readonly Lazy<OrtEnv> Started = new(Start);

    /// <summary>Its environment; nothing of it is used before this was asked for.</summary>
    public static OrtEnv Env => Started.Value;

    private static OrtEnv Start()
    {
        // What .NET sets itself is seen by .NET alone. On Windows the call below is enough.
        if (!OperatingSystem.IsWindows())
        {
            _ = SetVariable([.. "ORT_DISABLE_TELEMETRY\0"u8], [.. "1\0"u8], overwrite: 1);
        }

        OrtEnv env = OrtEnv.Instance();
        env.DisableTelemetryEvents();
        return env;
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetVariable(byte[] name, byte[] value, int overwrite);
}
