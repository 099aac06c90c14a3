using Kuzzle.Edge.Systemd;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Health;

/// <summary>
/// Gives the service manager its signs of life, at twice the rate it asks for, and only while every check answers. What has hung silences it, and the manager
/// starts the gateway anew.
/// </summary>
internal sealed partial class Watchdog(IReadOnlyList<HealthCheck> checks, ServiceManager manager, TimeProvider clock, ILogger<Watchdog> logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private bool _wasHealthy = true;

    /// <summary>Begins, where the manager has asked for signs of life.</summary>
    public Watchdog Started()
    {
        if (manager.WatchdogInterval is { } interval) _running = RunAsync(interval / 2, _stop.Token);
        return this;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, clock);
        try
        {
            do
            {
                if (await AllAnswerAsync(interval, cancellationToken)) manager.KeepAlive();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    private async Task<bool> AllAnswerAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        // All at once: on a board that is slow but well, the times of all together would be longer than the manager waits.
        var failures = await Task.WhenAll(checks.Select(check => FailureOfAsync(check, limit, cancellationToken)));
        for (var index = 0; index < checks.Count; index++)
        {
            if (failures[index] is not { } failure) continue;

            LogSilent(logger, checks[index].Name, failure.Message);
            manager.Status($"{checks[index].Name} does not answer: {failure.Message}");
            _wasHealthy = false;
            return false;
        }

        if (!_wasHealthy) manager.Status("Running");
        _wasHealthy = true;
        return true;
    }

    private async Task<Exception?> FailureOfAsync(HealthCheck check, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await check.AnswerAsync(cancellationToken).WaitAsync(limit, clock, cancellationToken);
            return null;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return failure; // Whatever it is: a check that does not end well means that the part does not answer.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Part} does not answer, so the service manager gets no sign of life: {Reason}")]
    private static partial void LogSilent(ILogger logger, string part, string reason);
}
