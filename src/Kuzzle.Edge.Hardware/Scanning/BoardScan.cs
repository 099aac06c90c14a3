using Kuzzle.Edge.Hardware.Gpio;
using Kuzzle.Edge.Hardware.Pwm;

namespace Kuzzle.Edge.Hardware.Scanning;

/// <summary>What there is on this box.</summary>
/// <param name="I2cBuses">The I2C buses and who answers on them.</param>
/// <param name="Hwmon">Devices of the kernel's hardware monitoring.</param>
/// <param name="Iio">Devices of the kernel's Industrial I/O.</param>
/// <param name="ThermalZones">Thermal zones.</param>
/// <param name="GpioChips">GPIO chips with their lines.</param>
/// <param name="OneWire">Devices on 1-Wire buses.</param>
/// <param name="PwmChips">PWM chips.</param>
public sealed record BoardScan(
    IReadOnlyList<I2cBusFinding> I2cBuses,
    IReadOnlyList<KernelDeviceFinding> Hwmon,
    IReadOnlyList<KernelDeviceFinding> Iio,
    IReadOnlyList<ThermalZoneFinding> ThermalZones,
    IReadOnlyList<GpioChipInfo> GpioChips,
    IReadOnlyList<OneWireFinding> OneWire,
    IReadOnlyList<PwmChip> PwmChips);
