using System.Diagnostics;

namespace Kuzzle.Edge.Fuzz;

/// <summary>When a run ends: after so many packets, or after so much time, whichever comes first.</summary>
internal sealed class FuzzLimit(long packets, TimeSpan time)
{
    private readonly Stopwatch _running = Stopwatch.StartNew();
    private long _begun;
    private long _done;

    public long Done => Volatile.Read(ref _done);

    public TimeSpan Elapsed => _running.Elapsed;

    /// <summary>The number of the next share, or -1 when the run is over.</summary>
    public long NextShare() => Done < packets && _running.Elapsed < time ? Interlocked.Increment(ref _begun) - 1 : -1;

    /// <summary>Random numbers that follow from a seed and a share.</summary>
    public static Random RandomFor(int seed, long share) => new(unchecked((int)((((ulong)share << 32) + (uint)seed) * 0x9E37_79B9_7F4A_7C15 >> 32)));

    public void Count(long fed) => Interlocked.Add(ref _done, fed);
}
