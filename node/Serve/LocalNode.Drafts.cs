using IncidentMesh.Protocol.Api;

namespace IncidentMesh.Node.Serve;

// Reports that are being written.
internal sealed partial class LocalNode
{
    private readonly Drafts _drafts;

    // Argon2 and fsync: off the thread of whoever asks.
    public Task<DraftListView> DraftsAsync(DraftRequest? change, CancellationToken stop) => Task.Run(
        () =>
        {
            int? number = change is null ? null : Change(change);
            return new DraftListView(
                ApiSchema.Name, _drafts.HasKey, _drafts.Unlocked, number, _drafts.List());
        },
        stop);

    public Task<DraftView> DraftAsync(int number, CancellationToken stop) =>
        Task.Run(() => _drafts.Load(number), stop);

    private int? Change(DraftRequest change)
    {
        switch (change.Action)
        {
            case "unlock":
                _drafts.Unlock(change.Passphrase is { Length: > 0 } passphrase
                    ? passphrase : throw ApiException.Usage("unlock takes the passphrase"));
                return null;
            case "lock":
                _drafts.Lock();
                return null;
            case "save":
                return _drafts.Save(
                    change.Number, change.Draft ?? throw ApiException.Usage("save takes a draft"));
            case "remove":
                _drafts.Remove(change.Number ?? throw ApiException.Usage("remove takes a number"));
                return null;
            case "wipe":
                _drafts.Wipe();
                return null;
            default:
                throw ApiException.Usage(
                    $"unknown action \"{change.Action}\"", "unlock, lock, save, remove or wipe");
        }
    }
}
