using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.Simulated;

/// <summary>
/// Made-up values for machines without sensors: a waveform with a little noise. The same seed and time give the same value, on every machine, whatever was asked before.
/// </summary>
/// <param name="seed">Which of the many.</param>
/// <param name="mean">The middle, in the unit.</param>
/// <param name="amplitude">How far the waveform goes from it, in the unit. 0 or more.</param>
/// <param name="period">The length of one wave; more than zero.</param>
/// <param name="shape">The waveform.</param>
/// <param name="kind">What is said to be measured.</param>
/// <param name="unit">The unit.</param>
/// <param name="noise">How much noise, as a part of the amplitude. 0 or more.</param>
public sealed class SimulatedSource(
    int seed, double mean, double amplitude, TimeSpan period, Waveform shape = Waveform.Sine, string kind = "temperature", string unit = "°C", double noise = 0.05) : ISensorSource
{
    /// <summary>How many octaves a walk has: the finest is a 32nd of the period.</summary>
    private const int Octaves = 6;

    /// <inheritdoc/>
    public string Description => $"simulated (seed {seed})";

    /// <inheritdoc/>
    public string Kind => kind;

    /// <inheritdoc/>
    public string Unit => unit;

    /// <inheritdoc/>
    public Measurement Measure(DateTimeOffset at)
    {
        var milliseconds = at.ToUnixTimeMilliseconds();
        var turns = milliseconds / period.TotalMilliseconds;
        return Measurement.Of(Math.Round(mean + (amplitude * ShapeAt(turns)) + (NoiseAt(milliseconds) * amplitude * noise), 3));
    }

    /// <summary>From -1 to 1.</summary>
    private double ShapeAt(double turns)
    {
        var phase = turns - Math.Floor(turns);
        return shape switch
        {
            Waveform.Square => phase < 0.5 ? 1 : -1,
            Waveform.Sawtooth => (2 * phase) - 1,
            Waveform.RandomWalk => WalkAt(turns),
            _ => Math.Sin(turns * Math.Tau),
        };
    }

    /// <summary>Smoothed noise, each octave half as large and twice as fast as the one before: wanders as a walk does, but needs no memory of it.</summary>
    private double WalkAt(double turns)
    {
        var sum = 0.0;
        var whole = 0.0;
        for (var octave = 0; octave < Octaves; octave++)
        {
            var position = turns * (1 << octave);
            var left = Math.Floor(position);
            var part = position - left;
            var smooth = part * part * (3 - (2 * part));
            var lattice = ((long)left * Octaves) + octave;
            var size = 1.0 / (1 << octave);
            sum += size * ((NoiseAt(lattice) * (1 - smooth)) + (NoiseAt(lattice + Octaves) * smooth));
            whole += size;
        }

        return sum / whole;
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
