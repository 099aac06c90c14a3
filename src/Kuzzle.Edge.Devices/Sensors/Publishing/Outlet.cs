using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Sensors.Publishing;

/// <summary>
/// Publishes for all sensors: those that have something to tell are taken together, and their requests made side by side, so that they share a commit. While one commit is under way
/// the next ones gather. It has no thread of its own: whoever says that it is time makes the requests, for making them does not block, and another thread would have to be woken.
/// </summary>
internal sealed partial class Outlet(ILogger logger)
{
    private readonly Lock _gate = new();
    private HashSet<ITalker> _ready = [];
    private Task _publishing = Task.CompletedTask;
    private CancellationToken _stop;
    private bool _isOpen;

    /// <summary>Begins; what was added before waits for the next <see cref="Flush"/>.</summary>
    /// <param name="stop">Gives up requests that wait.</param>
    public void Open(CancellationToken stop)
    {
        lock (_gate) (_isOpen, _stop) = (true, stop);
    }

    /// <summary>It has something to tell; it is asked for it after the next <see cref="Flush"/>.</summary>
    public void Add(ITalker talker)
    {
        lock (_gate) _ready.Add(talker);
    }

    /// <summary>Those that were added are asked now; while others are asked, after them.</summary>
    public void Flush()
    {
        TaskCompletionSource ended;
        lock (_gate)
        {
            if (!_isOpen || _ready.Count == 0 || !_publishing.IsCompleted) return;

            ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _publishing = ended.Task; // What is awaited at the end, instead of the task below.
        }

        _ = PublishAsync(ended);
    }

    /// <summary>Ends when all that was added is told, or has been tried once more. Nobody may add anything any more.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Flush();
            Task publishing;
            lock (_gate) publishing = _publishing;
            if (publishing.IsCompleted) return;

            await publishing.WaitAsync(cancellationToken);
        }
    }

    private async Task PublishAsync(TaskCompletionSource ended)
    {
        while (TryTake(ended) is { } talkers) await Task.WhenAll(talkers.Select(TellAsync));
    }

    /// <summary>Those that are ready; null when nobody is, and then publishing has ended.</summary>
    private HashSet<ITalker>? TryTake(TaskCompletionSource ended)
    {
        lock (_gate)
        {
            if (_ready.Count == 0 || _stop.IsCancellationRequested)
            {
                ended.TrySetResult();
                return null;
            }

            var talkers = _ready;
            _ready = [];
            return talkers;
        }
    }

    private async Task TellAsync(ITalker talker)
    {
        try
        {
            await talker.TellAsync(_stop);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end of the process.
        }
        catch (Exception unexpected)
        {
            // The outermost loop of all sensors: the others go on.
            LogUnexpected(logger, unexpected);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Publishing for a sensor has failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception unexpected);
}
