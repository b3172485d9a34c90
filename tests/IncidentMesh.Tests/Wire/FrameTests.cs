using CsCheck;
using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Wire;

public sealed class FrameTests
{
    [Fact]
    public void Frames_come_out_as_they_went_in_however_they_are_cut() =>
        Gen.Select(Gen.Byte.Array[0, 300].Array[1, 8], Gen.Int[1, 40]).Sample((frames, piece) =>
        {
            byte[] wire = [.. frames.SelectMany(f => Frame.Write(f))];
            FrameReader reader = new(300);
            List<byte[]> got = [];
            for (int at = 0; at < wire.Length; at += piece)
            {
                reader.Append(wire.AsSpan(at, Math.Min(piece, wire.Length - at)));
                while (reader.TryTake(out ReadOnlyMemory<byte> frame, out _))
                {
                    got.Add(frame.ToArray());
                }
            }

            Assert.Equal(frames, got);
            Assert.Equal(0, reader.Buffered);
        });

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void A_frame_has_a_longest_length(int length, bool allowed)
    {
        FrameReader reader = new(100);
        reader.Append(Frame.Write(new byte[length]));
        Assert.Equal(allowed, reader.TryTake(out _, out Fault? fault));
        Assert.Equal(allowed ? null : "frame-too-long", fault?.Code);
    }

    [Fact]
    public void A_length_that_claims_4_GiB_is_refused_before_any_memory_is_taken()
    {
        FrameReader reader = new(1_000);
        reader.Append([0xff, 0xff, 0xff, 0xff, 0x0f]);
        Assert.False(reader.TryTake(out _, out Fault? fault));
        Assert.Equal("frame-too-long", fault?.Code);
    }

    [Fact]
    public void A_length_that_is_not_minimal_is_refused()
    {
        FrameReader reader = new(1_000);
        reader.Append([0x80, 0x00]);
        Assert.False(reader.TryTake(out _, out Fault? fault));
        Assert.Equal("frame-length", fault?.Code);
    }
}
