using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Node.Serve;

/// <summary>Reports that are being written, one sealed file each under <c>drafts/</c>
/// (<c>specs/drafts.md</c>). Saving needs no passphrase, reading does: whoever takes the laptop reads none. A
/// file is replaced as a whole, so a crash leaves the old draft or the new one.</summary>
internal sealed partial class Drafts(DataFolder folder) : IDisposable
{
    /// <summary>Bytes of a draft: a body with its escapes, and a form beside it.</summary>
    public const int MostBytes = 512 << 10;

    private const string Extension = ".draft";
    private const string Purpose = "incidentmesh/draft/v1";
    private static readonly byte[] Magic = "IMDRAFT1"u8.ToArray();
    private readonly Lock _gate = new();
    private byte[]? _secret;

    /// <summary>Whether there is a key to seal to.</summary>
    public bool HasKey => File.Exists(PublicFile);

    /// <summary>Whether the key is open.</summary>
    public bool Unlocked => _secret is not null;

    private string PublicFile => Path.Combine(folder.Keys, "draft.pub");

    /// <summary>Opens the key, and makes it where there is none.</summary>
    /// <exception cref="ApiException">The passphrase is wrong (4).</exception>
    public void Unlock(string passphrase)
    {
        if (!HasKey)
        {
            Keyring.CreateDraftKey(folder, passphrase);
        }

        byte[] secret = Keyring.OpenDraftKey(folder, passphrase);
        lock (_gate)
        {
            _secret = secret;
        }
    }

    /// <summary>Forgets the open key.</summary>
    public void Lock()
    {
        lock (_gate)
        {
            CryptographicOperations.ZeroMemory(_secret);
            _secret = null;
        }
    }

    /// <summary>Saves a draft; it is on disk when this returns.</summary>
    /// <returns>Its number.</returns>
    public int Save(int? number, DraftContent draft)
    {
        if (!HasKey)
        {
            throw Locked("there is no key yet that drafts are sealed to");
        }

        byte[] content = JsonSerializer.SerializeToUtf8Bytes(draft, ApiJson.Default.DraftContent);
        if (content.Length > MostBytes)
        {
            throw new ApiException(
                "draft-size", $"the draft has {content.Length:N0} bytes; {MostBytes:N0} are kept",
                "large files belong into evidence, by hash", ExitCode.NoRoom);
        }

        byte[] recipient = Convert.FromHexString(File.ReadAllText(PublicFile).Trim());
        byte[] box = SealedBox.Seal(
            recipient, content, Purpose, RandomNumberGenerator.GetBytes(SealedBox.KeyLength));
        CryptographicOperations.ZeroMemory(content);
        lock (_gate)
        {
            string? held = number is { } taken && File.Exists(HeldPath(taken)) ? HeldPath(taken) : null;
            if (number is { } known && held is null && !File.Exists(PathOf(known)))
            {
                throw Missing(known);
            }

            int at = number ?? NextNumber();
            Files.WriteAtomic(PathOf(at), [.. Magic, .. box]);
            if (held is not null)
            {
                Overwrite(held);
            }

            return at;
        }
    }

    /// <summary>All drafts and what is held, latest first; titles of drafts only while the key is
    /// open.</summary>
    public IReadOnlyList<DraftItem> List() =>
    [
        .. Numbers(Extension).Select(n => PathOf(n)).Concat(Numbers(HeldExtension).Select(HeldPath))
            .Select(path => new FileInfo(path)).Where(f => f.Exists)
            .OrderByDescending(f => f.LastWriteTimeUtc)
            .Select(f => Item(f, f.Extension == HeldExtension ? LoadHeld(NumberOf(f.Name)) : null)),
    ];

    /// <summary>Opens a draft.</summary>
    /// <exception cref="ApiException">No such draft (3), the key is not open (4), or the file is damaged
    /// (6).</exception>
    public DraftView Load(int number)
    {
        if (LoadHeld(number) is { } held)
        {
            return held;
        }

        string path = PathOf(number);
        if (!File.Exists(path))
        {
            throw Missing(number);
        }

        byte[] secret = _secret ?? throw Locked("drafts are sealed");
        byte[] bytes = File.ReadAllBytes(path);
        bool opened = bytes.AsSpan().StartsWith(Magic)
            & SealedBox.TryOpen(secret, bytes.AsSpan(Math.Min(Magic.Length, bytes.Length)), Purpose,
                out byte[]? content);
        DraftContent? draft = opened
            ? JsonSerializer.Deserialize(content, ApiJson.Default.DraftContent) : null;
        return draft is null
            ? throw new ApiException(
                "draft-damaged", $"draft {number} cannot be opened: it is damaged, or sealed to another key",
                $"the file stays: {path}", ExitCode.Damaged)
            : new DraftView(ApiSchema.Name, number, File.GetLastWriteTimeUtc(path), draft);
    }

    /// <summary>Removes a draft.</summary>
    public void Remove(int number)
    {
        string path = File.Exists(HeldPath(number)) ? HeldPath(number) : PathOf(number);
        if (!File.Exists(path))
        {
            throw Missing(number);
        }

        Overwrite(path);
    }

    /// <summary>Overwrites and removes all drafts and what is held, and the key without which no draft can be
    /// opened, wherever copies of them lie.</summary>
    /// <returns>How many drafts there were.</returns>
    public int Wipe()
    {
        Lock();
        string[] written =
            [.. Numbers(Extension).Select(n => PathOf(n)), .. Numbers(HeldExtension).Select(HeldPath)];
        foreach (string path in new[] { Keyring.DraftKeyPath(folder), PublicFile }.Concat(written)
            .Where(File.Exists))
        {
            Overwrite(path);
        }

        return written.Length;
    }

    public void Dispose() => Lock();

    // In place, then gone. Flash storage, snapshots and backups may still hold the old bytes.
    private static void Overwrite(string path)
    {
        using (FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            file.Write(RandomNumberGenerator.GetBytes((int)file.Length));
            file.Flush(flushToDisk: true);
        }

        File.Delete(path);
    }

    private static ApiException Locked(string message) => ApiException.NotAllowed(
        "drafts-locked", message, "the passphrase of the keys opens them: --passphrase-file=FILE");

    private static ApiException Missing(int number) =>
        ApiException.NotFound($"no draft {number}", "incidentmesh draft list shows those that there are");

    private static int NumberOf(string name) => int.TryParse(
        Path.GetFileNameWithoutExtension(name), NumberStyles.None, CultureInfo.InvariantCulture, out int n)
        ? n : 0;

    private int NextNumber() =>
        Numbers(Extension).Concat(Numbers(HeldExtension)).DefaultIfEmpty(0).Max() + 1;

    private IEnumerable<int> Numbers(string extension) => !Directory.Exists(folder.Drafts) ? []
        : Directory.EnumerateFiles(folder.Drafts, "*" + extension).Select(NumberOf).Where(n => n > 0);

    private string PathOf(int number, string extension = Extension) => Path.Combine(
        folder.Drafts, number.ToString(CultureInfo.InvariantCulture) + extension);

    private DraftItem Item(FileInfo file, DraftView? held)
    {
        int number = NumberOf(file.Name);
        string? title = null;
        try
        {
            title = held is not null || Unlocked ? TitleOf((held ?? Load(number)).Draft.Body) : null;
        }
        catch (ApiException e)
        {
            title = $"({e.Error.Message})";
        }

        return new DraftItem(number, file.LastWriteTimeUtc, file.Length, title, held?.Held);
    }

    private static string TitleOf(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("title", out JsonElement title)
        && title.ValueKind == JsonValueKind.String ? title.GetString()! : "";
}
