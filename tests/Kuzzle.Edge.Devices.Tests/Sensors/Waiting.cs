using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Devices.Tests.Sensors;

/// <summary>Waits for what happens on threads of its own: the clock is ours, but when they run is the machine's.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!condition()) await timer.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>Turns the clock by a step, and then by milliseconds until it is so.</summary>
    public static async Task TurningAsync(ManualClock clock, TimeSpan step, Func<bool> condition)
    {
        clock.Advance(step);
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }
}
