using System.Security.Cryptography;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;
using IncidentMesh.Protocol.Wire;

namespace IncidentMesh.Node.Serve;

/// <summary>The keys of a node, as they lie in <c>keys/</c> (<c>specs/identity.md</c>, "Key files"): the
/// device key that
/// signs records, the host key that libp2p knows it by, the secret that salts bodies, and the identity's
/// events.
/// The root and next keys are written once and not read here: they belong somewhere else.</summary>
internal sealed class Keyring : IDisposable
{
    private const string EventsFile = "identity.events";
    private const int EventFileBytes = 1 << 20;

    private Keyring(SigningKey device, SigningKey host, byte[] secret, IReadOnlyList<IdentityEvent> events)
    {
        (Device, Host, NodeSecret, Events) = (device, host, secret, events);
        IdentityEvent grant = events.Last(e => e.Added.Any(g => g.Allows(device.Public, KeyGrant.Sign)));
        (Author, Auth) = (grant.Author, grant.Id);
    }

    /// <summary>Signs records.</summary>
    public SigningKey Device { get; }

    /// <summary>Is known to other nodes as this node; never an author's key.</summary>
    public SigningKey Host { get; }

    /// <summary>32 bytes that the salts of bodies come of.</summary>
    public byte[] NodeSecret { get; }

    /// <summary>The identity's events, oldest first.</summary>
    public IReadOnlyList<IdentityEvent> Events { get; }

    /// <summary>The identity.</summary>
    public Cid Author { get; }

    /// <summary>The event that added the device key.</summary>
    public Cid Auth { get; }

    /// <summary>True where <paramref name="folder"/> holds keys.</summary>
    public static bool Exists(DataFolder folder) => File.Exists(PathOf(folder, "device"));

    /// <summary>Makes an identity, a device key and a host key, and writes all of them.</summary>
    /// <param name="folder">The node's folder; it must hold no keys.</param>
    /// <param name="passphrase">Seals the root and next keys.</param>
    /// <param name="sealDevice">Seal the device key too: every start then asks for the passphrase.</param>
    /// <param name="created">Unix seconds.</param>
    public static Keyring Create(DataFolder folder, string passphrase, bool sealDevice, long created)
    {
        folder.Create();
        byte[] rootSeed = RandomNumberGenerator.GetBytes(SigningKey.SeedLength);
        byte[] nextSeed = RandomNumberGenerator.GetBytes(SigningKey.SeedLength);
        byte[] deviceSeed = RandomNumberGenerator.GetBytes(SigningKey.SeedLength);
        byte[] hostSeed = RandomNumberGenerator.GetBytes(SigningKey.SeedLength);
        byte[] secret = RandomNumberGenerator.GetBytes(KeyFile.SecretLength);
        using SigningKey root = SigningKey.FromSeed(rootSeed);
        using SigningKey next = SigningKey.FromSeed(nextSeed);
        SigningKey device = SigningKey.FromSeed(deviceSeed);
        IdentityEvent inception = IdentityEvent.Inception(
            root, IdentityEvent.Commitment(next.Public), [KeyGrant.Signing(device.Public)], created);
        Write(folder, "root", Seal("root", rootSeed, passphrase));
        Write(folder, "next", Seal("next", nextSeed, passphrase));
        Write(folder, "host", KeyFile.EncodeClear("host", hostSeed));
        Write(folder, KeyFile.NodeKind, KeyFile.EncodeClear(KeyFile.NodeKind, secret));
        Files.WriteAtomic(Path.Combine(folder.Keys, EventsFile), Frame.Write(inception.Envelope.Span));
        WriteDraftKey(folder, passphrase);

        // Last: a folder without a device key is one that was never set up.
        string text = sealDevice
            ? Seal("device", deviceSeed, passphrase)
            : KeyFile.EncodeClear("device", deviceSeed);
        Write(folder, "device", text);
        SigningKey host = SigningKey.FromSeed(hostSeed);
        foreach (byte[] seed in new[] { rootSeed, nextSeed, deviceSeed, hostSeed })
        {
            CryptographicOperations.ZeroMemory(seed);
        }

        return new Keyring(device, host, secret, [inception]);
    }

