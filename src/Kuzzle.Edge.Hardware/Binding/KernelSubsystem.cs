namespace Kuzzle.Edge.Hardware.Binding;

/// <summary>Where a driver of the kernel shows what it measures.</summary>
public enum KernelSubsystem
{
    /// <summary><c>/sys/class/hwmon</c>.</summary>
    Hwmon,

    /// <summary><c>/sys/bus/iio/devices</c>.</summary>
    Iio,
}
