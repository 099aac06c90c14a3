using Kuzzle.Edge.Hardware.Sensors;
using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.Iio;

/// <summary>Attributes such as scale and offset, which a channel may have of its own or share.</summary>
internal static class IioAttributes
{
    /// <summary>A channel's own attribute, else that of all channels of its type, else a given value.</summary>
    /// <param name="prefix">The device's folder and the channel: <c>…/iio:device0/in_voltage0</c>.</param>
    public static Measurement Read(string prefix, string attribute, double otherwise)
    {
        var own = $"{prefix}_{attribute}";
        if (File.Exists(own)) return SysfsFile.ReadNumber(own);

        var channel = Path.GetFileName(prefix)["in_".Length..];
        var shared = Path.Combine(Path.GetDirectoryName(prefix)!, $"in_{IioQuantities.TypeOf(channel)}_{attribute}");
        return File.Exists(shared) ? SysfsFile.ReadNumber(shared) : Measurement.Of(otherwise);
    }
}
