using System.CommandLine;
using IncidentMesh.Node.Serve;
using IncidentMesh.Protocol.Api;
using static IncidentMesh.Protocol.Api.Texts;

namespace IncidentMesh.Node.Commands;

/// <summary><c>doctor</c>: what works on this machine and what does not.</summary>
internal static class DoctorCommand
{
    public static Command Build()
    {
        Option<bool> fix = Cli.Flag("--fix", T("delete a damaged index, so that it is rebuilt from the log"));
        Command command = new("doctor", T("check keys, log, index, model, device and peers")) { fix };
        return command.Does(
            async (session, parse, stop) =>
            {
                DoctorView view = await Doctor.ExamineAsync(session, parse.GetValue(fix), stop);
                if (session.Json || session.JsonLines)
                {
                    session.Print(view, ApiJson.Default.DoctorView);
                }
                else
                {
                    foreach (DoctorCheck check in view.Checks)
                    {
                        string mark = check.Ok ? "=" : "!";
                        session.Out.WriteLine($"{mark} {check.Name,-10} {SafeText.Show(check.Detail)}");
                        if (check.Hint is not null)
                        {
                            session.Out.WriteLine($"             hint: {check.Hint}");
                        }
                    }
                }

                return view.Ok ? ExitCode.Done : ExitCode.No;
            },
            "incidentmesh doctor",
            "incidentmesh doctor --fix --json");
    }
}
