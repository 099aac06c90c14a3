namespace Kuzzle.Edge.Devices.Sensors.Conditioning;

/// <summary>Makes one value of several.</summary>
internal static class Reducing
{
    /// <param name="reduction">How.</param>
    /// <param name="samples">At least one. Their order may be another one afterwards.</param>
    public static double Reduce(this Reduction reduction, Span<double> samples)
    {
        switch (reduction)
        {
            case Reduction.Mean:
                return Mean(samples);
            case Reduction.Median:
                samples.Sort();
                return Mean(samples.Slice((samples.Length - 1) / 2, samples.Length % 2 == 0 ? 2 : 1));
            case Reduction.Min:
                return Extreme(samples, Math.Min);
            case Reduction.Max:
                return Extreme(samples, Math.Max);
            case Reduction.Rms:
                return RootMeanSquare(samples);
            default:
                return samples[^1];
        }
    }

    private static double Mean(ReadOnlySpan<double> samples)
    {
        // Divided before it is summed: the sum of finite values may not be finite.
        var mean = 0.0;
        foreach (var sample in samples) mean += sample / samples.Length;
        return mean;
    }

    private static double RootMeanSquare(ReadOnlySpan<double> samples)
    {
        var mean = 0.0;
        foreach (var sample in samples) mean += sample / samples.Length * sample;
        return Math.Sqrt(mean);
    }

    private static double Extreme(ReadOnlySpan<double> samples, Func<double, double, double> better)
    {
        var extreme = samples[0];
        foreach (var sample in samples) extreme = better(extreme, sample);
        return extreme;
    }
}
