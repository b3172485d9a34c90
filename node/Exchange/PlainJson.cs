using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace IncidentMesh.Node.Exchange;

/// <summary>Serialises <see cref="JsonObject"/> without reflection.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class PlainJson : JsonSerializerContext;
