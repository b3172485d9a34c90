using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Embed;

/// <summary>Why a model folder cannot be used.</summary>
public enum ModelFaultKind
{
    /// <summary>The folder or one of its files is not there.</summary>
    Missing,

    /// <summary>A file is not the one that the folder's <c>SHA256SUMS</c> names.</summary>
    Damaged,

    /// <summary>The files are there but do not make a model of this form: inputs, output or dimensions
    /// differ.</summary>
    Unusable,
}

/// <summary>A model that cannot be used, in words for the operator. The node goes on without
/// embedding.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Message">One line, naming the file.</param>
public sealed record ModelFault(ModelFaultKind Kind, string Message);

/// <summary>A folder that holds an embedding model: <c>cpu.onnx</c>, <c>gpu.onnx</c>, <c>weights.bin</c>
/// (external data of both) and <c>tokenizer.model</c>. The shipped one lies in <c>model</c> beside the
/// executable; an operator may point at another of the same form (<c>node/model/README.md</c>).</summary>
public sealed class ModelFolder
{
    /// <summary>Graph for the CPU, one text at a time.</summary>
    public const string CpuGraphFile = "cpu.onnx";

    /// <summary>Graph for every other provider.</summary>
    public const string GpuGraphFile = "gpu.onnx";

    private const string WeightsFile = "weights.bin";
    private const string TokenizerFile = "tokenizer.model";
    private const string SumsFile = "SHA256SUMS";
    private static readonly string[] Files = [CpuGraphFile, GpuGraphFile, WeightsFile, TokenizerFile];

    private readonly Dictionary<string, Digest> _sums;

    private ModelFolder(string path, Dictionary<string, Digest> sums)
    {
        Path = path;
        _sums = sums;
    }

    /// <summary>The folder of the model that ships with the node.</summary>
    public static string Shipped => System.IO.Path.Combine(AppContext.BaseDirectory, "model");

    /// <summary>Absolute path of the folder.</summary>
    public string Path { get; }

    /// <summary>Path of the SentencePiece model.</summary>
    public string Tokenizer => PathOf(TokenizerFile);

    /// <summary>Absolute path of one of the folder's files.</summary>
    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>What a vector depends on besides the text: SHA-256 over a label and the hashes of the
    /// graph, the weights and the tokenizer. Vectors with different graph hashes are never
    /// compared.</summary>
    /// <param name="graphFile"><see cref="CpuGraphFile"/> or <see cref="GpuGraphFile"/>.</param>
    public Digest GraphHash(string graphFile)
    {
        byte[] label = Encoding.ASCII.GetBytes("incidentmesh/graph/v1");
        byte[] all = [.. label, .. _sums[graphFile].ToArray(), .. _sums[WeightsFile].ToArray(),
            .. _sums[TokenizerFile].ToArray()];
        return Digest.Sha256(all);
    }

    /// <summary>Finds and hashes the files (82 MB: about 0.1 s). Where the folder has a <c>SHA256SUMS</c>
    /// file, each file that it lists must match.</summary>
    public static bool TryOpen(
        string path, [NotNullWhen(true)] out ModelFolder? folder, [NotNullWhen(false)] out ModelFault? fault)
    {
        folder = null;
        path = System.IO.Path.GetFullPath(path);
        var sums = new Dictionary<string, Digest>(StringComparer.Ordinal);
        try
        {
            foreach (string file in Files)
            {
                string full = System.IO.Path.Combine(path, file);
                if (!File.Exists(full))
                {
                    fault = new ModelFault(ModelFaultKind.Missing, $"the embedding model lacks {full}");
                    return false;
                }

                using FileStream stream = File.OpenRead(full);
                sums[file] = new Digest(SHA256.HashData(stream));
            }

            fault = Check(path, sums);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = new ModelFault(
                ModelFaultKind.Missing, $"the embedding model cannot be read: {e.Message}");
        }

        if (fault is not null)
        {
            return false;
        }

        folder = new ModelFolder(path, sums);
        return true;
    }

    private static ModelFault? Check(string path, Dictionary<string, Digest> sums)
    {
        string list = System.IO.Path.Combine(path, SumsFile);
        if (!File.Exists(list))
        {
            return null;
        }

        foreach (string line in File.ReadLines(list))
        {
            string[] parts = line.Split(
                [' ', '*'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts.Length == 2 && sums.TryGetValue(parts[1], out Digest found)
                && !string.Equals(parts[0], found.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                long size = new FileInfo(System.IO.Path.Combine(path, parts[1])).Length;
                return new ModelFault(ModelFaultKind.Damaged, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{parts[1]} of the embedding model ({size} bytes) is not the file that {list} names"));
            }
        }

        return null;
    }
}
