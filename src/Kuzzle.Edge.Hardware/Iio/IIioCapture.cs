using Kuzzle.Edge.Hardware.I2c.Chips;

namespace Kuzzle.Edge.Hardware.Iio;

/// <summary>A buffered capture that runs: the kernel samples by its trigger, and keeps the samples until they are read. Disposing stops it.</summary>
public interface IIioCapture : IDisposable
{
    /// <summary>What it captures: the device and its channels.</summary>
    string Description { get; }

    /// <summary>The channels, in the order of the values of a scan.</summary>
    IReadOnlyList<ChipChannel> Channels { get; }

    /// <summary>Waits for samples and gives all that there are, oldest first. Blocks; to be called by one at a time.</summary>
    /// <param name="timeout">How long to wait.</param>
    /// <returns><see cref="HardwareFaultKind.TimedOut"/> when none came: the trigger does not fire.</returns>
    Outcome<IReadOnlyList<IioScan>> Read(TimeSpan timeout);
}
