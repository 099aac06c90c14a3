namespace Kuzzle.Edge.Sync.Draining;

/// <summary>
/// How many documents travel in one request: more while answers come quickly, fewer when they are slow or do not come. A request should take about a second, so that a slow
/// line shows its progress and loses little when it breaks. Thread-safe.
/// </summary>
internal sealed class AdaptiveBatch(int max)
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private int _size = Math.Min(max, 50);

    /// <summary>How many may travel now.</summary>
    public int Size => Volatile.Read(ref _size);

    /// <summary>A request was answered.</summary>
    public void Took(TimeSpan time, int documents)
    {
        lock (_lock)
        {
            if (time > Slow) _size = Math.Max(1, _size / 2);
            else if (time < Quick && documents >= _size) _size = Math.Min(max, _size + Math.Max(1, _size / 2));
        }
    }

    /// <summary>A request was too much for the upstream or the line.</summary>
    public void Shrink()
    {
        lock (_lock) _size = Math.Max(1, _size / 2);
    }
}
