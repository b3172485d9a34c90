using System.Numerics.Tensors;

namespace IncidentMesh.Node.Embed;

/// <summary>Arithmetic on embeddings: vectors of unit length, so that cosine is the dot product.</summary>
public static class Vectors
{
    /// <summary>Components of an embedding.</summary>
    public const int Dimensions = 384;

    /// <summary>Dot product; the cosine of two embeddings of the same graph.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => TensorPrimitives.Dot(a, b);
}
