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
        return policy;
    }

    private static void Each(IEnumerable<string> authors, Action<Cid> take)
    {
        foreach (string text in authors)
        {
            if (Cid.TryParse(text, out Cid id))
            {
                take(id);
            }
        }
    }
}
