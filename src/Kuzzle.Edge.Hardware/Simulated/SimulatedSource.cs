using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.Simulated;

/// <summary>
/// A made-up temperature for machines without sensors: a sine with a little noise. The same seed and time give the same value, on every machine.
/// </summary>
/// <param name="seed">Which of the many waveforms.</param>
/// <param name="mean">The middle, in °C.</param>
/// <param name="amplitude">How far the sine goes from it, in °C. 0 or more.</param>
/// <param name="period">The length of one wave; more than zero.</param>
public sealed class SimulatedSource(int seed, double mean, double amplitude, TimeSpan period) : ISensorSource
{
    /// <inheritdoc/>
    public string Description => $"simulated (seed {seed})";

    /// <inheritdoc/>
    public string Kind => "temperature";

    /// <inheritdoc/>
    public string Unit => "°C";

    /// <inheritdoc/>
    public Measurement Measure(DateTimeOffset at)
    {
        var milliseconds = at.ToUnixTimeMilliseconds();
        var turns = milliseconds / period.TotalMilliseconds;
        var noise = NoiseAt(milliseconds) * amplitude * 0.05;
        return Measurement.Of(Math.Round(mean + (amplitude * Math.Sin(turns * Math.Tau)) + noise, 3));
    }

    /// <summary>From -1 to 1, without any state: SplitMix64 over seed and time.</summary>
    private double NoiseAt(long milliseconds)
    {
        var mixed = unchecked((ulong)milliseconds + ((ulong)(uint)seed * 0x9E3779B97F4A7C15));
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        mixed ^= mixed >> 31;
        return ((mixed >> 11) * (2.0 / (1UL << 53))) - 1;
    }
}
