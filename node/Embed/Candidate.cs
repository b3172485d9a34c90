using Microsoft.ML.OnnxRuntime;

namespace IncidentMesh.Node.Embed;

/// <summary>An execution provider that may run the model, and how it is added to a session.</summary>
/// <param name="Name">The device in words.</param>
/// <param name="Provider">ONNX Runtime's name of the provider.</param>
/// <param name="AppendTo">Adds the provider; throws what ONNX Runtime throws where it cannot.</param>
internal sealed record Candidate(string Name, string Provider, Action<SessionOptions> AppendTo)
{
    public const string Cpu = "CPUExecutionProvider";
    private const string Cuda = "CUDAExecutionProvider";
    private const string DirectMl = "DmlExecutionProvider";

    private static readonly Lock PluginLock = new();
    private static readonly Dictionary<string, List<OrtEpDevice>> Plugins = new(StringComparer.Ordinal);

    public static Candidate CpuOnly { get; } = new("CPU", Cpu, static _ => { });

    /// <summary>The accelerators to try, best first; the CPU comes after them and is not listed. What was
    /// asked for by name and cannot be tried at all is told in <paramref name="reasons"/>.</summary>
    public static IEnumerable<Candidate> InOrder(EmbeddingOptions options, List<string> reasons)
    {
        string[] built = OnnxRuntime.Env.GetAvailableProviders();
        EmbeddingProvider asked = options.Provider;
        bool auto = asked == EmbeddingProvider.Auto;
        if (asked == EmbeddingProvider.DirectMl || (auto && built.Contains(DirectMl)))
        {
            yield return new(
                $"DirectML device {options.Device}", DirectMl, s => AppendDirectMl(s, options.Device));
        }

        if (asked == EmbeddingProvider.Cuda || (auto && built.Contains(Cuda)))
        {
            yield return new($"CUDA device {options.Device}", Cuda, s => AppendCuda(s, options.Device));
        }

        if (asked == EmbeddingProvider.Plugin && options.PluginLibrary is null)
        {
            reasons.Add("plug-in: no library is configured (embed.plugin)");
        }
        else if ((asked == EmbeddingProvider.Plugin || auto) && options.PluginLibrary is string library)
        {
            if (Plugin(library, options.Device, reasons) is Candidate plugin)
            {
                yield return plugin;
            }
        }
    }

    /// <summary>What ONNX Runtime says went wrong: one line, without the places in its source.</summary>
    public static string Why(Exception e)
    {
        const string Mark = ": FAIL : ";
        string line = e.Message.Split('\n', 2)[0].Trim();
        int at = line.LastIndexOf(Mark, StringComparison.Ordinal);
        return at < 0 ? line : line[(at + Mark.Length)..];
    }

    private static void AppendDirectMl(SessionOptions settings, int device)
    {
        // DirectML refuses memory patterns and parallel execution (ONNX Runtime, DirectML execution
        // provider).
        settings.EnableMemoryPattern = false;
        settings.AppendExecutionProvider_DML(device);
    }

    private static void AppendCuda(SessionOptions settings, int device)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new Dictionary<string, string>
        {
            ["device_id"] = device.ToString(System.Globalization.CultureInfo.InvariantCulture),

            // Otherwise the first run of every new shape searches for the fastest convolution.
            ["cudnn_conv_algo_search"] = "HEURISTIC",
        });
        settings.AppendExecutionProvider_CUDA(cuda);
    }

    /// <summary>Registers a plug-in library once in the process and picks one of its devices.</summary>
    private static Candidate? Plugin(string library, int device, List<string> reasons)
    {
        string name = Path.GetFileName(library);
        if (!File.Exists(library))
        {
            reasons.Add($"plug-in: there is no file {library}");
            return null;
        }

        try
        {
            List<OrtEpDevice> devices = DevicesOf(Path.GetFullPath(library));
            if (device >= devices.Count)
            {
                reasons.Add(devices.Count == 0
                    ? $"plug-in {name}: it offers no device on this machine"
                    : $"plug-in {name}: it offers {devices.Count} devices, there is no device {device}");
                return null;
            }

            OrtEpDevice chosen = devices[device];
            return new Candidate(
                $"{chosen.EpName} on {chosen.HardwareDevice.Vendor} {chosen.HardwareDevice.Type}".Trim(),
                chosen.EpName,
                s => s.AppendExecutionProvider(
                    OnnxRuntime.Env, [chosen], new Dictionary<string, string>()));
        }
        catch (OnnxRuntimeException e)
        {
            reasons.Add($"plug-in {name}: {Why(e)}");
            return null;
        }
    }

    private static List<OrtEpDevice> DevicesOf(string library)
    {
        lock (PluginLock)
        {
            if (!Plugins.TryGetValue(library, out List<OrtEpDevice>? devices))
            {
                OrtEnv env = OnnxRuntime.Env;
                var before = env.GetEpDevices().Select(d => d.EpName).ToHashSet(StringComparer.Ordinal);
                env.RegisterExecutionProviderLibrary($"incidentmesh-{Plugins.Count}", library);
                devices = [.. env.GetEpDevices().Where(d => !before.Contains(d.EpName))];
                Plugins[library] = devices;
            }

            return devices;
        }
    }
}
