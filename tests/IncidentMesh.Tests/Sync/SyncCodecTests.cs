using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Sync;
using IncidentMesh.Protocol.Wire;
using Xunit;

namespace IncidentMesh.Tests.Sync;

public sealed class SyncCodecTests
{
    private static readonly Digest Id = Digest.Sha256("a"u8);

    public static TheoryData<string, SyncFrame> Frames() => new()
    {
        { "1184646f70656e010040", new SyncOpen(SyncSet.Identities, default) },
        { "06" + "82636e65674161", new SyncReconcile("a"u8.ToArray()) },
        { "", new SyncGet([Id, Id]) },
        { "", new SyncGetBodies([Id]) },
        { "", new SyncEnvelope(new byte[300]) },
        { "", new SyncNone(Id, SyncReason.Policy) },
        { "", new SyncBody(Id, new byte[70_000]) },
        { "", new SyncGone(Id, "t"u8.ToArray()) },
        { "05" + "8163656e64", new SyncEnd() },
        { "06" + "816468696e74", new SyncHint() },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_frame_is_read_as_it_was_written(string hex, SyncFrame frame)
    {
        byte[] bytes = SyncCodec.Write(frame);
        SyncFrame read = Read(bytes, out _)!;
        Assert.Equal(frame.GetType(), read.GetType());
        Assert.Equal(bytes, SyncCodec.Write(read));
        if (hex.Length > 0)
        {
            Assert.Equal(hex[2..], Convert.ToHexStringLower(bytes.AsSpan(1)));
        }
    }

    [Fact]
    public void Lists_of_ids_are_read_up_to_their_limits_and_not_beyond()
    {
        Digest[] ids = [.. Enumerable.Repeat(Id, Limits.Sync.GetIds + 1)];
        Assert.NotNull(Read(SyncCodec.Write(new SyncGet(ids[..Limits.Sync.GetIds])), out _));
        Assert.Null(Read(SyncCodec.Write(new SyncGet(ids)), out Fault? fault));
        Assert.Equal("sync-ids", fault!.Code);
        Assert.NotNull(Read(SyncCodec.Write(new SyncGetBodies(ids[..Limits.Sync.BodyIds])), out _));
        Assert.Null(Read(SyncCodec.Write(new SyncGetBodies(ids[..(Limits.Sync.BodyIds + 1)])), out fault));
        Assert.Equal("sync-ids", fault!.Code);
        Assert.Null(Read(SyncCodec.Write(new SyncGet([])), out _));
    }

    [Fact]
    public void Blocks_are_read_up_to_their_limits_and_not_beyond()
    {
        Assert.NotNull(Read(SyncCodec.Write(new SyncEnvelope(new byte[Limits.Records.EnvelopeBytes])),
            out _));
        Assert.Null(Read(SyncCodec.Write(new SyncEnvelope(new byte[Limits.Records.EnvelopeBytes + 1])),
            out _));
        Assert.NotNull(Read(SyncCodec.Write(new SyncBody(Id, new byte[Limits.Records.BodyBytes])), out _));
        Assert.Null(Read(SyncCodec.Write(new SyncBody(Id, new byte[Limits.Records.BodyBytes + 1])), out _));
        Assert.NotNull(Read(SyncCodec.Write(new SyncReconcile(new byte[Limits.Sync.NegentropyBytes])),
            out _));
        Assert.Null(Read(SyncCodec.Write(new SyncReconcile(new byte[Limits.Sync.NegentropyBytes + 1])),
            out _));
    }

    [Fact]
    public void The_largest_frames_fit_the_limits_of_frames()
    {
        Assert.True(SyncCodec.Write(new SyncBody(Id, new byte[Limits.Records.BodyBytes])).Length
            <= Limits.Sync.AnswerFrameBytes);
        Assert.True(SyncCodec.Write(new SyncReconcile(new byte[Limits.Sync.NegentropyBytes])).Length
            <= Limits.Sync.RequestFrameBytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("8163666f6f")]
    [InlineData("8263656e6400")]
    [InlineData("8163656e6400")]
    [InlineData("84646f70656e020040")]
    [InlineData("84646f70656e010240")]
    [InlineData("84646f70656e010041aa")]
    [InlineData("82636765748141aa")]
    [InlineData("9f63656e64ff")]
    public void A_malformed_frame_is_refused(string hex)
    {
        Assert.False(SyncCodec.TryRead(Convert.FromHexString(hex), out _, out Fault? fault));
        Assert.Equal(FaultScope.Stream, fault.Scope);
    }

    [Fact]
    public void A_salt_has_no_bytes_or_16()
    {
        Assert.NotNull(Read(SyncCodec.Write(new SyncOpen(SyncSet.Records, new byte[16])), out _));
        Assert.Null(Read(SyncCodec.Write(new SyncOpen(SyncSet.Records, new byte[15])), out _));
        Assert.Null(Read(SyncCodec.Write(new SyncOpen(SyncSet.Records, new byte[17])), out _));
    }

    private static SyncFrame? Read(byte[] frame, out Fault? fault)
    {
        var reader = new FrameReader(1 << 20);
        reader.Append(frame);
        Assert.True(reader.TryTake(out ReadOnlyMemory<byte> payload, out _));
        return SyncCodec.TryRead(payload.Span, out SyncFrame? read, out fault) ? read : null;
    }
}
