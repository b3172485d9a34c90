using IncidentMesh.Node.Commands;
using IncidentMesh.Protocol.Api;

Texts.UseLocale(Environment.GetEnvironmentVariable);
if (Settings.LanguageOf(args) is { } language)
{
    Texts.Use(language);
}

return await CommandLine.RunAsync(args);
