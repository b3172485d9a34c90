using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Fuzz;

/// <summary>Reads identity events and a key file out of one input, which holds events of <c>u16be length ||
/// bytes</c>.</summary>
internal static class IdentityFuzz
{
    /// <summary>Runs one input; an exception is a finding.</summary>
    public static void Run(ReadOnlySpan<byte> input)
    {
        // Without a passphrase no file costs a derivation.
        KeyFile.TryDecode(System.Text.Encoding.Latin1.GetString(input), "root", null, out _, out _);
        IdentityBook book = new();
        while (input.Length >= 2)
        {
            int length = Math.Min((input[0] << 8) | input[1], input.Length - 2);
            if (IdentityEvent.TryRead(
                input.Slice(2, length).ToArray(), out IdentityEvent? read, out Fault? fault))
            {
                book.Apply(read);
                book.KeysOf(read.Author);
            }
            else if (fault.Code.Length == 0)
            {
                throw new InvalidOperationException("a fault without a code");
            }

            input = input[(2 + length)..];
        }
    }
}
