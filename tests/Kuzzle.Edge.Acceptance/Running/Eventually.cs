namespace Kuzzle.Edge.Acceptance.Running;

/// <summary>Waits for what another process will do, with a limit.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan limit, Func<string> otherwise)
    {
        using var enough = new CancellationTokenSource(limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(enough.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"After {limit.TotalSeconds:0} s: {otherwise()}", late);
            }
        }
    }
}
