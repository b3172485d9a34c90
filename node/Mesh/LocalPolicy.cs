using IncidentMesh.Node.Policy;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Mesh;

/// <summary>The trust policy that the operator's own decisions come to.</summary>
internal static class LocalPolicy
{
    public static TrustPolicy Of(LocalState local, Cid self)
    {
        TrustPolicy policy = new();
        policy.AddOwn(self);
        Each(local.Trusted, policy.Trust);
        Each(local.Denied, id => policy.Deny(id));
        Each(local.Followed, policy.Follow);
        foreach ((string record, bool accepted) in local.Reviews)
        {
            Each([record], id => policy.Review(id.Digest, accepted));
        }

        return policy;
    }

    private static void Each(IEnumerable<string> ids, Action<Cid> take)
    {
        foreach (string text in ids)
        {
            if (Cid.TryParse(text, out Cid id))
            {
                take(id);
            }
        }
    }
}
