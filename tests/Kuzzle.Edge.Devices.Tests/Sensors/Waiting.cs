using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Devices.Tests.Sensors;

/// <summary>Waits for what happens on threads of its own: the clock is ours, but when they run is the machine's.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!await condition()) await timer.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>
    /// Turns the clock by steps until it is so. One may not be enough: what is still being read when the clock turns is not due by that, and is read at the next.
    /// </summary>
    public static async Task SteppingAsync(ManualClock clock, TimeSpan step, Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!await condition())
        {
            clock.Advance(step);
            for (var look = 0; look < 250 && !await condition(); look++) await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Turns the clock by a step, and then by milliseconds until it is so.</summary>
    public static Task TurningAsync(ManualClock clock, TimeSpan step, Func<bool> condition) => TurningAsync(clock, step, () => Task.FromResult(condition()));

    /// <inheritdoc cref="TurningAsync(ManualClock, TimeSpan, Func{bool})"/>
    public static async Task TurningAsync(ManualClock clock, TimeSpan step, Func<Task<bool>> condition)
    {
        clock.Advance(step);
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }
}
