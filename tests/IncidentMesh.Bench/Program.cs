namespace IncidentMesh.Bench;

internal static class Program
{
    private static int Main()
    {
        Console.Error.WriteLine("error: no command is built yet");
        return 2;
    }
}
