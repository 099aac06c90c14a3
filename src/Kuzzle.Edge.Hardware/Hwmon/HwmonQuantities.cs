using System.Collections.Frozen;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.Hwmon;

/// <summary>What the inputs of hardware monitoring measure, by the letters they begin with; units are those of the kernel's ABI document sysfs-class-hwmon.</summary>
internal static class HwmonQuantities
{
    private static readonly FrozenDictionary<string, Quantity> Quantities = new Dictionary<string, Quantity>(StringComparer.Ordinal)
    {
        ["temp"] = new("temperature", "°C", 1e-3),
        ["in"] = new("voltage", "V", 1e-3),
        ["curr"] = new("current", "A", 1e-3),
        ["power"] = new("power", "W", 1e-6),
        ["energy"] = new("energy", "J", 1e-6),
        ["humidity"] = new("humidity", "%", 1e-3),
        ["fan"] = new("rotation", "1/min", 1),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Quantity Temperature => Quantities["temp"];

    /// <summary>What the input measures; null when it is none of those above.</summary>
    public static Quantity? Find(string channel) => Quantities.GetValueOrDefault(channel.TrimEnd("0123456789".ToCharArray()));
}
