using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.I2c.Chips;

/// <summary>A chip on an I2C bus that this program drives itself.</summary>
public interface IChip
{
    /// <summary>What it is and where: <c>aht20 at 0x38 of i2c-1</c>.</summary>
    string Description { get; }

    /// <summary>What it measures.</summary>
    IReadOnlyList<ChipChannel> Channels { get; }

    /// <summary>
    /// Measures all channels, or gives the values of a moment ago where the chip needs a pause between measurements. Blocks while the chip converts. Sets the chip up the
    /// first time, and again after a fault: it may have lost its power.
    /// </summary>
    /// <param name="at">The time of this measurement.</param>
    /// <returns>One measurement for each name in <see cref="Channels"/>; or a fault, when the chip as a whole could not be read.</returns>
    Outcome<IReadOnlyDictionary<string, Measurement>> Measure(DateTimeOffset at);
}
