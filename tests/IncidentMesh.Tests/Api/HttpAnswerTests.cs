using System.Text;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Api;

/// <summary>Answers of HTTP/1.1, whole and in pieces of any size.</summary>
public sealed class HttpAnswerTests
{
    private const string Plain = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private const string Chunked =
        "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "2;x=1\r\nhe\r\n3\r\nllo\r\n0\r\nA: b\r\n\r\n";
    private const string UntilClose = "HTTP/1.0 200 OK\r\n\r\nhello";

    [Theory]
    [InlineData(Plain, 200, true)]
    [InlineData(Chunked, 404, true)]
    [InlineData(UntilClose, 200, false)]
    public void A_body_comes_out_whatever_the_pieces(string text, int status, bool endsItself)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        for (int piece = 1; piece <= bytes.Length; piece++)
        {
            HttpAnswer answer = new();
            StringBuilder body = new();
            foreach (byte[] part in bytes.Chunk(piece))
            {
                Assert.True(answer.Receive(part, out _));
                body.Append(Encoding.ASCII.GetString(answer.Take()));
            }

            Assert.Equal(status, answer.Status);
            Assert.Equal(endsItself, answer.Done);
            Assert.True(answer.End());
            Assert.Equal("hello", body.ToString());
        }
    }

    [Theory]
    [InlineData(Plain)]
    [InlineData(Chunked)]
    public void What_is_cut_off_is_known_as_cut_off(string text)
    {
        for (int length = 0; length < text.Length; length++)
        {
            HttpAnswer answer = new();
            Assert.True(answer.Receive(Encoding.ASCII.GetBytes(text[..length]), out _));
            Assert.False(answer.End());
        }
    }

    [Theory]
    [InlineData("SSH-2.0-x\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n")]
    public void What_is_no_HTTP_is_refused(string text)
    {
        HttpAnswer answer = new();
        Assert.False(answer.Receive(Encoding.ASCII.GetBytes(text), out Protocol.Fault? fault));
        Assert.Equal("http", fault.Code);
    }

    [Fact]
    public void A_head_without_end_is_refused()
    {
        HttpAnswer answer = new();
        Assert.False(answer.Receive(new byte[20_000], out _)
            && answer.Receive("\n"u8, out _));
        HttpAnswer many = new();
        string lines = string.Concat(Enumerable.Repeat("A: b\r\n", 101));
        Assert.False(many.Receive(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n" + lines), out _));
    }
}
