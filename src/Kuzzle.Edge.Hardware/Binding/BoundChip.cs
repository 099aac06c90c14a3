namespace Kuzzle.Edge.Hardware.Binding;

/// <summary>A chip that a driver of the kernel has taken.</summary>
/// <param name="Chip">The chip's name.</param>
/// <param name="Bus">The bus it is on.</param>
/// <param name="Address">Its address there.</param>
/// <param name="Subsystem">Where its values appear.</param>
/// <param name="Node">The folder there: <c>hwmon3</c>, <c>iio:device0</c>.</param>
/// <param name="NodeName">What that folder's file <c>name</c> says: what the sources find it by.</param>
/// <param name="WasThere">True when it was bound already, by a device tree or an earlier run: then it is not ours to remove.</param>
public sealed record BoundChip(string Chip, int Bus, int Address, KernelSubsystem Subsystem, string Node, string NodeName, bool WasThere);
