namespace IncidentMesh.Protocol;

/// <summary>How far the damage of a fault reaches: what its owner must throw away.</summary>
public enum FaultScope
{
    /// <summary>One message or record; the stream goes on.</summary>
    Message,

    /// <summary>The stream must be reset; the connection goes on.</summary>
    Stream,

    /// <summary>The connection must be closed.</summary>
    Connection,
}

/// <summary>What a peer did wrong. A fault is a value, never an exception: an exception means a bug of ours
/// or the disk.</summary>
/// <param name="Code">A stable word, lower case with hyphens, e.g. <c>cbor-key-order</c>; <c>explain error
/// CODE</c> tells it.</param>
/// <param name="Scope">How far the damage reaches.</param>
/// <param name="Detail">What was expected and what came, for the operator's log; never shown without
/// escaping.</param>
public sealed record Fault(string Code, FaultScope Scope, string Detail)
{
    /// <summary>A fault that spoils one message only.</summary>
    public static Fault Message(string code, string detail) => new(code, FaultScope.Message, detail);

    /// <summary>A fault after which the stream cannot be read on.</summary>
    public static Fault Stream(string code, string detail) => new(code, FaultScope.Stream, detail);

    /// <summary>A fault after which nothing more from this connection can be trusted.</summary>
    public static Fault Connection(string code, string detail) => new(code, FaultScope.Connection, detail);

    /// <inheritdoc/>
    public override string ToString() => $"{Code}: {Detail}";
}
