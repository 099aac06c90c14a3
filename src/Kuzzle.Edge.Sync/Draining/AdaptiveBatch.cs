namespace Kuzzle.Edge.Sync.Draining;

/// <summary>
/// How many documents travel in one request: more while answers come quickly, fewer when they are slow or do not come. A request should take about a second, so that a slow
/// line shows its progress and loses little when it breaks.
/// </summary>
internal sealed class AdaptiveBatch(int max)
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    /// <summary>How many may travel now.</summary>
    public int Size { get; private set; } = Math.Min(max, 50);

    /// <summary>A request was answered.</summary>
    public void Took(TimeSpan time, int documents)
    {
        if (time > Slow) Shrink();
        else if (time < Quick && documents >= Size) Size = Math.Min(max, Size + Math.Max(1, Size / 2));
    }

    /// <summary>A request was too much for the upstream or the line.</summary>
    public void Shrink() => Size = Math.Max(1, Size / 2);
}
