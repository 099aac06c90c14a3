namespace Kuzzle.Edge.Devices.Sensors.Conditioning;

/// <summary>Makes one value of several samples. Used by one thread at a time.</summary>
/// <param name="size">How many samples make a value; 1 or more.</param>
/// <param name="reduction">How.</param>
internal sealed class SampleWindow(int size, Reduction reduction)
{
    private readonly double[] _samples = new double[size];
    private int _count;

    /// <summary>Takes a sample. The value when it was the last that one is made of; else null.</summary>
    public double? Add(double sample)
    {
        _samples[_count++] = sample;
        if (_count < size) return null;

        _count = 0;
        return size == 1 ? sample : Reduce();
    }

    private double Reduce()
    {
        switch (reduction)
        {
            case Reduction.Mean:
                return Mean(_samples);
            case Reduction.Median:
                Array.Sort(_samples);
                return Mean(_samples.AsSpan((size - 1) / 2, size % 2 == 0 ? 2 : 1));
            case Reduction.Min:
                return _samples.Min();
            case Reduction.Max:
                return _samples.Max();
            default:
                return _samples[^1];
        }
    }

    private static double Mean(ReadOnlySpan<double> samples)
    {
        // Divided before it is summed: the sum of finite values may not be finite.
        var mean = 0.0;
        foreach (var sample in samples) mean += sample / samples.Length;
        return mean;
    }
}
