using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Tests.Store;

/// <summary>Rows that can be told apart, and frames whose reader needs no record format.</summary>
internal static class RowSamples
{
    private static readonly string[] Types =
        ["incident", "incident", "incident", "model-risk", "attestation"];

    private static readonly string?[] Severities =
        [null, "hazard", "incident", "serious-incident", "disaster"];

    private static readonly string[] Countries = ["DE", "FR", "JP", "US", "NL", "IN", "BR"];

    public static Digest Id(int n) => Digest.Sha256(BitConverter.GetBytes(n));

    public static Digest Author(int n) => Digest.Sha256([(byte)n, 0xaa]);

    public static PublicKey Key(int n) => new(Digest.Sha256([(byte)n, 0xbb]).ToArray());

    /// <summary>Row n: created n seconds after a start, authors and keys by n modulo 10.</summary>
    public static RowFields Row(int n, params RowLink[] links) => new()
    {
        Id = Id(n),
        Author = Author(n % 10),
        Key = Key(n % 10),
        Type = Types[n % 5],
        Severity = Severities[n % 7 % 5],
        Language = n % 3 == 0 ? "de" : n % 3 == 1 ? "fr" : null,
        Countries = n % 4 == 3 ? [] : [Countries[n % 7], Countries[(n + 2) % 7]],
        Created = 1_700_000_000 + n,
        Received = new Instant(1_000 + n),
        Position = new LogPosition(1, 64 + (n * 8)),
        Seq = n / 10,
        ContentHash = (ulong)(n + 1),
        Links = links,
    };

    /// <summary>A frame that <see cref="Read"/> turns into <see cref="Row"/> n with the n - 10 before
    /// it.</summary>
    public static LogEntry Entry(int n) => new(
        FrameKind.Record, BitConverter.GetBytes(n), LogSamples.Fill(n, 200), new Instant(1_000 + n));

    public static bool Read(LogFrame frame, out RowFields fields)
    {
        if (frame.Head.Length != 4)
        {
            fields = default;
            return false;
        }
        int n = BitConverter.ToInt32(frame.Head.Span);
        RowLink[] links = n < 10 ? [] : [new(RowLink.Previous, Id(n - 10))];
        fields = Row(n, links) with { Position = frame.Position, Received = frame.Received };
        return true;
    }
}
