using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Devices.Local;

/// <summary>A device that is a part of this process: a sensor or an actuator on the pins of this box.</summary>
/// <param name="Application">The application; it is made, with the index of the same name, if it does not exist.</param>
/// <param name="Name">The device's name: as that of any device.</param>
public sealed record LocalDevice(string Application, string Name)
{
    /// <summary>What its document says under <c>metadata.labels</c>: texts by name. What others have added stays.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What its document says under <c>edge</c> (<c>store</c>, <c>collection</c>, <c>retention</c>, or members of the sensor's own), merged into what is there; null for nothing. Not changed.</summary>
    public JsonObject? Edge { get; init; }
}
