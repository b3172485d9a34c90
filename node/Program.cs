using IncidentMesh.Node.Commands;

return await CommandLine.RunAsync(args);
