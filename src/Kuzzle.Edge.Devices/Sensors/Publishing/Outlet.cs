using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Sensors.Publishing;

/// <summary>
/// Publishes for all sensors: those that have something to tell are taken together, and their requests made side by side, so that they share a commit. While one commit is under way
/// the next ones gather.
/// </summary>
internal sealed partial class Outlet(ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private HashSet<ITalker> _ready = [];

    /// <summary>It has something to tell; it is asked for it after the next <see cref="Flush"/>.</summary>
    public void Add(ITalker talker)
    {
        lock (_gate) _ready.Add(talker);
    }

    /// <summary>Those that were added are asked now.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_ready.Count == 0) return;
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Runs until it is cancelled, or told to end: then what was added is still asked for.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _signal.Reader.WaitToReadAsync(cancellationToken))
            {
                _signal.Reader.TryRead(out _);
                await PublishAsync(cancellationToken);
            }

            await PublishAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end of the process.
        }
    }

    /// <summary>Lets <see cref="RunAsync"/> end when all that was added is told, or has been tried once more.</summary>
    public void Complete() => _signal.Writer.TryComplete();

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        HashSet<ITalker> talkers;
        lock (_gate)
        {
            talkers = _ready;
            _ready = [];
        }

        await Task.WhenAll(talkers.Select(talker => TellAsync(talker, cancellationToken)));
    }

    private async Task TellAsync(ITalker talker, CancellationToken cancellationToken)
    {
        try
        {
            await talker.TellAsync(cancellationToken);
        }
        catch (Exception unexpected) when (unexpected is not OperationCanceledException)
        {
            // The outermost loop of all sensors: the others go on.
            LogUnexpected(logger, unexpected);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Publishing for a sensor has failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception unexpected);
}
