using System.Text.Json;

namespace Kuzzle.Edge.Devices.Provisioning;

/// <summary>What the configuration declares: documents as they would be sent, by names. Holds secrets: not to be shown.</summary>
/// <param name="Applications">By name.</param>
/// <param name="Devices">By application, then by name.</param>
public sealed record DeclaredRegistry(IReadOnlyDictionary<string, JsonElement> Applications, IReadOnlyDictionary<string, IReadOnlyDictionary<string, JsonElement>> Devices)
{
    /// <summary>Nothing.</summary>
    public static DeclaredRegistry Empty { get; } = new(
        new Dictionary<string, JsonElement>(StringComparer.Ordinal), new Dictionary<string, IReadOnlyDictionary<string, JsonElement>>(StringComparer.Ordinal));

    /// <summary>Says nothing of the secrets.</summary>
    public override string ToString() => "the declared devices";
}
