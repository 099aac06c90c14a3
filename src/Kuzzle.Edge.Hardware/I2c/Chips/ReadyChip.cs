namespace Kuzzle.Edge.Hardware.I2c.Chips;

/// <summary>A chip that this program can drive itself, without a driver of the kernel.</summary>
/// <param name="Name">Its name in configurations: <c>aht20</c>.</param>
/// <param name="Title">What it is, for people.</param>
/// <param name="Addresses">The addresses it can have, the usual one first.</param>
/// <param name="Channels">What it measures.</param>
public sealed record ReadyChip(string Name, string Title, IReadOnlyList<int> Addresses, IReadOnlyList<ChipChannel> Channels);
