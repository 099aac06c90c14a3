using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>Tells one observer what happens, until it is told no more.</summary>
internal sealed partial class ObserverPump : IAsyncDisposable
{
    // Within it an observer hears what was raised before it was taken away, the end of the broker included.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly string _name;
    private readonly Func<BrokerEvent, CancellationToken, ValueTask> _tell;
    private readonly EventHub _hub;
    private readonly EventQueue _queue;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Action<ObserverPump> _onEnd;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _telling;

    public ObserverPump(string name, Func<BrokerEvent, CancellationToken, ValueTask> tell, EventHub hub, EventQueue queue, TimeProvider clock, ILogger logger, Action<ObserverPump> onEnd)
    {
        _name = name;
        _tell = tell;
        _hub = hub;
        _queue = queue;
        _clock = clock;
        _logger = logger;
        _onEnd = onEnd;
        _telling = Task.Run(TellAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _onEnd(this);
        _hub.Remove(_queue);
        _queue.Complete();
        try
        {
            await _telling.WaitAsync(LastWords, _clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogLate(_name, LastWords);
            await _stopping.CancelAsync().ConfigureAwait(false); // Whether it heeds that is its own business: it holds up nobody.
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "An observer is the program's code: whatever it throws, it hears the next event.")]
    private async Task TellAsync()
    {
        await foreach (var happened in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (_stopping.IsCancellationRequested) return;

            try
            {
                await _tell(happened, _stopping.Token).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                LogFailed(_name, happened.Kind, failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The observer {Observer} has failed on {Kind}")]
    private partial void LogFailed(string observer, BrokerEventKinds kind, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The observer {Observer} did not come to its end within {Patience}")]
    private partial void LogLate(string observer, TimeSpan patience);
}
