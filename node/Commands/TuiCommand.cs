using System.CommandLine;
using System.Diagnostics;
using IncidentMesh.Node.Serve;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>tui [QUERY]</c>: starts <c>incidentmesh-tui</c> beside this program.</summary>
internal static class TuiCommand
{
    private const string Program = "incidentmesh-tui";

    public static Command Build()
    {
        Argument<string[]> query = new("query") { Description = T("what the list begins with (MQL)") };
        Option<bool> ascii = Cli.Flag("--ascii", T("no characters beyond ASCII in its own texts"));
        Command command = new("tui", T("the terminal UI")) { query, ascii };
        return command.Does(
            async (session, parse, stop) =>
            {
                ProcessStartInfo start = Found();
                // Without an address the terminal UI looks where this program would, and may start a node.
                if (session.NodeAddress is { } node)
                {
                    start.Environment["INCIDENTMESH_NODE"] = node;
                }
                else if (parse.GetValue(Globals.Home) is { } home)
                {
                    start.ArgumentList.Add("--home=" + home);
                }

                foreach (string word in parse.GetValue(query) ?? [])
                {
                    start.ArgumentList.Add(word);
                }

                if (parse.GetValue(ascii))
                {
                    start.Environment["INCIDENTMESH_ASCII"] = "1";
                }

                if (session.Terminal.IsPlain)
                {
                    start.Environment["INCIDENTMESH_PLAIN"] = "1";
                }

                using Process process = Process.Start(start)!;
                await process.WaitForExitAsync(stop);
                return process.ExitCode;
            },
            "incidentmesh tui",
            "incidentmesh tui 'country:DE since:7d'");
    }

    private static ProcessStartInfo Found()
    {
        string path = Path.Combine(
            AppContext.BaseDirectory, OperatingSystem.IsWindows() ? Program + ".exe" : Program);
        string library = Path.Combine(AppContext.BaseDirectory, Program + ".dll");
        if (File.Exists(path))
        {
            return new ProcessStartInfo(path);
        }

        return File.Exists(library) ? new ProcessStartInfo("dotnet", library)
            : throw ApiException.NotFound(
                T($"{Program} is not beside this program"),
                T("dotnet publish -c Release tui -o FOLDER puts it there"));
    }
}
