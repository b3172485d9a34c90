using IncidentMesh.Node.Commands;
using IncidentMesh.Protocol.Api;

Texts.UseLocale(Environment.GetEnvironmentVariable);
return await CommandLine.RunAsync(args);
