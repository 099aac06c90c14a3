using System.Collections.Frozen;

namespace Kuzzle.Edge.Devices.HomeAssistant;

/// <summary>What Home Assistant calls the things we measure.</summary>
internal static class DeviceClasses
{
    private static readonly FrozenDictionary<string, string> ByKind = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["temperature"] = "temperature",
        ["humidity"] = "humidity",
        ["pressure"] = "pressure",
        ["illuminance"] = "illuminance",
        ["voltage"] = "voltage",
        ["current"] = "current",
        ["power"] = "power",
        ["energy"] = "energy",
        ["distance"] = "distance",
        ["frequency"] = "frequency",
        ["co2"] = "carbon_dioxide",
        ["voc"] = "volatile_organic_compounds_parts", // In ppb.
        ["voc index"] = "aqi",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The class; null for what Home Assistant has none for: it is shown as a plain number.</summary>
    public static string? Of(string kind) => ByKind.GetValueOrDefault(kind);
}
