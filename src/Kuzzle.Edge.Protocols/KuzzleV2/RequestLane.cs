using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Protocols.Requests;

namespace Kuzzle.Edge.Protocols.KuzzleV2;

/// <summary>
/// The requests of one connection on their way off its read loop: started in the order in which they came, one after the other, on pool threads, and
/// then running side by side; a quick one may start at once instead. Posting never waits, and only the read loop of the connection posts.
/// </summary>
/// <param name="maxRequests">How many may wait or run.</param>
/// <param name="maxBytes">The same in bytes of payload.</param>
/// <param name="all">The requests of all connections together.</param>
/// <param name="answer">Starts a request before it returns and completes when it is answered. Never fails.</param>
internal sealed class RequestLane(int maxRequests, long maxBytes, InFlightGate all, Func<MqttMessage, Task> answer) : IThreadPoolWorkItem
{
    /// <summary>After so many starts the lane queues up behind the others, so that one busy client does not keep a pool thread for itself.</summary>
    private const int StartsPerTurn = 32;

    /// <summary>After so many that were started at once the next one goes to the pool: a client that asks again immediately must not keep the reader for itself.</summary>
    private const int StartsAtOnce = 4;

    private readonly InFlightGate _inFlight = new(maxRequests, maxBytes);
    private readonly Lock _lock = new();
    private readonly Queue<MqttMessage> _waiting = new();
    private bool _running;
    private int _startedAtOnce;

    /// <summary>Takes a request, or answers false when too many wait or run already.</summary>
    /// <param name="atOnce">Starts it here and now, on the caller's thread, unless others are before it.</param>
    public bool TryPost(MqttMessage request, bool atOnce)
    {
        if (!_inFlight.TryEnter(request.Payload.Length)) return false;
        if (!all.TryEnter(request.Payload.Length))
        {
            _inFlight.Leave(request.Payload.Length);
            return false;
        }

        lock (_lock)
        {
            atOnce &= !_running && _startedAtOnce < StartsAtOnce;
            if (atOnce)
            {
                _startedAtOnce++;
            }
            else
            {
                _startedAtOnce = 0;
                _waiting.Enqueue(request);
                if (_running) return true;

                _running = true;
            }
        }

        if (atOnce)
        {
            _ = RunAsync(request);
            return true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Waits until every request was answered.</summary>
    public Task WhenEmptyAsync(CancellationToken cancellationToken) => _inFlight.WhenEmptyAsync(cancellationToken);

    /// <inheritdoc/>
    public void Execute()
    {
        for (var started = 0; started < StartsPerTurn; started++)
        {
            MqttMessage? request;
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out request))
                {
                    _running = false;
                    return;
                }
            }

            _ = RunAsync(request); // The gate counts it: whoever stops waits for it there.
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private async Task RunAsync(MqttMessage request)
    {
        try
        {
            await answer(request);
        }
        finally
        {
            all.Leave(request.Payload.Length);
            _inFlight.Leave(request.Payload.Length);
        }
    }
}
