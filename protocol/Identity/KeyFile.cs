using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace IncidentMesh.Protocol.Identity;

/// <summary>A key as it lies in a file: <c>root.key</c>, <c>next.key</c>, a device key, the host key, the
/// node secret. Text, so that it can be printed and typed; one file holds one secret of 32 bytes, under a
/// passphrase or, for keys that a service opens unattended, in the clear. <c>specs/identity.md</c>, "Key
/// files".</summary>
/// <remarks><code>
/// incidentmesh-key/1
/// kind: root
/// public: z6Mk…                                 only where the secret is the seed of an Ed25519 key
/// kdf: argon2id m=65536 t=3 p=1 salt=HEX16      or: kdf: none
/// nonce: HEX24                                  absent with kdf: none
/// secret: HEX48                                 XChaCha20-Poly1305, the lines above as associated data; or
/// HEX32 </code></remarks>
public static class KeyFile
{
    /// <summary>Bytes of the secret.</summary>
    public const int SecretLength = 32;

    /// <summary>Random bytes that <see cref="Encode"/> takes: salt and nonce.</summary>
    public const int RandomLength = SaltLength + NonceLength;

    private const string FirstLine = "incidentmesh-key/1";
    private const int SaltLength = 16;
    private const int NonceLength = 24;
    private const int TagLength = 16;
    private const int MostCharacters = 4_096;
    private const int DefaultMemoryKib = 65_536;
    private const int DefaultPasses = 3;

    // A file from others must not make a reader use up its memory or its day.
    private const int MostMemoryKib = 1 << 20;
    private const int MostPasses = 16;

