using IncidentMesh.Protocol.Records;

namespace IncidentMesh.Node.Exchange;

/// <summary>One row of a file of another system: a body to be signed here, a record that was signed
/// elsewhere, or why it is neither.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Line">Line in it, from 1; of a CSV row its first line; 1 for a file that is one
/// report.</param>
public sealed record ImportRow(string File, long Line)
{
    /// <summary>What to sign, or null. The same row always gives the same body, so that importing again is
    /// found out by the hash of the body without salt.</summary>
    public TypedBody? Body { get; init; }

    /// <summary>BCP 47 tag of the body's language, or null.</summary>
    public string? Language { get; init; }

    /// <summary>Unix seconds of the source's own date, or null where it has none: sign with the time of
    /// import.</summary>
    public long? Created { get; init; }

    /// <summary>A record that came with its signature, checked, or null.</summary>
    public Record? Record { get; init; }

    /// <summary>The body bytes of <see cref="Record"/>; empty where the body was erased.</summary>
    public ReadOnlyMemory<byte> RecordBody { get; init; }

    /// <summary>The identity events of the author that came with <see cref="Record"/>, not checked.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Identity { get; init; } = [];

    /// <summary>Which table of <c>specs/exchange.md</c> it was read with; null for our own lines.</summary>
    public string? Format { get; init; }

    /// <summary>The fields that the row has in its source, by the names of that table.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Why the row was left out, for a person; null for a good row.</summary>
    public string? Error { get; init; }

    /// <summary>The row as it stands in the file, cut to 64 KiB.</summary>
    public string? Text { get; init; }
}
