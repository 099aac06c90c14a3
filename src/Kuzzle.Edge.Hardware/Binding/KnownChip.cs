namespace Kuzzle.Edge.Hardware.Binding;

/// <summary>A chip for which the Linux kernel has a driver.</summary>
/// <param name="Name">Its name as <c>new_device</c> takes it: <c>bme280</c>.</param>
/// <param name="Title">What it is, for people.</param>
/// <param name="Driver">The driver as it is named under <c>/sys/bus/i2c/drivers</c>.</param>
/// <param name="Module">The kernel module that holds the driver.</param>
/// <param name="Subsystem">Where its values appear.</param>
/// <param name="Channels">The channels as the sources of that subsystem take them: <c>temp1</c> for hwmon, <c>temp</c> for IIO.</param>
/// <param name="Addresses">The addresses it can have, the usual one first.</param>
public sealed record KnownChip(
    string Name, string Title, string Driver, string Module, KernelSubsystem Subsystem, IReadOnlyList<string> Channels, IReadOnlyList<int> Addresses);
