using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Draining;
using Kuzzle.Edge.Sync.Replicating;
using Kuzzle.Edge.Sync.Rules;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Kuzzle.Edge.Sync.Links;

/// <summary>
/// The link to the upstream: connects, drains the outbox, notices when the other side no longer answers, and begins again, for as long as the process
/// lives. It has one loop, so nothing here runs twice at a time.
/// </summary>
public sealed partial class UpstreamLink : ISyncControl, IAsyncDisposable
{
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly IOutbox _outbox;
    private readonly UpstreamOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly string _id = Guid.NewGuid().ToString();
    private readonly DownSync _down;
    private readonly OutboxDrain _drain;
    private readonly ResiliencePipeline<UpstreamSession> _untilConnected;
    private readonly CancellationTokenSource _stop = new();
    private readonly Meter _meter = new("Kuzzle.Edge.Sync");
    private readonly Counter<long> _deliveredCounter;
    private readonly Counter<long> _parkedCounter;
    private readonly Lock _lock = new();
    private readonly NetworkWatch _network;
    private CancellationTokenSource? _round;
    private TaskCompletionSource? _paused;
    private DateTimeOffset _lastWake;
    private LinkStatus _status;
    private Task _running = Task.CompletedTask;

    /// <summary>A link that has not begun; <see cref="Start"/> begins.</summary>
    public UpstreamLink(UpstreamOptions options, IOutbox outbox, IDocumentStore store, IReplica replica, TimeProvider clock, ILoggerFactory loggers)
    {
        _options = options;
        _outbox = outbox;
        _clock = clock;
        _logger = loggers.CreateLogger<UpstreamLink>();
        var progress = new ProgressBook(store, options);
        _down = new DownSync(outbox, store, replica, progress, options, _id, clock, _logger);
        _drain = new OutboxDrain(outbox, store, _down, new FirstUpload(outbox, store, progress, options.Rules, _logger), options, clock, _logger);
        _status = new LinkStatus(LinkState.Connecting, clock.GetUtcNow(), "It has not been tried yet.", LastDelivery: null, Delivered: 0, Parked: 0);
        _deliveredCounter = _meter.CreateCounter<long>("upstream.delivered", description: "Documents and deletions that the upstream has acknowledged");
        _parkedCounter = _meter.CreateCounter<long>("upstream.parked", description: "Documents that the upstream has refused for good");
        _network = new NetworkWatch(Wake);
        _meter.CreateObservableCounter("upstream.taken", () => _down.Taken, description: "Documents and deletions that were taken over from the upstream");
        _meter.CreateObservableGauge("upstream.batch", () => _drain.BatchSize, description: "How many documents travel in one request at the moment");
        _meter.CreateObservableGauge("upstream.backlog", () => _outbox.Totals.Entries, description: "Documents and deletions that wait for the upstream");
        _meter.CreateObservableGauge("upstream.backlog.bytes", () => _outbox.Totals.Bytes, unit: "By", description: "Bytes of the documents that wait for the upstream");
        _meter.CreateObservableCounter("upstream.dropped", () => _outbox.Totals.Dropped, description: "Changes that were given up because the outbox was full");
        _meter.CreateObservableCounter("upstream.refused", () => _outbox.Totals.Refused, description: "Writes that were refused for want of room");
        _meter.CreateObservableCounter("upstream.sent", () => _drain.Sent, unit: "By", description: "Bytes of requests that were sent to the upstream, before compression");
        _meter.CreateObservableGauge("upstream.online", () => Status.State == LinkState.Online ? 1 : 0, description: "1 while the upstream answers");
        _untilConnected = new ResiliencePipelineBuilder<UpstreamSession> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<UpstreamSession>
            {
                ShouldHandle = new PredicateBuilder<UpstreamSession>().Handle<LinkBrokenException>().Handle<DocumentStoreException>(),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstRetryDelay,
                MaxDelay = options.MaxRetryDelay,
                UseJitter = true,
                OnRetry = attempt =>
                {
                    GoOffline(attempt.Outcome.Exception!.Message, attempt.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>How the link stands now.</summary>
    public LinkStatus Status => Volatile.Read(ref _status);

    /// <summary>Begins. To be called once.</summary>
    public void Start() => _running = RunAsync(_stop.Token);

    /// <summary>Ends the loop: what was not acknowledged stays in the outbox for the next start.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <inheritdoc/>
    public async ValueTask<JsonObject> DescribeAsync(CancellationToken cancellationToken)
    {
        var backlog = await _outbox.MeasureAsync(cancellationToken);
        var status = Status;
        return new JsonObject
        {
            ["state"] = status.State.ToString().ToLowerInvariant(),
            ["since"] = status.Since.ToUnixTimeMilliseconds(),
            ["reason"] = status.Reason,
            ["transport"] = status.Transport,
            ["url"] = _options.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
            ["backlog"] = new JsonObject
            {
                ["documents"] = backlog.Entries,
                ["bytes"] = backlog.Bytes,
                ["deferred"] = backlog.Deferred,
                ["parked"] = backlog.Parked,
                ["dropped"] = _outbox.Totals.Dropped,
                ["refused"] = _outbox.Totals.Refused,
                ["oldest"] = backlog.OldestSince?.ToUnixTimeMilliseconds(),
            },
            ["delivered"] = status.Delivered,
            ["taken"] = _down.Taken,
            ["lastDelivery"] = status.LastDelivery?.ToUnixTimeMilliseconds(),
            ["lastError"] = status.LastError,
            ["comparing"] = _down.Scanning is { } scan
                ? new JsonObject { ["index"] = scan.Collection.Index, ["collection"] = scan.Collection.Collection, ["whole"] = scan.IsWhole, ["seen"] = scan.Seen, ["total"] = scan.Total }
                : null,
            ["batchSize"] = _drain.BatchSize,
            ["sentBytes"] = _drain.Sent,
            ["heldBack"] = _drain.IsHeldBack,
        };
    }

    /// <inheritdoc/>
    public void Pause()
    {
        lock (_lock)
        {
            _paused ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _round?.CancelAfter(TimeSpan.Zero); // On another thread: what it cancels wants the lock, too.
        }
    }

    /// <inheritdoc/>
    public void Resume()
    {
        lock (_lock)
        {
            _paused?.TrySetResult();
            _paused = null;
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        lock (_lock)
        {
            // One that is online drains anyway.
            if (Status.State != LinkState.Online) _round?.CancelAfter(TimeSpan.Zero); // On another thread: what it cancels wants the lock, too.
        }
    }

    /// <inheritdoc/>
    public Task<long> RetryAsync(CancellationToken cancellationToken) => _outbox.RetryAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<long> DropAsync(CancellationToken cancellationToken) => _outbox.DropParkedAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ParkedEntry>> ParkedAsync(int max, CancellationToken cancellationToken) => _outbox.ParkedAsync(max, cancellationToken);

    /// <inheritdoc/>
    public async Task<long?> ResyncAsync(CollectionName collection, CancellationToken cancellationToken)
    {
        if (!_options.Rules.TryFind(collection, out var rule)) return null;
        if (rule.Direction != SyncDirection.Up) _down.Compare(collection);
        return rule.Direction == SyncDirection.Down ? 0 : await _outbox.EnqueueAllAsync(collection, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _network.Dispose();
        await StopAsync();
        _stop.Dispose();
        _meter.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await WhileSuspendedAsync(cancellationToken);
                using var round = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                lock (_lock) _round = _paused is null ? round : null;
                try
                {
                    if (_round is not null) await RunRoundAsync(round.Token);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    // Paused, or there is a reason to try again at once.
                }
                finally
                {
                    lock (_lock) _round = null;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Change(status => status with { State = LinkState.Stopped, Since = _clock.GetUtcNow(), Reason = "The gateway is stopping." });
        }
        catch (Exception fault)
        {
            // The outermost loop of this service. What gets here is a fault of ours; the outbox keeps all it has.
            LogStopped(_logger, fault);
            Change(status => status with { State = LinkState.Stopped, Since = _clock.GetUtcNow(), Reason = fault.Message });
        }
    }

    private async Task WhileSuspendedAsync(CancellationToken cancellationToken)
    {
        Task? paused;
        lock (_lock) paused = _paused?.Task;
        if (paused is null) return;

        Change(status => status with { State = LinkState.Suspended, Since = _clock.GetUtcNow(), Reason = "It was paused.", Transport = null });
        LogPaused(_logger);
        await paused.WaitAsync(cancellationToken);
        LogResumed(_logger);
    }

    private async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        await using var upstream = await _untilConnected.ExecuteAsync(ConnectAsync, cancellationToken);
        GoOnline(upstream.Transport);
        try
        {
            await DrainUntilBrokenAsync(upstream, cancellationToken);
        }
        catch (Exception broken) when (broken is LinkBrokenException or DocumentStoreException)
        {
            GoOffline(broken.Message, retryDelay: null);
        }
    }

    /// <summary>The network has changed: what could not be reached may be now. A burst of changes is one.</summary>
    private void Wake()
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            if (Status.State == LinkState.Online || now - _lastWake < FirstRetryDelay) return;

            _lastWake = now;
            _round?.CancelAfter(TimeSpan.Zero); // On another thread: what it cancels wants the lock, too.
        }
    }

    /// <summary>
    /// A connection counts only when something got through it: an upstream that lets us connect and then refuses would otherwise be asked without a pause.
    /// </summary>
    private async ValueTask<UpstreamSession> ConnectAsync(CancellationToken cancellationToken)
    {
        Change(status => status with { State = LinkState.Connecting, Since = _clock.GetUtcNow() });
        var upstream = await UpstreamSession.OpenAsync(_options, _id, _down.OnMessage, _clock, cancellationToken);
        try
        {
            if (_down.IsNeeded) await _down.BeginAsync(upstream, cancellationToken);
            if (!await PushAsync(upstream, cancellationToken)) await ProveAliveAsync(upstream, cancellationToken);
            return upstream;
        }
        catch
        {
            await upstream.DisposeAsync();
            throw;
        }
    }

    private async Task DrainUntilBrokenAsync(UpstreamSession upstream, CancellationToken cancellationToken)
    {
        while (true)
        {
            var isBusy = await PushAsync(upstream, cancellationToken) | await _down.StepAsync(upstream, cancellationToken);
            if (!isBusy && !await SomethingWithinKeepAliveAsync(cancellationToken)) await ProveAliveAsync(upstream, cancellationToken);
        }
    }

    private async Task<bool> PushAsync(UpstreamSession upstream, CancellationToken cancellationToken)
    {
        var result = await _drain.PushAsync(upstream, cancellationToken);
        if (result.IsNothing) return false;

        _deliveredCounter.Add(result.Delivered);
        _parkedCounter.Add(result.Parked);
        Change(status => status with
        {
            Delivered = status.Delivered + result.Delivered,
            Parked = status.Parked + result.Parked,
            LastDelivery = result.Delivered > 0 ? _clock.GetUtcNow() : status.LastDelivery,
        });
        return true;
    }

    private async Task<bool> SomethingWithinKeepAliveAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.KeepAlive, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var up = _drain.WaitAsync(either.Token);
        var down = _down.WhenSomeAsync().WaitAsync(either.Token);
        var isSome = (await Task.WhenAny(up, down)).IsCompletedSuccessfully;
        await either.CancelAsync();
        await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // What failed rather than waited fails again when it is used.
        cancellationToken.ThrowIfCancellationRequested();
        return isSome;
    }

    // A peer that is gone without a word (a half-open connection) answers nothing; only asking finds out. Any answer will do, a refusal too.
    private static Task<UpstreamAnswer> ProveAliveAsync(UpstreamSession upstream, CancellationToken cancellationToken) =>
        upstream.AskAsync(
            request =>
            {
                request.WriteString("controller", "server");
                request.WriteString("action", "now");
            },
            cancellationToken);

    private void GoOnline(string transport)
    {
        Change(status => status with { State = LinkState.Online, Since = _clock.GetUtcNow(), Reason = null, Transport = transport });
        LogOnline(_logger, _options.Url);
    }

    private void GoOffline(string reason, TimeSpan? retryDelay)
    {
        var before = Status;
        Change(status => status with { State = LinkState.Offline, Since = _clock.GetUtcNow(), Reason = reason, LastError = reason, Transport = null });

        // An upstream that is away for a day is one line, not one for every attempt.
        if (before.LastError != reason || before.State == LinkState.Online) LogOffline(_logger, reason);
        else if (retryDelay is { } delay) LogStillOffline(_logger, reason, delay);
    }

    private void Change(Func<LinkStatus, LinkStatus> change) => Volatile.Write(ref _status, change(_status));

    [LoggerMessage(Level = LogLevel.Information, Message = "The upstream {Upstream} answers")]
    private static partial void LogOnline(ILogger logger, Uri upstream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The upstream is out of reach; changes are kept until it returns. {Reason}")]
    private static partial void LogOffline(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The upstream is still out of reach: {Reason} Next attempt in {Delay}")]
    private static partial void LogStillOffline(ILogger logger, string reason, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "The link to the upstream has stopped; changes are kept, and a restart tries again")]
    private static partial void LogStopped(ILogger logger, Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The upstream link is paused; changes are kept until it is resumed")]
    private static partial void LogPaused(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "The upstream link is resumed")]
    private static partial void LogResumed(ILogger logger);
}
