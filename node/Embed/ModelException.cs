namespace IncidentMesh.Node.Embed;

/// <summary>A model folder that does not run. The node goes on without embedding and shows the
/// fault.</summary>
public sealed class ModelException : Exception
{
    /// <summary>Wraps a fault.</summary>
    public ModelException(ModelFault fault, Exception? inner = null)
        : base(fault.Message, inner) => Fault = fault;

    /// <summary>What is wrong with the model.</summary>
    public ModelFault Fault { get; }
}
