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
        return size == 1 ? sample : reduction.Reduce(_samples);
    }
}
