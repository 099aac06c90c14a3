namespace Kuzzle.Edge.Hardware.Iio;

/// <summary>Where channels lie in a sample: in the order of their index, each aligned to its own length, the whole to the longest.</summary>
internal static class IioScanLayout
{
    /// <summary>The first bytes of channels, given by their lengths in the order of their index, and the length of a sample.</summary>
    public static (int[] Positions, int Length) Of(IReadOnlyList<int> lengths)
    {
        var positions = new int[lengths.Count];
        var end = 0;
        var longest = 1;
        for (var i = 0; i < lengths.Count; i++)
        {
            positions[i] = Align(end, lengths[i]);
            end = positions[i] + lengths[i];
            longest = Math.Max(longest, lengths[i]);
        }

        return (positions, Align(end, longest));
    }

    private static int Align(int position, int to) => (position + to - 1) / to * to;
}
