using System.Globalization;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol;
using Xunit;

namespace IncidentMesh.Tests.Store;

public sealed class StorageVectorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_segment_begins_and_ends_with_the_label_of_the_vectors()
    {
        Dictionary<string, string> vector = Vectors().Single(v => v["name"] == "label");
        int size = int.Parse(vector["size"], CultureInfo.InvariantCulture);
        Segment.Create(_folder.Path, 1, size, Key(vector), new Instant(Number(vector, "created"))).Dispose();
        byte[] label = Convert.FromHexString(vector["hex"]);
        byte[] file = File.ReadAllBytes(_folder.At("00000001.seg"));
        Assert.Equal(label, file[..Segment.LabelBytes]);
        Assert.Equal(label, file[^Segment.LabelBytes..]);
        Assert.Equal(size, file.Length);
    }

    [Fact]
    public void Frames_are_written_and_read_as_the_vectors_say()
    {
        Dictionary<string, string>[] frames = [.. Vectors().Where(v => v["name"] != "label")];
        Assert.Equal(4, frames.Length);
        foreach (Dictionary<string, string> vector in frames)
        {
            int[] at = [.. vector["at"].Split(' ').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
            var position = new LogPosition(at[0], at[1]);
            byte[] expected = Convert.FromHexString(vector["hex"]);
            bool erased = vector["erased"] == "yes";
            var entry = new LogEntry(
                (FrameKind)Number(vector, "kind"), Convert.FromHexString(vector["head"]),
                Convert.FromHexString(vector["body"]), new Instant(Number(vector, "received")));
            byte[] written = new byte[FrameLayout.Size(entry.Head.Length, entry.Body.Length)];
            FrameLayout.Write(written, entry, Key(vector), position);
            if (erased)
            {
                written[FrameLayout.StateOffset] = FrameLayout.Erased;
                written.AsSpan(FrameLayout.HeaderBytes + entry.Head.Length).Clear();
            }
            Assert.Equal(expected, written);
            Assert.True(FrameLayout.TryReadHeader(expected, Key(vector), position, out FrameHeader header));
            LogFrame frame = FrameDecoder.Decode(expected, header, position, out string? flaw)!;
            Assert.Null(flaw);
            Assert.Equal(erased ? BodyState.Erased : BodyState.Present, frame.BodyState);
            Assert.Equal(entry.Head.ToArray(), frame.Head.ToArray());
            Assert.False(FrameLayout.TryReadHeader(expected, Key(vector) + 1, position, out _));
            Assert.False(FrameLayout.TryReadHeader(expected, Key(vector), new(at[0], at[1] + 8), out _));
        }
    }

    private static uint Key(Dictionary<string, string> vector) => (uint)Number(vector, "key");

    private static long Number(Dictionary<string, string> vector, string field) =>
        long.Parse(vector[field], CultureInfo.InvariantCulture);

    private static IEnumerable<Dictionary<string, string>> Vectors() => VectorFile.Read(
        "storage.txt", "name", "number", "size", "created", "key", "at", "kind", "received", "head", "body",
        "erased", "hex");
}
