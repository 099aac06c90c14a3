using System.Buffers;
using System.Collections.Frozen;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.Iio;

/// <summary>What the channels of Industrial I/O measure, by the type they begin with; units after scaling are those of the kernel's ABI document sysfs-bus-iio.</summary>
internal static class IioQuantities
{
    private static readonly FrozenDictionary<string, Quantity> Quantities = new Dictionary<string, Quantity>(StringComparer.Ordinal)
    {
        ["temp"] = new("temperature", "°C", 1e-3),
        ["humidityrelative"] = new("humidity", "%", 1e-3),
        ["pressure"] = new("pressure", "hPa", 10), // The kernel counts in kPa.
        ["illuminance"] = new("illuminance", "lx", 1),
        ["voltage"] = new("voltage", "V", 1e-3),
        ["current"] = new("current", "A", 1e-3),
        ["power"] = new("power", "W", 1e-3),
        ["resistance"] = new("resistance", "Ω", 1),
        ["distance"] = new("distance", "m", 1),
        ["proximity"] = new("proximity", "", 1),
        ["intensity"] = new("intensity", "", 1),
        ["accel"] = new("acceleration", "m/s²", 1),
        ["anglvel"] = new("rotation", "rad/s", 1),
        ["angl"] = new("angle", "rad", 1),
        ["magn"] = new("magnetic field", "G", 1),
        ["concentration"] = new("concentration", "ppm", 1e4), // The kernel counts in percent.
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly SearchValues<char> EndOfType = SearchValues.Create("0123456789_");

    /// <summary>What the channel measures; under its own name, and without a unit, when its type is none of those above.</summary>
    public static Quantity Of(string channel) => Quantities.GetValueOrDefault(TypeOf(channel)) ?? new Quantity(TypeOf(channel), "", 1);

    /// <summary>The type that the channel begins with: <c>voltage</c> of <c>voltage0</c>.</summary>
    public static string TypeOf(string channel)
    {
        var end = channel.AsSpan().IndexOfAny(EndOfType);
        return end < 0 ? channel : channel[..end];
    }
}
