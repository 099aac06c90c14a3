using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Subscriptions;
using Kuzzle.Edge.Broker.Timing;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Broker.Clients;

/// <summary>
/// A subscription of the program itself. It has a bounded queue and a loop of its own, so that it can hold up no client; when the queue is full, the oldest message goes
/// and is counted.
/// </summary>
internal sealed partial class ProgramSubscription : TreeMember, IAsyncDisposable
{
    private readonly BrokerCore _core;
    private readonly byte[] _filter;
    private readonly Func<MqttMessage, CancellationToken, ValueTask> _handle;
    private readonly Action<ProgramSubscription> _onEnd;
    private readonly Channel<MqttMessage> _waiting;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Task _handling;

    public ProgramSubscription(BrokerCore core, byte[] filter, Func<MqttMessage, CancellationToken, ValueTask> handle, Action<ProgramSubscription> onEnd)
    {
        _core = core;
        _filter = filter;
        _handle = handle;
        _onEnd = onEnd;
        _waiting = Channel.CreateBounded<MqttMessage>(
            new BoundedChannelOptions(core.Options.EventQueueLimit) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => core.Metrics.Dropped(DropReason.SlowProgram));
        Begin();
        _handling = Task.Run(HandleAsync);
    }

    /// <summary>A message that matches. Called where no lock is held.</summary>
    public void Offer(Publication publication)
    {
        var seconds = publication.ExpiresAt == BrokerClock.Never ? (uint?)null : (uint)Math.Max(0, (publication.ExpiresAt - _core.Clock.Now + 999) / 1000);
        var message = MessageEncoding.Read(publication, seconds);
        lock (_gate) _waiting.Writer.TryWrite(message);
    }

    /// <summary>Ends it. Completes when the message that is being handled has been.</summary>
    public async ValueTask DisposeAsync()
    {
        _core.Tree.Remove(_filter, this);
        _onEnd(this);
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (!IsOwnLoop.Value) await _handling.ConfigureAwait(false);
    }

    // Set within the loop, so that a handler may end its own subscription without waiting for itself.
    private AsyncLocal<bool> IsOwnLoop { get; } = new();

    /// <summary>While no newer message can come between: first what is retained.</summary>
    private void Begin()
    {
        lock (_gate)
        {
            _core.Tree.Add(_filter, this);
            var retained = new List<Publication>();
            _core.Retained.CollectMatches(_filter, retained);
            foreach (var publication in retained) _waiting.Writer.TryWrite(MessageEncoding.Read(publication, expirySeconds: null) with { Retain = true });
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The handler is the program's code: whatever it throws, it gets the next message.")]
    private async Task HandleAsync()
    {
        IsOwnLoop.Value = true;
        await foreach (var message in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (_stopping.IsCancellationRequested) return;

            try
            {
                await _handle(message, _stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                LogFailed(_core.Logger, message.Topic, failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The program's handler of a message on {Topic} has failed")]
    private static partial void LogFailed(ILogger logger, string topic, Exception failure);
}
