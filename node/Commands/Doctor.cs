using System.Globalization;
using IncidentMesh.Node.Embed;
using IncidentMesh.Node.Serve;
using IncidentMesh.Node.Store;
using IncidentMesh.Protocol.Api;
using IncidentMesh.Protocol.Identity;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>Looks at what a node needs, piece by piece; works with and without a node that runs, and without
/// a
/// folder.</summary>
internal static class Doctor
{
    private static readonly TimeSpan MeasureTime = TimeSpan.FromSeconds(1);

    public static async Task<DoctorView> ExamineAsync(Session session, bool fix, CancellationToken stop)
    {
        List<DoctorCheck> checks = [];
        string? mismatch = Ed25519SelfTest.Run();
        checks.Add(new DoctorCheck(
            "ed25519", mismatch is null, mismatch ?? T("verifies as the protocol pins it"),
            mismatch is null ? null : T("do not run a node with this build: it would split the mesh")));
        checks.AddRange(Model());
        checks.Add(Disk(session.Folder));
        if (!Keyring.Exists(session.Folder))
        {
            checks.Add(new DoctorCheck(
                "node", true, T($"no node was set up in {session.Folder.Home}"),
                    T("incidentmesh init sets one up")));
            return View(checks);
        }

        if (fix)
        {
            checks.Add(Fix(session.Folder));
        }

        checks.AddRange(await NodeAsync(session, stop));
        return View(checks);
    }

    private static DoctorView View(List<DoctorCheck> checks) =>
        new(ApiSchema.Name, checks.TrueForAll(c => c.Ok), checks);

    private static IEnumerable<DoctorCheck> Model()
    {
        Embedder embedder;
        DoctorCheck? failed = null;
        try
        {
            embedder = Embedder.Open(EmbeddingSettings.Model, EmbeddingSettings.Read());
        }
        catch (ModelException e)
        {
            failed = new DoctorCheck(
                "model", false, Known(e.Fault.Message),
                T("a fresh copy of the program has the model; a node that runs takes it without a restart"));
            embedder = null!;
        }

        if (failed is not null)
        {
            yield return failed;
            yield break;
        }

        using (embedder)
        {
            string speed = embedder.Measure(MeasureTime).ToString("N0", CultureInfo.InvariantCulture);
            yield return new DoctorCheck("model", true, $"graph {embedder.Graph.ToString()[..6]}", null);
            yield return new DoctorCheck(
                "device", true, T($"{embedder.Device} through {embedder.Provider}, {speed} texts/s"), null);
            if (embedder.Fallback is not null)
            {
                yield return new DoctorCheck("fallback", true, embedder.Fallback, null);
            }
        }
    }

    private static DoctorCheck Disk(DataFolder folder)
    {
        string? at = folder.Home;
        while (at is not null && !Directory.Exists(at))
        {
            at = Path.GetDirectoryName(at);
        }

        long free = new DriveInfo(at ?? "/").AvailableFreeSpace;
        bool enough = free > 1L << 30;
        string room = (free / (double)(1 << 30)).ToString("0.0", CultureInfo.InvariantCulture);
        return new DoctorCheck("disk", enough, T($"{room} GiB free"), enough ? null
            : T("a node wants 1 GiB at least"));
    }

    private static DoctorCheck Fix(DataFolder folder)
    {
        using (Lock(folder))
        {
            if (Directory.Exists(folder.Index))
            {
                Directory.Delete(folder.Index, recursive: true);
            }
        }

        return new DoctorCheck("fix", true, T("deleted the index; it is rebuilt from the log"), null);
    }

    private static IDisposable Lock(DataFolder folder)
    {
        try
        {
            return folder.Lock();
        }
        catch (StoreException e) when (e.Error == StoreError.FolderLocked)
        {
            throw new ApiException(
                "locked", e.Message, "a node uses the index: stop it first", ExitCode.Busy);
        }
    }

    private static async Task<IEnumerable<DoctorCheck>> NodeAsync(Session session, CancellationToken stop)
    {
        List<DoctorCheck> checks = [];
        await using INodeApi node = await session.ConnectAsync(stop);
        StatusView status = await node.StatusAsync(stop);
        VerifyView verified = await node.VerifyAsync([], stop);
        checks.Add(new DoctorCheck(
            "node", true, node.Running ? T("running") : T("not running"), node.Running ? null
                : T("incidentmesh run starts it")));
        VerifyFailure? first = verified.Failed.Count > 0 ? verified.Failed[0] : null;
        checks.Add(new DoctorCheck(
            "log", verified.Ok,
            first is null ? Plural(verified.Checked,
                    $"{verified.Checked:N0} record, all signatures, hashes and checksums hold",
                    $"{verified.Checked:N0} records, all signatures, hashes and checksums hold")
                : Plural(verified.Failed.Count,
                    $"{verified.Failed.Count:N0} failure, the first: {first.Id} {first.Check}: {first.Why}",
                    $"{verified.Failed.Count:N0} failures, the first: {first.Id} {first.Check}: {first.Why}"),
            first is null ? null : T("the damaged bytes are kept; peers bring the records again")));
        checks.AddRange(status.Warnings.Select(w => new DoctorCheck("recovery", true, w, null)));
        string kept = Path.Combine(session.Folder.Log, LogRecovery.KeptFolder);
        if (Directory.Exists(kept) && Directory.EnumerateFileSystemEntries(kept).Any())
        {
            // A write that was cut off leaves such bytes, too: that is no fault.
            checks.Add(new DoctorCheck(
                "recovery", true, T($"bytes that could not be read are kept in {kept}"),
                T("peers bring records again that were lost with them: incidentmesh sync --full")));
        }

        if (node.Running)
        {
            checks.Add(new DoctorCheck(
                "peers", status.Peers > 0, T($"{status.Peers} connected"),
                status.Peers > 0 ? null : "incidentmesh peers add ADDRESS"));
        }

        return checks;
    }
}
