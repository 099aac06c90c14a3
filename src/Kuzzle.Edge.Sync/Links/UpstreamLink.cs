using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Draining;
using Kuzzle.Edge.Sync.Messages;
using Kuzzle.Edge.Sync.Nodes;
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
    /// <summary>How many request timeouts a write whose connection broke may still be carried out.</summary>
    private const int PatiencePerTimeout = 2;

    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>A link that was online for so long, or got something done, is not one that breaks whenever it is used: it is tried again at once.</summary>
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(10);

    /// <summary>Where no WebSocket came through, it costs one request to see whether one does now.</summary>
    private static readonly TimeSpan WebSocketInterval = TimeSpan.FromMinutes(5);

    /// <summary>One fault may have been of the moment; as many in a row are a defect that somebody should hear of.</summary>
    private const int MaxFaults = 3;

    private readonly IOutbox _outbox;
    private readonly IDocumentStore _store;
    private readonly UpstreamOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly string _id = Guid.NewGuid().ToString();
    private readonly LinkMemory _memory;
    private readonly LinkMeters _meters;
    private readonly LinkTraffic _traffic = new();
    private readonly DownSync _down;
    private readonly OutboxDrain _drain;
    private readonly NodeReport? _node;
    private readonly UnansweredWrites _unanswered;
    private readonly MessageForward _messages;
    private readonly ResiliencePipeline _untilProgress;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly NetworkWatch _network;
    private readonly LinkRate _up;
    private CancellationTokenSource? _round;
    private TaskCompletionSource? _paused;
    private TaskCompletionSource _doubt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset? _pausedAt;
    private bool _isRemembered;
    private volatile bool _areRulesInForce;
    private LinkStatus _status;
    private Task _running = Task.CompletedTask;

    /// <summary>A link that has not begun; <see cref="Start"/> begins.</summary>
    /// <param name="options">Where to, and by which rules.</param>
    /// <param name="outbox">What waits for it.</param>
    /// <param name="store">The documents.</param>
    /// <param name="replica">Takes over what the upstream has.</param>
    /// <param name="clock">The time.</param>
    /// <param name="loggers">Where it says what it does.</param>
    /// <param name="before">The link of this process that it replaces, which has ended; null for the first. What that one has sent without an answer is known to this one.</param>
    public UpstreamLink(UpstreamOptions options, IOutbox outbox, IDocumentStore store, IReplica replica, TimeProvider clock, ILoggerFactory loggers, UpstreamLink? before = null)
    {
        _options = options;
        _outbox = outbox;
        _store = store;
        _clock = clock;
        _logger = loggers.CreateLogger<UpstreamLink>();
        _unanswered = before?._unanswered ?? new UnansweredWrites(PatiencePerTimeout * options.RequestTimeout, clock);
        _memory = new LinkMemory(store);
        var progress = new ProgressBook(store, options);
        _down = new DownSync(outbox, store, replica, progress, _unanswered, options, _id, clock, _logger);
        _drain = new OutboxDrain(outbox, store, _down, new FirstUpload(outbox, store, progress, options.Rules, _logger), _unanswered, options, clock, _logger);
        _messages = new MessageForward(options.Rules, options.Messages, store, replica, clock, _logger);
        if (options.Node is { } node) _node = new NodeReport(node, _memory, outbox, clock, _logger);
        _status = new LinkStatus(LinkState.Connecting, clock.GetUtcNow(), "It has not been tried yet.", LastDelivery: null, Delivered: 0, Parked: 0);
        _up = new LinkRate(clock);
        _network = new NetworkWatch(OnNetworkChange, clock);
        _meters = new LinkMeters(() => Status, outbox, _down, _drain, _messages, _traffic, clock, _logger);
        _untilProgress = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions
            {
                // Whatever it is: an exception of ours is logged as such, and costs a pause, not the link.
                ShouldHandle = static attempt => ValueTask.FromResult(attempt.Outcome.Exception is not null && !attempt.Context.CancellationToken.IsCancellationRequested),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstRetryDelay,
                MaxDelay = options.MaxRetryDelay,
                UseJitter = true,
                OnRetry = attempt =>
                {
                    GoOffline(attempt.Outcome.Exception!, attempt.AttemptNumber + 1, attempt.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>How the link stands now.</summary>
    public LinkStatus Status => Volatile.Read(ref _status);

    /// <summary>Takes messages that are not stored to the upstream, where a rule says so.</summary>
    public IMessageRelay Messages => _messages;

    /// <inheritdoc/>
    public SyncHealth Health => Status switch
    {
        { Faults: >= MaxFaults } status => new SyncHealth(SyncHealthLevel.Broken, $"The link to the upstream has failed {status.Faults} times in a row; the log has the details. {status.Reason}"),
        { State: LinkState.Online } => new SyncHealth(SyncHealthLevel.Good, Reason: null),
        { Reason: var reason } => new SyncHealth(SyncHealthLevel.Waiting, reason),
    };

    /// <summary>
    /// Has the store note by this link's rules what must go up, and forget what was noted by others. It happens anyway before anything is sent; whoever has done it before he lets
    /// writers in cannot miss a write.
    /// </summary>
    /// <exception cref="DocumentStoreException">The disk takes nothing.</exception>
    public async Task PutRulesInForceAsync(CancellationToken cancellationToken)
    {
        if (_areRulesInForce) return;

        await ProgressBook.ForgetOthersAsync(_store, _options.Rules.RouteOf, cancellationToken);
        await _outbox.ChangeRoutesAsync(_options.Rules.RouteOf, cancellationToken);
        _areRulesInForce = true;
    }

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
        await _messages.OpenAsync(cancellationToken);
        var status = Status;
        var now = _clock.GetUtcNow();
        return new JsonObject
        {
            ["state"] = status.State.ToString().ToLowerInvariant(),
            ["since"] = status.Since.ToUnixTimeMilliseconds(),
            ["reason"] = status.Reason,
            ["attempts"] = status.Attempts,
            ["nextAttempt"] = status.NextAttempt?.ToUnixTimeMilliseconds(),
            ["faults"] = status.Faults,
            ["transport"] = status.Transport,
            ["url"] = _options.Url.WithoutCredentials(),
            ["backlog"] = new JsonObject
            {
                ["documents"] = backlog.Entries,
                ["bytes"] = backlog.Bytes,
                ["deferred"] = backlog.Deferred,
                ["parked"] = backlog.Parked,
                ["dropped"] = _outbox.Totals.Dropped,
                ["refused"] = _outbox.Totals.Refused,
                ["oldest"] = backlog.OldestSince?.ToUnixTimeMilliseconds(),
                ["oldestAge"] = backlog.OldestSince is { } oldest ? Math.Max(0, (long)(now - oldest).TotalMilliseconds) : null,
                ["messages"] = _messages.Waiting,
            },
            ["delivered"] = status.Delivered,
            ["parked"] = status.Parked,
            ["taken"] = _down.Taken,
            ["rates"] = new JsonObject { ["delivered"] = _up.PerSecond, ["taken"] = _meters.TakenPerSecond },
            ["bytes"] = new JsonObject { ["sent"] = _traffic.SentBytes, ["received"] = _traffic.ReceivedBytes },
            ["messages"] = new JsonObject { ["sent"] = _messages.Sent, ["received"] = _messages.Received, ["dropped"] = _messages.Dropped, ["refused"] = _messages.Refused },
            ["node"] = _node is null ? null : new JsonObject { ["id"] = _node.Id, ["problem"] = _node.Problem },
            ["lastDelivery"] = status.LastDelivery?.ToUnixTimeMilliseconds(),
            ["lastError"] = status.LastError,
            ["comparing"] = _down.Scanning is { } scan
                ? new JsonObject { ["index"] = scan.Collection.Index, ["collection"] = scan.Collection.Collection, ["whole"] = scan.IsWhole, ["seen"] = scan.Seen, ["total"] = scan.Total }
                : null,
            ["batchSize"] = _drain.BatchSize,
            ["heldBack"] = _drain.IsHeldBack,
        };
    }

    /// <inheritdoc/>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        await _memory.KeepPauseAsync(now, cancellationToken);
        lock (_lock)
        {
            Suspend(now);
            EndRound();
        }
    }

    /// <inheritdoc/>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        await _memory.KeepPauseAsync(pausedAt: null, cancellationToken);
        lock (_lock)
        {
            _isRemembered = true; // What was remembered from before is older than this.
            _paused?.TrySetResult();
            _paused = null;
        }
    }

    /// <inheritdoc/>
    public void Flush() => Wake();

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
        await _meters.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>
    /// The network has changed: what could not be reached may be now. A connection that seems to be alive may have lost its way without a word, so it is made sure of.
    /// </summary>
    internal void OnNetworkChange() => Wake();

    /// <summary>Waits no longer: neither for the next attempt nor, while online, for the next sign of life.</summary>
    private void Wake()
    {
        lock (_lock)
        {
            if (Status.State == LinkState.Online) _doubt.TrySetResult();
            else EndRound();
        }
    }

    /// <summary>To be called under the lock.</summary>
    private void EndRound() => _round?.CancelAfter(TimeSpan.Zero); // On another thread: what it cancels wants the lock, too.

    /// <summary>To be called under the lock.</summary>
    private void Suspend(DateTimeOffset since)
    {
        if (_paused is not null) return;

        _isRemembered = true;
        _pausedAt = since;
        _paused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await PutRulesInForceAsync(cancellationToken);
                await WhileSuspendedAsync(cancellationToken);
                using var round = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                lock (_lock) _round = _paused is null ? round : null;
                try
                {
                    if (_round is not null) await _untilProgress.ExecuteAsync(RunRoundAsync, round.Token);
                }
                finally
                {
                    lock (_lock) _round = null;
                }
            }
            catch (OperationCanceledException)
            {
                // Stopped, paused, or there is a reason to try again at once.
            }
            catch (DocumentStoreException failure) when (!_areRulesInForce)
            {
                GoOffline(failure, attempts: 0, FirstRetryDelay);
                await Task.Delay(FirstRetryDelay, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // What ends the wait ends the loop.
            }
        }

        Change(status => status with { State = LinkState.Stopped, Since = _clock.GetUtcNow(), Reason = "The gateway is stopping.", NextAttempt = null });
    }

    private async Task WhileSuspendedAsync(CancellationToken cancellationToken)
    {
        Task? paused;
        DateTimeOffset since;
        lock (_lock) (paused, since) = (_paused?.Task, _pausedAt ?? _clock.GetUtcNow());
        if (paused is null) return;

        Change(status => status with { State = LinkState.Suspended, Since = since, Reason = "It was paused.", Transport = null, NextAttempt = null });
        LogPaused(_logger);
        await paused.WaitAsync(cancellationToken);
        LogResumed(_logger);
    }

    /// <summary>From the attempt to connect to the end of the connection. Throws when nothing came of it, so that the next attempt waits its time.</summary>
    private async ValueTask RunRoundAsync(CancellationToken cancellationToken)
    {
        if (await RecallPauseAsync(cancellationToken)) return;
        await _messages.OpenAsync(cancellationToken);

        var before = Status.Delivered + _down.Taken;
        await using var upstream = await ConnectAsync(cancellationToken);
        GoOnline(upstream);
        var began = _clock.GetTimestamp();
        try
        {
            await DrainUntilBrokenAsync(upstream, cancellationToken);
        }
        catch (Exception broken) when ((broken is LinkBrokenException or DocumentStoreException) && WasOfUse())
        {
            GoOffline(broken, attempts: 0, retryDelay: null);
        }
        finally
        {
            _messages.End();
        }

        bool WasOfUse() => _clock.GetElapsedTime(began) >= StableAfter || Status.Delivered + _down.Taken > before;
    }

    /// <summary>A pause outlives the process. True when there is one.</summary>
    private async Task<bool> RecallPauseAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_isRemembered) return _paused is not null;
        }

        var pausedAt = await _memory.FindPauseAsync(cancellationToken);
        lock (_lock)
        {
            if (!_isRemembered && pausedAt is { } since) Suspend(since);
            _isRemembered = true;
            return _paused is not null;
        }
    }

    /// <summary>
    /// A connection counts only when something got through it: an upstream that lets us connect and then refuses would otherwise be asked without a pause.
    /// </summary>
    private async Task<UpstreamSession> ConnectAsync(CancellationToken cancellationToken)
    {
        Change(status => status with { State = LinkState.Connecting, Since = _clock.GetUtcNow(), NextAttempt = null });
        var upstream = await UpstreamSession.OpenAsync(_options, _id, OnMessage, _traffic, _clock, cancellationToken);
        try
        {
            if (_down.IsNeeded) await _down.BeginAsync(upstream, cancellationToken);
            if (!await PushAsync(upstream, cancellationToken)) await ProveAliveAsync(upstream, cancellationToken);
            if (_node is not null) await _node.StepAsync(upstream, Status, isNewConnection: true, cancellationToken);
            _messages.Begin();
            return upstream;
        }
        catch
        {
            await upstream.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the upstream says unasked: a message, or that a document changed.</summary>
    private void OnMessage(JsonElement message)
    {
        if (message.TextOf("event") != "publish")
        {
            _down.OnMessage(message);
            return;
        }

        if (!UpstreamSession.IsEcho(message, _id) && message.TextOf("index") is { } index && message.TextOf("collection") is { } collection) _messages.Hear(new CollectionName(index, collection), message);
    }

    /// <summary>Returns when there is a better way to the upstream; throws when there is none any more.</summary>
    private async Task DrainUntilBrokenAsync(UpstreamSession upstream, CancellationToken cancellationToken)
    {
        var webSocketAt = _clock.GetUtcNow() + WebSocketInterval;
        while (true)
        {
            var isBusy = await PushAsync(upstream, cancellationToken) | await _down.StepAsync(upstream, cancellationToken)
                | (!_drain.IsHeldBack && await _messages.StepAsync(upstream, cancellationToken));
            isBusy = isBusy || await _down.LookForMissedAsync(upstream, cancellationToken);
            if (_node is not null) await _node.StepAsync(upstream, Status, isNewConnection: false, cancellationToken);
            if (upstream.IsFallback && _clock.GetUtcNow() >= webSocketAt)
            {
                if (await upstream.FindsWebSocketAsync(cancellationToken))
                {
                    LogChangesOver(_logger, _options.Url);
                    return;
                }

                webSocketAt = _clock.GetUtcNow() + WebSocketInterval;
            }

            if (!isBusy && !await SomethingWithinAsync(QuietTime(upstream, webSocketAt), cancellationToken)) await ProveAliveAsync(upstream, cancellationToken);
        }
    }

    /// <summary>How long the link may sleep if nothing comes: until it must show that it lives, the login is renewed, or the document of this box is.</summary>
    private TimeSpan QuietTime(UpstreamSession upstream, DateTimeOffset webSocketAt)
    {
        var now = _clock.GetUtcNow();
        var next = now + _options.KeepAlive;
        if (upstream.RenewAt < next) next = upstream.RenewAt;
        if (_node is not null && _node.DueAt < next) next = _node.DueAt;
        if (_down.MissedAt < next) next = _down.MissedAt;
        if (upstream.IsFallback && webSocketAt < next) next = webSocketAt;
        return next > now ? next - now : TimeSpan.Zero;
    }

    private async Task<bool> PushAsync(UpstreamSession upstream, CancellationToken cancellationToken)
    {
        var result = await _drain.PushAsync(upstream, cancellationToken);
        if (result.IsNothing) return false;

        _up.Add(result.Delivered);
        Change(status => status with
        {
            Delivered = status.Delivered + result.Delivered,
            Parked = status.Parked + result.Parked,
            LastDelivery = result.Delivered > 0 ? _clock.GetUtcNow() : status.LastDelivery,
        });
        return true;
    }

    private async Task<bool> SomethingWithinAsync(TimeSpan quiet, CancellationToken cancellationToken)
    {
        Task doubt;
        lock (_lock)
        {
            if (_doubt.Task.IsCompleted) _doubt = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            doubt = _doubt.Task;
        }

        using var limit = new CancellationTokenSource(quiet, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var up = _drain.WaitAsync(either.Token);
        var down = _down.WhenSomeAsync().WaitAsync(either.Token);
        var messages = _messages.WhenSomeAsync(either.Token);
        var first = await Task.WhenAny(up, down, messages, doubt);
        await either.CancelAsync();
        await Task.WhenAll(up, down, messages).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // What failed rather than waited fails again when it is used.
        cancellationToken.ThrowIfCancellationRequested();
        return first != doubt && first.IsCompletedSuccessfully;
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

    private void GoOnline(UpstreamSession upstream)
    {
        Change(status => status with
        {
            State = LinkState.Online,
            Since = _clock.GetUtcNow(),
            Reason = null,
            Transport = upstream.Transport,
            Attempts = 0,
            Faults = 0,
            NextAttempt = null,
            Connections = status.Connections + 1,
        });
        LogOnline(_logger, _options.Url, upstream.Transport);
        if (upstream.KeyEndsAt is { } end) LogKeyEnds(_logger, _options.Url, end);
    }

    private void GoOffline(Exception failure, int attempts, TimeSpan? retryDelay)
    {
        var isFault = failure is not (LinkBrokenException or DocumentStoreException);
        var reason = isFault ? $"A fault of the program: {failure.GetType().Name}: {failure.Message}" : failure.Message;
        var before = Status;
        var now = _clock.GetUtcNow();
        Change(status => status with
        {
            State = LinkState.Offline,
            Since = now,
            Reason = reason,
            LastError = reason,
            Transport = null,
            Attempts = attempts,
            NextAttempt = now + retryDelay,
            Faults = isFault ? status.Faults + 1 : 0,
        });

        // An upstream that is away for a day is one line, not one for every attempt.
        if (isFault) LogFault(_logger, failure);
        else if (before.LastError != reason || before.State == LinkState.Online) LogOffline(_logger, reason);
        else if (retryDelay is { } delay) LogStillOffline(_logger, reason, delay);
    }

    private void Change(Func<LinkStatus, LinkStatus> change) => Volatile.Write(ref _status, change(_status));

    [LoggerMessage(Level = LogLevel.Information, Message = "The upstream {Upstream} answers, by {Transport}")]
    private static partial void LogOnline(ILogger logger, Uri upstream, string transport);

    [LoggerMessage(Level = LogLevel.Information, Message = "A WebSocket to {Upstream} comes through now; the link changes over to it")]
    private static partial void LogChangesOver(ILogger logger, Uri upstream);

    [LoggerMessage(Level = LogLevel.Information, Message = "The API key for the upstream {Upstream} ends on {End:u}")]
    private static partial void LogKeyEnds(ILogger logger, Uri upstream, DateTimeOffset end);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The upstream is out of reach; changes are kept until it returns. {Reason}")]
    private static partial void LogOffline(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The upstream is still out of reach: {Reason} Next attempt in {Delay}")]
    private static partial void LogStillOffline(ILogger logger, string reason, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "The link to the upstream has failed; changes are kept, and it is tried again")]
    private static partial void LogFault(ILogger logger, Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The upstream link is paused; changes are kept until it is resumed")]
    private static partial void LogPaused(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "The upstream link is resumed")]
    private static partial void LogResumed(ILogger logger);
}
