using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Cluster;

/// <summary>A report seen from another one.</summary>
/// <param name="Id">Digest of the report's id.</param>
/// <param name="Verdict">What the machine says of the two.</param>
/// <param name="Ruling">What people say of the two; overrides the machine.</param>
/// <param name="Claims">What they said, one by one.</param>
public sealed record ClusterMember(
    Digest Id, PairVerdict Verdict, Ruling Ruling, IReadOnlyCollection<ClusterLink> Claims);

/// <summary>Two reports that the machine takes for one event and that nobody has judged.</summary>
/// <param name="A">The report with the smaller digest.</param>
/// <param name="B">The other report.</param>
/// <param name="Verdict">Probability, label and reasons.</param>
public sealed record ProposedPair(Digest A, Digest B, PairVerdict Verdict);
