namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>Where a sensor's values come from.</summary>
public enum SensorSourceKind
{
    /// <summary>The kernel's hardware monitoring.</summary>
    Hwmon,

    /// <summary>A thermal zone of the kernel.</summary>
    Thermal,

    /// <summary>The kernel's Industrial I/O.</summary>
    Iio,

    /// <summary>Made up, for machines without sensors.</summary>
    Simulated,
}