    /// <summary>Reads the keys of a node.</summary>
    /// <param name="folder">The node's folder.</param>
    /// <param name="passphrase">Asked only where the device key is sealed.</param>
    /// <exception cref="ApiException">No node was set up there (3), a file is damaged (6), or the passphrase
    /// is
    /// wrong (4).</exception>
    public static async Task<Keyring> LoadAsync(DataFolder folder, Func<Task<string>> passphrase)
    {
        if (!Exists(folder))
        {
            throw ApiException.NotFound(
                $"no node was set up in {folder.Home}", "incidentmesh init sets one up");
        }

        string text = await File.ReadAllTextAsync(PathOf(folder, "device"));
        string? given = KeyFile.NeedsPassphrase(text) ? await passphrase() : null;
        SigningKey device = SigningKey.FromSeed(Open(text, "device", given));
        string host = await File.ReadAllTextAsync(PathOf(folder, "host"));
        string node = await File.ReadAllTextAsync(PathOf(folder, KeyFile.NodeKind));
        return new Keyring(
            device,
            SigningKey.FromSeed(Open(host, "host", null)),
            Open(node, KeyFile.NodeKind, null),
            ReadEvents(Path.Combine(folder.Keys, EventsFile), device.Public));
    }

    /// <summary>Where the key lies that opens drafts.</summary>
    public static string DraftKeyPath(DataFolder folder) => PathOf(folder, KeyFile.DraftKind);

    /// <summary>Makes the key that drafts are sealed to, under the passphrase of the root key where that
    /// still lies here.</summary>
    /// <exception cref="ApiException">The passphrase is not that of the root key (4).</exception>
    public static void CreateDraftKey(DataFolder folder, string passphrase)
    {
        if (File.Exists(PathOf(folder, "root")))
        {
            CryptographicOperations.ZeroMemory(
                Open(File.ReadAllText(PathOf(folder, "root")), "root", passphrase));
        }

        WriteDraftKey(folder, passphrase);
    }

    /// <summary>The secret that opens drafts.</summary>
    /// <exception cref="ApiException">The passphrase is wrong (4), or the file is damaged (6).</exception>
    public static byte[] OpenDraftKey(DataFolder folder, string passphrase) =>
        Open(File.ReadAllText(DraftKeyPath(folder)), KeyFile.DraftKind, passphrase);

    /// <inheritdoc/>
    public void Dispose()
    {
        Device.Dispose();
        Host.Dispose();
    }

    private static string PathOf(DataFolder folder, string kind) => Path.Combine(folder.Keys, kind + ".key");

    // The public half last: with it alone drafts are saved that nobody could open.
    private static void WriteDraftKey(DataFolder folder, string passphrase)
    {
        byte[] secret = RandomNumberGenerator.GetBytes(KeyFile.SecretLength);
        Write(folder, KeyFile.DraftKind, Seal(KeyFile.DraftKind, secret, passphrase));
        string text = Convert.ToHexStringLower(SealedBox.PublicOf(secret)) + "\n";
        CryptographicOperations.ZeroMemory(secret);
        Files.WriteAtomic(
            Path.Combine(folder.Keys, "draft.pub"), System.Text.Encoding.ASCII.GetBytes(text));
    }

    private static string Seal(string kind, byte[] seed, string passphrase) =>
        KeyFile.Encode(kind, seed, passphrase, RandomNumberGenerator.GetBytes(KeyFile.RandomLength));

    private static void Write(DataFolder folder, string kind, string text) =>
        Files.WriteAtomic(PathOf(folder, kind), System.Text.Encoding.UTF8.GetBytes(text));

    private static byte[] Open(string text, string kind, string? passphrase)
    {
        if (KeyFile.TryDecode(text, kind, passphrase, out byte[]? secret, out Fault? fault))
        {
            return secret;
        }

        throw fault.Code == "key-file-passphrase"
            ? ApiException.NotAllowed(
                "passphrase", fault.Detail, "--passphrase-file names the file that holds it")
            : new ApiException(
                "key-file", $"{kind}.key: {fault.Detail}", "put it back from a copy", ExitCode.Damaged);
    }

    private static List<IdentityEvent> ReadEvents(string file, PublicKey device)
    {
        List<IdentityEvent> events = [];
        FrameReader reader = new(Limits.Records.EnvelopeBytes);
        byte[] bytes = File.Exists(file) ? File.ReadAllBytes(file) : [];
        reader.Append(bytes.AsSpan(0, Math.Min(bytes.Length, EventFileBytes)));
        while (reader.TryTake(out ReadOnlyMemory<byte> frame, out _)
            && IdentityEvent.TryRead(frame.ToArray(), out IdentityEvent? read, out _))
        {
            events.Add(read);
        }

        return events.Any(e => e.Added.Any(g => g.Allows(device, KeyGrant.Sign)))
            ? events
            : throw new ApiException(
                "key-file", $"{EventsFile} does not name the device key", "put it back from a copy",
                    ExitCode.Damaged);
    }
}
