namespace IncidentMesh.Node.Cluster;

/// <summary>What the machine says of two reports.</summary>
/// <param name="Probability">That they tell of the same event, calibrated: of pairs with .91, 91 in 100
/// do.</param>
/// <param name="Label"><c>very likely</c>, <c>likely</c>, <c>possible</c> or <c>no</c>.</param>
/// <param name="Reasons">Why, in words, strongest first.</param>
public sealed record PairVerdict(double Probability, string Label, IReadOnlyList<string> Reasons);
