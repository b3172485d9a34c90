using System.Buffers.Binary;

namespace IncidentMesh.Protocol.Api.Submission;

/// <summary>How a picture is to be turned: the one thing of Exif (CIPA DC-008, tag 274) without which it
/// looks wrong. It is taken out and written anew with nothing beside it.</summary>
internal static class Orientation
{
    private const ushort Tag = 0x0112;
    private const ushort Short = 3;
    private const int EntryBytes = 12;

    /// <summary>What stands before the TIFF structure in a JPEG.</summary>
    public static ReadOnlySpan<byte> Prefix => "Exif\0\0"u8;

    /// <summary>A TIFF structure that holds the orientation alone; empty where <paramref name="tiff"/> tells
    /// none, or that the picture stands upright.</summary>
    public static byte[] Alone(ReadOnlySpan<byte> tiff) => Of(tiff) is var turned && turned is >= 2 and <= 8
        ? [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)turned, 0, 0, 0, 0, 0, 0] : [];

    private static int Of(ReadOnlySpan<byte> tiff)
    {
        bool little = tiff.StartsWith("II*\0"u8);
        if ((!little && !tiff.StartsWith("MM\0*"u8)) || tiff.Length < 8)
        {
            return 0;
        }

        uint at = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (at > tiff.Length - 2)
        {
            return 0;
        }

        ReadOnlySpan<byte> entries = tiff[((int)at + 2)..];
        for (int left = Word(tiff[(int)at..], little); left > 0 && entries.Length >= EntryBytes; left--)
        {
            if (Word(entries, little) == Tag && Word(entries[2..], little) == Short)
            {
                return Word(entries[8..], little);
            }

            entries = entries[EntryBytes..];
        }

        return 0;
    }

    private static ushort Word(ReadOnlySpan<byte> bytes, bool little) => little
        ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