    /// <summary>Writes a secret under a passphrase: Argon2id with 64 MiB and 3 passes (RFC 9106, 4, second
    /// choice).</summary>
    /// <param name="kind">A word: root, next, device, host, node, draft.</param>
    /// <param name="secret">32 bytes.</param>
    /// <param name="passphrase">Not empty; taken as NFC.</param>
    /// <param name="random">40 bytes from a cryptographic random source, used once.</param>
    public static string Encode(
        string kind, ReadOnlySpan<byte> secret, string passphrase, ReadOnlySpan<byte> random)
    {
        ArgumentException.ThrowIfNullOrEmpty(passphrase);
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, RandomLength);
        string head = Head(kind, secret) + string.Create(
            CultureInfo.InvariantCulture,
            $"kdf: argon2id m={DefaultMemoryKib} t={DefaultPasses} p=1 salt={Hex(random[..SaltLength])}\n")
            + $"nonce: {Hex(random[SaltLength..])}\n";
        using Key key = Derive(passphrase, random[..SaltLength], DefaultMemoryKib, DefaultPasses);
        byte[] box = AeadAlgorithm.XChaCha20Poly1305.Encrypt(
            key, random[SaltLength..], Encoding.UTF8.GetBytes(head), secret);
        return $"{head}secret: {Hex(box)}\n";
    }

    /// <summary>Writes a secret in the clear: for keys that a service opens unattended, in a file that its
    /// user alone can read. Never for a root key.</summary>
    /// <param name="kind">A word: device, host, node.</param>
    /// <param name="secret">32 bytes.</param>
    public static string EncodeClear(string kind, ReadOnlySpan<byte> secret) =>
        $"{Head(kind, secret)}kdf: none\nsecret: {Hex(secret)}\n";

    /// <summary>True where the file needs a passphrase.</summary>
    public static bool NeedsPassphrase(string text) =>
        text is not null && text.Contains("\nkdf: argon2id ", StringComparison.Ordinal);

    /// <summary>Reads a key file.</summary>
    /// <param name="text">The file.</param>
    /// <param name="kind">The kind that is expected.</param>
    /// <param name="passphrase">The passphrase; null where there is none.</param>
    /// <param name="secret">32 bytes; the caller clears them.</param>
    /// <param name="fault"><c>key-file-form</c>, <c>key-file-kind</c>, <c>key-file-passphrase</c> (wrong or
    /// missing), or <c>key-file-damaged</c>.</param>
    public static bool TryDecode(
        string text,
        string kind,
        string? passphrase,
        [NotNullWhen(true)] out byte[]? secret,
        [NotNullWhen(false)] out Fault? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        secret = null;
        KeyFileFields? fields = text.Length <= MostCharacters ? KeyFileFields.Read(text) : null;
        if (fields is null)
        {
            fault = Fault.Message(
                "key-file-form", $"not a file that begins with {FirstLine} and has its lines");
            return false;
        }

        if (fields.Kind != kind)
        {
            fault = Fault.Message(
                "key-file-kind", $"a key of kind \"{fields.Kind}\" where \"{kind}\" is expected");
            return false;
        }

        fault = fields.Nonce is null ? null : Open(fields, passphrase, out secret);
        secret ??= fields.Secret;
        if (fault is null && fields.Public is not null && PublicOf(secret) != fields.Public)
        {
            CryptographicOperations.ZeroMemory(secret);
            fault = Fault.Message(
                "key-file-damaged", "the secret does not belong to the public key in the file");
        }

        secret = fault is null ? secret : null;
        return fault is null;
    }

    private static Fault? Open(KeyFileFields fields, string? passphrase, out byte[]? secret)
    {
        secret = null;
        if (string.IsNullOrEmpty(passphrase))
        {
            return Fault.Message("key-file-passphrase", "the key file is encrypted: a passphrase is needed");
        }

        using Key key = Derive(passphrase, fields.Salt, fields.MemoryKib, fields.Passes);
        secret = AeadAlgorithm.XChaCha20Poly1305.Decrypt(
            key, fields.Nonce, Encoding.UTF8.GetBytes(fields.Head), fields.Secret);
        return secret is null
            ? Fault.Message("key-file-passphrase", "wrong passphrase, or the key file was changed")
            : null;
    }

    private static Key Derive(string passphrase, ReadOnlySpan<byte> salt, int memoryKib, int passes)
    {
        Argon2Parameters parameters = new()
        {
            DegreeOfParallelism = 1,
            MemorySize = memoryKib,
            NumberOfPasses = passes,
        };
        return PasswordBasedKeyDerivationAlgorithm.Argon2id(parameters).DeriveKey(
            passphrase.Normalize(NormalizationForm.FormC), salt, AeadAlgorithm.XChaCha20Poly1305);
    }

    private static string Head(string kind, ReadOnlySpan<byte> secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, SecretLength);
        string line = kind is NodeKind or DraftKind ? "" : $"public: {PublicOf(secret)}\n";
        return $"{FirstLine}\nkind: {kind}\n{line}";
    }

    /// <summary>The kind of the secret that opens drafts, which is an X25519 key.</summary>
    public const string DraftKind = "draft";

    /// <summary>The kind of the node secret, which is no signing key.</summary>
    public const string NodeKind = "node";

    private static string PublicOf(ReadOnlySpan<byte> seed)
    {
        using SigningKey key = SigningKey.FromSeed(seed);
        return key.Public.ToString();
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>The lines of a file, checked for form.</summary>
    private sealed record KeyFileFields(
        string Kind,
        string? Public,
        byte[] Salt,
        int MemoryKib,
        int Passes,
        byte[]? Nonce,
        byte[] Secret,
        string Head)
    {
        internal static KeyFileFields? Read(string text)
        {
            string[] lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
            int at = 0;
            if (lines[at++] != FirstLine || Value(lines, ref at, "kind") is not { } kind)
            {
                return null;
            }

            string? key = Value(lines, ref at, "public");
            string? kdf = Value(lines, ref at, "kdf");
            byte[]? nonce = Bytes(Value(lines, ref at, "nonce"), NonceLength);
            string head = string.Concat(lines.Take(at).Select(l => l + "\n"));
            int length = kdf == "none" ? SecretLength : SecretLength + TagLength;
            if (Bytes(Value(lines, ref at, "secret"), length) is not { } secret || at != lines.Length)
            {
                return null;
            }

            if (kdf == "none")
            {
                return nonce is null ? new(kind, key, [], 0, 0, null, secret, head) : null;
            }

            string[] parts = kdf?.Split(' ') ?? [];
            return parts is ["argon2id", _, _, "p=1", _] && nonce is not null
                && Number(parts[1], "m=", 8, MostMemoryKib) is { } memory
                && Number(parts[2], "t=", 1, MostPasses) is { } passes
                && parts[4].StartsWith("salt=", StringComparison.Ordinal)
                && Bytes(parts[4]["salt=".Length..], SaltLength) is { } salt
                ? new(kind, key, salt, memory, passes, nonce, secret, head)
                : null;
        }

        private static string? Value(string[] lines, ref int at, string name)
        {
            bool found = at < lines.Length && lines[at].StartsWith(name + ": ", StringComparison.Ordinal);
            return found ? lines[at++][(name.Length + 2)..] : null;
        }

        private static byte[]? Bytes(string? hex, int length)
        {
            byte[] bytes = new byte[length];
            return hex?.Length == length * 2
                && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done
                ? bytes
                : null;
        }

        private static int? Number(string text, string prefix, int least, int most) =>
            text.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(
                text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int n)
            && n >= least && n <= most
                ? n
                : null;
    }
}
