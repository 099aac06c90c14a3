namespace Kuzzle.Edge.Hardware.Scanning;

/// <summary>A device of hwmon or IIO.</summary>
/// <param name="Node">Its folder: <c>hwmon0</c>, <c>iio:device0</c>.</param>
/// <param name="Name">What its file <c>name</c> says; empty when it does not say.</param>
/// <param name="Channels">Its inputs as the sources take them.</param>
public sealed record KernelDeviceFinding(string Node, string Name, IReadOnlyList<KernelChannelFinding> Channels);
