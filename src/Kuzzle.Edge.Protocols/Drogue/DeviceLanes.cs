using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Protocols.Drogue;

/// <summary>What is to be done for devices, for each in its order: across its connections, too.</summary>
internal sealed partial class DeviceLanes(ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<Func<Task>>> _lanes = new(StringComparer.Ordinal);
    private TaskCompletionSource? _empty;

    /// <summary>Does something once all that came before for the device is done.</summary>
    public void Enqueue(string device, Func<Task> work)
    {
        lock (_gate)
        {
            if (_lanes.TryGetValue(device, out var lane))
            {
                lane.Enqueue(work);
                return;
            }

            _lanes.Add(device, new Queue<Func<Task>>([work]));
        }

        _ = RunAsync(device); // Counted among the lanes: whoever stops waits for them.
    }

    /// <summary>Completes when all is done that was asked for.</summary>
    public Task WhenEmptyAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_lanes.Count == 0) return Task.CompletedTask;

            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task.WaitAsync(cancellationToken);
        }
    }

    private async Task RunAsync(string device)
    {
        await Task.Yield(); // The caller is a connection that must not wait.
        while (TryTake(device, out var work))
        {
            try
            {
                await work();
            }
            catch (Exception failure) // The outermost place of this work: what is behind it must be done nevertheless.
            {
                LogFailed(device, failure);
            }
        }
    }

    private bool TryTake(string device, out Func<Task> work)
    {
        lock (_gate)
        {
            if (_lanes[device].TryDequeue(out work!)) return true;

            _lanes.Remove(device);
            if (_lanes.Count > 0) return false;

            _empty?.TrySetResult();
            _empty = null;
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Device {Device}: the registry could not be told what it does")]
    private partial void LogFailed(string device, Exception failure);
}
