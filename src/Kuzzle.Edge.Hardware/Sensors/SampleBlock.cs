namespace Kuzzle.Edge.Hardware.Sensors;

/// <summary>Many samples of one quantity that were taken together, in short.</summary>
/// <param name="Count">How many there were; 1 or more.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="Mean">Their average.</param>
/// <param name="Rms">The root of the mean of their squares: what an alternating quantity amounts to.</param>
public sealed record SampleBlock(int Count, double Min, double Max, double Mean, double Rms)
{
    /// <summary>From the first sample to the last; null when nobody has told their times.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The samples themselves, oldest first; where there were more than wanted, averages of neighbours. Empty when none are wanted.</summary>
    public IReadOnlyList<double> Series { get; init; } = [];

    /// <summary>The block of some samples.</summary>
    /// <param name="samples">At least one.</param>
    /// <param name="mostInSeries">How many values the series may have; 0 for none.</param>
    public static SampleBlock Of(ReadOnlySpan<double> samples, int mostInSeries)
    {
        if (samples.IsEmpty) throw new ArgumentException("there must be a sample", nameof(samples));

        double min = samples[0], max = samples[0], mean = 0, squares = 0;
        foreach (var sample in samples)
        {
            min = Math.Min(min, sample);
            max = Math.Max(max, sample);

            // Divided before they are summed: the sum of finite values may not be finite.
            mean += sample / samples.Length;
            squares += sample / samples.Length * sample;
        }

        return new SampleBlock(samples.Length, min, max, Math.Clamp(mean, min, max), Math.Sqrt(squares)) { Series = Decimate(samples, mostInSeries) };
    }

    private static double[] Decimate(ReadOnlySpan<double> samples, int most)
    {
        if (most >= samples.Length) return samples.ToArray();

        var series = new double[most];
        for (var i = 0; i < most; i++)
        {
            var (from, to) = ((int)((long)i * samples.Length / most), (int)((long)(i + 1) * samples.Length / most));
            foreach (var sample in samples[from..to]) series[i] += sample / (to - from);
        }

        return series;
    }
}
