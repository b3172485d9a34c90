using System.Reflection;
using System.Text.Json;

namespace IncidentMesh.Bench;

/// <summary>Runs a benchmark by name: <c>store</c> is the class <c>StoreBench</c> with
/// <c>static Task&lt;int&gt; RunAsync(string[] args)</c>; a new class needs no entry here.</summary>
internal static class Program
{
    private const string Suffix = "Bench";

    private static async Task<int> Main(string[] args)
    {
        Dictionary<string, MethodInfo> benches = typeof(Program).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(type => (Name: Named(type.Name), Run: type.GetMethod("RunAsync", [typeof(string[])])))
            .Where(bench => bench.Run is { IsStatic: true })
            .ToDictionary(bench => bench.Name, bench => bench.Run!);
        if (args.Length > 0 && benches.TryGetValue(args[0], out MethodInfo? run))
        {
            try
            {
                return await (Task<int>)run.Invoke(
                    null, BindingFlags.DoNotWrapExceptions, null, [args[1..]], null)!;
            }
            catch (Exception e) when (e is IOException or FormatException or JsonException)
            {
                await Console.Error.WriteLineAsync($"error: {e.Message}");
                return 2;
            }
        }
        await Console.Error.WriteLineAsync(args.Length == 0
            ? "error: name a benchmark"
            : $"error: no benchmark is called \"{args[0]}\"");
        string names = string.Join(' ', benches.Keys.Order());
        await Console.Error.WriteLineAsync($"hint: {names}   each takes --json");
        return 2;
    }

    private static string Named(string type) => type[..^Suffix.Length].ToLowerInvariant();
}
