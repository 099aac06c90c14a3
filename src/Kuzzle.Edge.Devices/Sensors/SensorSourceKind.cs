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

    /// <summary>The kernel's 1-Wire thermometers.</summary>
    OneWire,

    /// <summary>A chip on an I2C bus by a description of its registers, for chips without a driver in the kernel.</summary>
    I2c,

    /// <summary>A GPIO line: input, counter, frequency or output.</summary>
    Gpio,

    /// <summary>A PWM output.</summary>
    Pwm,

    /// <summary>Made up, for machines without sensors.</summary>
    Simulated,
}
