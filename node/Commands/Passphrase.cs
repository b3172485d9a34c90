using System.Diagnostics;
using IncidentMesh.Node.Serve;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary>Where the passphrase of the key files comes from: <c>--passphrase-file</c>, then
/// <c>INCIDENTMESH_PASSPHRASE_FILE</c>, then the output of <c>INCIDENTMESH_PASSPHRASE_COMMAND</c>, then the
/// person at
/// the terminal. Never a variable or an argument, which other processes can read.</summary>
internal sealed class Passphrase(Session session)
{
    /// <summary>The passphrase, asked for once.</summary>
    /// <param name="create">Ask twice, since it is chosen now.</param>
    /// <param name="stop">Ends the command behind it.</param>
    /// <exception cref="ApiException">There is none, and nobody to ask.</exception>
    public async Task<string> GetAsync(bool create, CancellationToken stop)
    {
        string? given = await FindAsync(stop) ?? (Terminal.CanAsk ? Ask(create) : null);
        return given switch
        {
            null => throw ApiException.Usage(
                T("the passphrase of the keys is needed"),
                    T("--passphrase-file=FILE names a file that holds it")),
            "" => throw ApiException.Usage(T("the passphrase is empty")),
            _ => given,
        };
    }

    /// <summary>The passphrase where a file or a command gives it; null where a person would have to be
    /// asked.</summary>
    public async Task<string?> FindAsync(CancellationToken stop)
    {
        string? file = session.PassphraseFile ?? Session.Variable("INCIDENTMESH_PASSPHRASE_FILE");
        return file is not null
            ? (await File.ReadAllTextAsync(Files.Check(file), stop)).TrimEnd('\r', '\n')
            : await FromCommandAsync(stop);
    }

    private static string Ask(bool create)
    {
        while (true)
        {
            string first = Terminal.AskHidden(
                create ? T("New passphrase for the keys: ") : T("Passphrase of the keys: "));
            if (!create || Terminal.AskHidden(T("Again: ")) == first)
            {
                return first;
            }

            Console.Error.WriteLine("error: " + T("the two passphrases differ"));
        }
    }

    private static async Task<string?> FromCommandAsync(CancellationToken stop)
    {
        string? command = Session.Variable("INCIDENTMESH_PASSPHRASE_COMMAND");
        if (command is null)
        {
            return null;
        }

        bool windows = OperatingSystem.IsWindows();
        ProcessStartInfo start = new(windows ? "cmd.exe" : "/bin/sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add(windows ? "/c" : "-c");
        start.ArgumentList.Add(command);
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return process.ExitCode == 0
            ? output.TrimEnd('\r', '\n')
            : throw ApiException.Usage(T("INCIDENTMESH_PASSPHRASE_COMMAND failed"));
    }
}
