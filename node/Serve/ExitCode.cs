namespace IncidentMesh.Node.Serve;

/// <summary>Exit codes of every command (<c>specs/command-line.md</c>, "Exit codes").</summary>
internal static class ExitCode
{
    /// <summary>Done; also when nothing was found.</summary>
    public const int Done = 0;

    /// <summary>The answer is no: verify failed, doctor found something, the demo's nodes disagree.</summary>
    public const int No = 1;

    /// <summary>The command, a flag or the query is wrong, or there is no terminal.</summary>
    public const int Usage = 2;

    /// <summary>No such id or file, or an ambiguous one.</summary>
    public const int NotFound = 3;

    /// <summary>Not allowed: another author's record, a wrong passphrase.</summary>
    public const int NotAllowed = 4;

    /// <summary>Needs a running node or the network.</summary>
    public const int NeedsNode = 5;

    /// <summary>Damaged data.</summary>
    public const int Damaged = 6;

    /// <summary>The folder is locked or the port taken.</summary>
    public const int Busy = 7;

    /// <summary>Done in part.</summary>
    public const int Partly = 8;

    /// <summary>No room: the disk is full, or a limit reached.</summary>
    public const int NoRoom = 9;

    /// <summary>Interrupted.</summary>
    public const int Interrupted = 130;
}
