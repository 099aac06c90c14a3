using Kuzzle.Edge.Hardware.Hwmon;

namespace Kuzzle.Edge.Hardware.Tests;

/// <summary>A test that needs a real temperature of the kernel.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelSensorFactAttribute : FactAttribute
{
    public KernelSensorFactAttribute()
    {
        if (!new HwmonSource(chip: null, channel: null).Measure(default).IsGood) Skip = "The kernel of this machine has no hwmon temperature.";
    }
}
