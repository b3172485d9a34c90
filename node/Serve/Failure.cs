using System.Text.Json;
using System.Text.RegularExpressions;
using IncidentMesh.Node.Exchange;
using IncidentMesh.Node.Mesh;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using Microsoft.AspNetCore.Http;

namespace IncidentMesh.Node.Serve;

/// <summary>What an exception means to a person: the disk, the network, or a wrong file; null for a bug of
/// ours, which must be seen as one.</summary>
internal static partial class Failure
{
    // ERROR_DISK_FULL of Windows and ENOSPC as .NET reports it on Unix.
    private static readonly int[] DiskFull = [unchecked((int)0x80070070), 28];

    // EFBIG, which .NET takes for a wrong argument.
    private const string FileLimit = "System.IO.RandomAccess.Write";

    public static ErrorBody? Of(Exception e) => e switch
    {
        ApiException api => api.Error,
        StoreException store => Of(store),
        RefusedException { Fault.Code: RefusedException.NoRoom } refused => NoRoom(refused.Fault.Detail),
        RefusedException { Fault.Code: RefusedException.Disk } refused => Damaged(refused.Fault.Detail),
        RefusedException refused => new ErrorBody("refused", refused.Fault.Detail, null, ExitCode.NotAllowed),
        FileNotFoundException or DirectoryNotFoundException => new ErrorBody(
            "no-file", $"no such file or folder: {Name(e)}", null, ExitCode.NotFound),
        UnauthorizedAccessException => new ErrorBody(
            "permission", $"access to {Name(e)} is refused", null, ExitCode.NotAllowed),
        JsonException json => new ErrorBody("json", $"not valid JSON: {Words(json)}", null, ExitCode.Usage),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new ErrorBody(
            "request-size", $"a request is {ApiLimits.RequestBytes:N0} bytes at most",
            "large files belong into evidence, by hash", ExitCode.NoRoom),
        IOException io when DiskFull.Contains(io.HResult) => NoRoom(io.Message),
        ArgumentOutOfRangeException { StackTrace: { } trace } when trace.Contains(
            FileLimit, StringComparison.Ordinal) => NoRoom("a file grew over the limit of this process"),
        IOException io => new ErrorBody("io", Lower(io.Message), null, ExitCode.Damaged),
        _ => null,
    };

    private static ErrorBody NoRoom(string message) => new(
        "disk-full", message, "free some room; nothing that was acknowledged is lost", ExitCode.NoRoom);

    private static ErrorBody Damaged(string message) =>
        new("damaged", message, "incidentmesh doctor looks closer", ExitCode.Damaged);

    private static ErrorBody Of(StoreException e) => e.Error switch
    {
        StoreError.FolderLocked => new ErrorBody(
            "locked", e.Message, "a node or a command has it open: stop it, or wait for its end",
            ExitCode.Busy),
        StoreError.NoRoom => NoRoom(e.Message),
        _ => Damaged(e.Message),
    };

    private static string Words(JsonException e)
    {
        string what = ForProgrammers().Replace(e.Message, "").TrimEnd('.');
        what = Lower(what);
        return e.LineNumber is { } line ? $"line {line + 1}: {what}" : what;
    }

    [GeneratedRegex(
        "( which is not supported in this mode|[.] Change the reader options"
        + "| encountered during deserialization| LineNumber:).*")]
    private static partial Regex ForProgrammers();

    private static string Lower(string message) => char.ToLowerInvariant(message[0]) + message[1..];

    // The message has the path in quotes; what is written stands beside its file until it is whole.
    private static string Name(Exception e)
    {
        string name = e is FileNotFoundException { FileName: { } file } ? file
            : e.Message.Split('\'') is [_, { } path, ..] ? path : e.Message;
        return name.EndsWith(WholeFile.Beside, StringComparison.Ordinal)
            ? name[..^WholeFile.Beside.Length] : name;
    }
}
