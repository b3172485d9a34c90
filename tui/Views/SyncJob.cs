using IncidentMesh.Protocol.Api;
using IncidentMesh.Tui.Shell;
using IncidentMesh.Tui.Text;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Tui.Views;

/// <summary>Reconciles with all connected peers now, and tells how many are through.</summary>
/// <param name="desk">The desk.</param>
/// <param name="seen">Takes the peers as they are meanwhile.</param>
internal sealed class SyncJob(Desk desk, Action<IReadOnlyList<PeerView>> seen)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly DateTimeOffset started = desk.Time.GetUtcNow();

    public void Run()
    {
        Job job = desk.Jobs.Start(
            T("sync"), lost: false, (node, _, stop) => node.SyncAsync(new SyncRequest(), stop), Over);
        Watch(job);
    }

    private string Over(PeerListView answer)
    {
        seen(answer.Items);
        PeerView[] synced = [.. answer.Items.Where(Through)];
        int came = synced.Sum(p => p.Received);
        return Plural(
            synced.Length, $"with {synced.Length} peer", $"with {Words.Number(synced.Length)} peers")
            + ", " + Plural(came, $"{came} record came in", $"{Words.Number(came)} records came in");
    }

    private bool Through(PeerView peer) =>
        peer.SyncedSecondsAgo is { } ago && ago <= (desk.Time.GetUtcNow() - started).TotalSeconds + 1;

    private void Watch(Job job) => desk.After(Every, () =>
    {
        if (job.Result is not null)
        {
            return;
        }

        desk.Courier.Ask(
            (node, stop) => node.PeersAsync(null, stop),
            answer =>
            {
                seen(answer.Items);
                job.Reached(answer.Items.Count(Through), answer.Items.Count(p => p.Direction is not null));
            },
            desk.Failed);
        Watch(job);
    });
}
