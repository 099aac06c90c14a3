using System.Text.Json;

namespace Kuzzle.Edge.Devices.Sensors.Definitions;

/// <summary>Reads a definition as somebody sends it: the same keys, and the same messages, as in the configuration file.</summary>
/// <param name="definition">An object.</param>
public delegate DefinitionResult DefinitionReader(JsonElement definition);
