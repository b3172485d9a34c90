namespace IncidentMesh.Node.Store;

/// <summary>Appends that build on each other, as a record names the one before it: once one of them has
/// failed, the log writes none of those after it, so that what is durable is always a beginning.</summary>
public sealed class AppendChain
{
    // The owner of the log alone reads and writes it.
    internal StoreException? Broken { get; set; }
}
