using System.Globalization;
using IncidentMesh.Node.Commands;
using IncidentMesh.Protocol.Api;

// Numbers look the same in every language, so that what is seen can be typed.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
Texts.UseLocale(Environment.GetEnvironmentVariable);
if (Settings.LanguageOf(args) is { } language)
{
    Texts.Use(language);
}

return CommandLine.Run(args);
