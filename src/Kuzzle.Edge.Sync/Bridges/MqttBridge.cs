using System.Text;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Links;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>
/// Carries messages between the broker of this box and another one. It is a client of both: here with a session that outlives it, in whose queue messages wait on the
/// disk while the other side is away, and each step of a message's exchange is answered on one side when the other side has answered it. So nothing of QoS 1 is lost, and
/// nothing of QoS 2 comes twice, whichever of the three is killed, as far as the two brokers keep their sessions.
/// </summary>
public sealed partial class MqttBridge : IAsyncDisposable
{
    /// <summary>How many messages of a bridge the broker here must take unacknowledged and unreleased: as many as there are packet identifiers.</summary>
    public const int MostUnderWay = 65_535;

    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(500);

    private static readonly BridgeTopic OnBehalf = new("#", BridgeDirection.Out) { Retain = false };

    /// <summary>A connection that lives as long was not closed for the way in which it began.</summary>
    private static readonly TimeSpan Proven = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many unfinished exchanges of QoS 2 a server takes that cannot say so: mosquitto takes 20, and refuses those above with a reason code, which MQTT 3.1.1 does not
    /// have: there they look taken, and are lost.
    /// </summary>
    private const int FewestTaken = 20;

    private readonly MqttBridgeOptions _options;
    private readonly string _node;
    private readonly IBridgeHome _home;
    private readonly IMqttConnector _remote;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly BridgeSide _localSide;
    private readonly BridgeSide _remoteSide;
    private readonly EchoMemory? _echoes;
    private readonly IReadOnlyList<BridgeManner> _manners;
    private readonly HashSet<string> _grantedThere = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly BridgeMetrics _metrics;
    private readonly ResiliencePipeline _again;
    private readonly NetworkWatch _network;
    private readonly Lock _changing = new();
    private CancellationTokenSource? _attempt;
    private TaskCompletionSource? _paused;
    private BridgeStatus _status;
    private int _manner;
    private int _shortLives;
    private bool _isMannerProven;
    private bool _isDisposed;
    private Task _running = Task.CompletedTask;

    /// <summary>A bridge that has not begun; <see cref="Start"/> begins.</summary>
    /// <param name="options">What and where.</param>
    /// <param name="node">The name of this box, which no other box has.</param>
    /// <param name="home">The broker of this box.</param>
    /// <param name="remote">Connects to the other one.</param>
    /// <param name="clock">Time.</param>
    /// <param name="loggers">Where it logs.</param>
    public MqttBridge(MqttBridgeOptions options, string node, IBridgeHome home, IMqttConnector remote, TimeProvider clock, ILoggerFactory loggers)
    {
        _options = options;
        _node = $"{node}/{options.Name}";
        _home = home;
        _remote = remote;
        _clock = clock;
        _logger = loggers.CreateLogger<MqttBridge>();
        _localSide = new BridgeSide(HasExactlyOnce(BridgeDirection.In), _stop.Token);
        _remoteSide = new BridgeSide(HasExactlyOnce(BridgeDirection.Out), _stop.Token);
        BridgeSide.Join(_localSide, _remoteSide);
        _echoes = options.Version == MqttVersion.V5 ? null : new EchoMemory(clock);
        _manners = BridgeManner.For(mayBeMarked: options.Version == MqttVersion.V311, tellsState: options.RemoteStateTopic is not null);
        _status = new BridgeStatus(LinkState.Connecting, clock.GetUtcNow(), "It has not been tried yet.", Sent: 0, Received: 0, Dropped: 0, LastError: null);
        _metrics = new BridgeMetrics(this, home);
        _network = new NetworkWatch(Flush, clock);
        _again = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<MqttConnectionException>(),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstRetryDelay,
                MaxDelay = options.MaxRetryDelay,
                UseJitter = true,
                OnRetry = attempt =>
                {
                    LogNextAttempt(_logger, options.Name, attempt.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>The name.</summary>
    public string Name => _options.Name;

    /// <summary>How it stands now.</summary>
    public BridgeStatus Status
    {
        get
        {
            lock (_changing) return _status;
        }
    }

    /// <summary>Begins. To be called once.</summary>
    public void Start()
    {
        _home.Announce(LinkState.Offline);
        _running = Task.WhenAll(RunAsync("the local side", ServeLocalAsync, canBeHurried: false), RunAsync("the other side", ServeRemoteAsync, canBeHurried: true));
    }

    /// <summary>Completes when its session here stands: what is published from then on waits for the other side.</summary>
    public Task WhenReadyAsync() => Task.WhenAny(_localSide.WhenConnectedAsync(), _running);

    /// <summary>Ends the connection to the other side, and makes none until <see cref="Resume"/> or the next start; messages wait meanwhile.</summary>
    public void Pause()
    {
        lock (_changing)
        {
            _paused ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _attempt?.CancelAfter(TimeSpan.Zero); // On another thread: what it cancels wants the lock, too.
        }
    }

    /// <summary>Takes back <see cref="Pause"/>.</summary>
    public void Resume()
    {
        lock (_changing)
        {
            _paused?.TrySetResult();
            _paused = null;
        }
    }

    /// <summary>Ends the wait for the next attempt to connect.</summary>
    public void Flush()
    {
        lock (_changing)
        {
            if (_status.State == LinkState.Offline) _attempt?.CancelAfter(TimeSpan.Zero); // On another thread: what it cancels wants the lock, too.
        }
    }

    /// <summary>How it stands, for people and their programs. A tree of its own for each call.</summary>
    public JsonObject Describe()
    {
        var status = Status;
        return new JsonObject
        {
            ["name"] = _options.Name,
            ["state"] = status.State.ToString().ToLowerInvariant(),
            ["since"] = status.Since.ToUnixTimeMilliseconds(),
            ["reason"] = status.Reason,
            ["url"] = _options.Url.WithoutCredentials(),
            ["version"] = _options.Version == MqttVersion.V5 ? "5" : "3.1.1",
            ["waiting"] = _home.Waiting,
            ["sent"] = status.Sent,
            ["received"] = status.Received,
            ["dropped"] = status.Dropped + _home.Overflowed,
            ["lastError"] = status.LastError,
        };
    }

    /// <summary>Ends both connections; what was not acknowledged waits here and there for the next start.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;

        await StopAsync();
        _network.Dispose();
        _stop.Dispose();
        _metrics.Dispose();
    }

    /// <summary>Before 5.0 a server does not tell how many it takes. Those of QoS 1 end with its answer, so none piles up there.</summary>
    private bool IsCountUntold => _options.Version != MqttVersion.V5 && HasExactlyOnce(BridgeDirection.Out);

    private bool HasExactlyOnce(BridgeDirection direction) =>
        _options.Topics.Any(topic => topic.Direction.HasFlag(direction) && topic.QualityOfService == QualityOfService.ExactlyOnce);

    private async Task RunAsync(string what, Func<CancellationToken, ValueTask> serve, bool canBeHurried)
    {
        try
        {
            // A connection that has lived ends the run, so that the pauses begin small again; so does whoever is in a hurry.
            while (true)
            {
                if (canBeHurried) await WhileSuspendedAsync();
                using var attempt = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                if (canBeHurried && !TryBegin(attempt)) continue;

                try
                {
                    await _again.ExecuteAsync(serve, attempt.Token);
                }
                catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
                {
                    // At once, then.
                }
                finally
                {
                    if (canBeHurried) End();
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Change(status => status with { State = LinkState.Stopped, Since = _clock.GetUtcNow(), Reason = "The gateway is stopping." });
            if (canBeHurried) _home.Announce(LinkState.Stopped);
        }
        catch (Exception fault)
        {
            // The outermost loop of this service. What gets here is a fault of ours; both brokers keep what they have.
            LogStopped(_logger, fault, _options.Name, what);
            Change(status => status with { State = LinkState.Stopped, Since = _clock.GetUtcNow(), Reason = fault.Message, LastError = fault.Message });
            _home.Announce(LinkState.Stopped);
        }
    }

    private async Task WhileSuspendedAsync()
    {
        Task? until;
        lock (_changing) until = _paused?.Task;
        if (until is null) return;

        Change(status => status with { State = LinkState.Suspended, Since = _clock.GetUtcNow(), Reason = "The operator has paused it." });
        _home.Announce(LinkState.Suspended);
        await until.WaitAsync(_stop.Token);
    }

    private bool TryBegin(CancellationTokenSource attempt)
    {
        lock (_changing)
        {
            if (_paused is not null) return false;

            _attempt = attempt;
            return true;
        }
    }

    private void End()
    {
        lock (_changing) _attempt = null;
    }

    private async ValueTask ServeLocalAsync(CancellationToken cancellationToken)
    {
        var options = new MqttClientOptions
        {
            ClientId = _options.LocalClientId,
            SessionExpirySeconds = uint.MaxValue,
            KeepAlive = TimeSpan.Zero,
            ReceiveMaximum = _options.MaxInFlight,
            Overflowed = () => Drop("slow"),
            MaxInFlight = MostUnderWay, // Else a message would wait here for a PUBREL that the other side has sent, and that is read behind it.
            MaxPacketBytes = PacketLimits.LargestPossiblePacket,
            ResumesSingly = _localSide.ResumesSingly,
        };
        var since = _clock.GetTimestamp();
        await using var client = await MqttClient.ConnectAsync(options, _home.Connector, _localSide.Session, SendOutAsync, _clock, cancellationToken);
        try
        {
            await SubscribeAsync(client, FiltersOf(BridgeDirection.Out), cancellationToken);
            string[] obsolete = [.. _home.HeldFilters.Except(FiltersOf(BridgeDirection.Out).Select(static wanted => wanted.Filter), StringComparer.Ordinal)];
            if (obsolete.Length > 0) await client.UnsubscribeAsync(obsolete, cancellationToken);
            await UntilEndedAsync(client, _localSide, cancellationToken);
        }
        catch (MqttConnectionException ended)
        {
            LogLocalEnded(_logger, _options.Name, ended.Message);
            if (!_localSide.GivesUpAfter(await client.Ended) && _clock.GetElapsedTime(since) < Proven) throw;
        }
    }

    private async ValueTask ServeRemoteAsync(CancellationToken cancellationToken)
    {
        // What is online must carry: before the subscriptions here stand, nothing published here would.
        await _localSide.WhenConnectedAsync().WaitAsync(cancellationToken);
        Change(status => status with { State = LinkState.Connecting, Since = _clock.GetUtcNow() });
        long? since = null;
        var hasGivenUp = false;
        try
        {
            var manner = _manners[_manner];
            await using var client = await MqttClient.ConnectAsync(RemoteOptions(manner), _remote, _remoteSide.Session, BringInAsync, _clock, cancellationToken);

            try
            {
                // Before 5.0 every SUBSCRIBE brings all that is retained again; a server that has the session has the subscriptions of this process.
                if (!client.Server.SessionPresent) _grantedThere.Clear();
                _grantedThere.UnionWith(await SubscribeAsync(client, FiltersOf(BridgeDirection.In).Where(wanted => !_grantedThere.Contains(wanted.Filter)), cancellationToken));
                await TellStateThereAsync(client, manner, "1"u8.ToArray(), cancellationToken);
                GoOnline(manner);
                since = _clock.GetTimestamp();
                await UntilEndedAsync(client, _remoteSide, cancellationToken);
            }
            catch (MqttConnectionException)
            {
                var ending = await client.Ended;
                hasGivenUp = _remoteSide.GivesUpAfter(ending);
                throw new MqttConnectionException(ending);
            }
            catch (OperationCanceledException) when (since is not null && cancellationToken.IsCancellationRequested)
            {
                // Goes out before the goodbye that follows, which takes the will back. Nobody may be there to hear it any more.
                if (!client.Ended.IsCompleted) await TellStateThereAsync(client, manner, "0"u8.ToArray(), CancellationToken.None);
                throw;
            }
        }
        catch (LinkBrokenException unusable)
        {
            GoOffline(unusable.Message);
            throw new MqttConnectionException(new MqttEnding(MqttEndingCause.LocalFault, ReasonCode.UnspecifiedError, unusable.Message), unusable);
        }
        catch (MqttConnectionException broken)
        {
            var lived = since is { } from ? _clock.GetElapsedTime(from) : TimeSpan.Zero;
            ChangeManner(broken, lived);
            GoOffline(broken.Message);
            if (lived < Proven && !hasGivenUp) throw;
        }
    }

    /// <summary>A server that refuses, or closes twice soon after the start, may not like something that is not needed.</summary>
    private void ChangeManner(MqttConnectionException broken, TimeSpan lived)
    {
        if (lived >= Proven || broken.Ending.WasAlone) _isMannerProven = true; // Before messages go singly, the server has answered a PINGREQ behind all that belongs to the manner.
        if (_isMannerProven) return;

        var isRefused = lived == TimeSpan.Zero && (broken.Ending.Cause == MqttEndingCause.Server || broken.InnerException is EndOfStreamException);
        var isThrownOut = lived > TimeSpan.Zero && ++_shortLives % 2 == 0;
        if (isRefused || isThrownOut) _manner = (_manner + 1) % _manners.Count;
    }

    private MqttClientOptions RemoteOptions(BridgeManner manner) => new()
    {
        ClientId = _options.ClientId,
        Version = _options.Version,
        IsBridge = manner.IsMarked,
        CleanStart = _options.Clean,
        SessionExpirySeconds = _options.Clean ? 0 : uint.MaxValue,
        KeepAlive = _options.KeepAlive,
        AnswerTimeout = _options.AnswerTimeout,
        UserName = _options.UserName,
        Password = _options.Password is { } password ? Encoding.UTF8.GetBytes(password.Read()) : default(ReadOnlyMemory<byte>?), // A bare null would become an empty password.
        ReceiveMaximum = _options.MaxInFlight,
        EnforcesReceiveMaximum = false,
        MaxInFlight = IsCountUntold ? Math.Min(_options.MaxInFlight, FewestTaken) : _options.MaxInFlight,
        MaxPacketBytes = _options.MaxPacketBytes,
        MaxSentPacketBytes = _options.MaxSentPacketBytes,
        TakesOversized = true,
        ResumesSingly = _remoteSide.ResumesSingly,
        MaxOutgoingAliases = 64,
        Will = manner.TellsState
            ? new WillMessage { Topic = _options.RemoteStateTopic!, Payload = "0"u8.ToArray(), QualityOfService = QualityOfService.AtLeastOnce, Retain = true }
            : null,
    };

    /// <summary>At QoS 0: the identifiers of QoS 1 and 2 are those of the messages that cross.</summary>
    private async Task TellStateThereAsync(MqttClient client, BridgeManner manner, ReadOnlyMemory<byte> state, CancellationToken cancellationToken)
    {
        if (!manner.TellsState) return;

        await client.SendAsync(new MqttApplicationMessage(_options.RemoteStateTopic!, state) { Retain = client.Server.RetainAvailable }, cancellationToken);
    }

    /// <exception cref="MqttConnectionException">The connection has ended.</exception>
    private static async Task UntilEndedAsync(MqttClient client, BridgeSide side, CancellationToken cancellationToken)
    {
        await client.ResumeSinglyAsync(cancellationToken);
        side.Connected(client);
        try
        {
            var ending = await client.Ended.WaitAsync(cancellationToken);
            throw new MqttConnectionException(ending);
        }
        finally
        {
            side.Disconnected();
        }
    }

    /// <summary>What is subscribed to on the side that messages of a direction come from.</summary>
    private IEnumerable<(string Filter, QualityOfService QualityOfService)> FiltersOf(BridgeDirection direction)
    {
        foreach (var topic in _options.Topics.Where(topic => topic.Direction.HasFlag(direction)))
            yield return (direction == BridgeDirection.Out ? topic.LocalFilter : topic.RemoteFilter, topic.QualityOfService);

        if (_options.Drogue is { } gateway)
            yield return direction == BridgeDirection.Out ? (gateway.LocalFilter, QualityOfService.AtLeastOnce) : (DrogueGateway.CommandFilter, QualityOfService.AtMostOnce);
    }

    /// <returns>The filters that were granted.</returns>
    private async Task<IEnumerable<string>> SubscribeAsync(
        MqttClient client, IEnumerable<(string Filter, QualityOfService QualityOfService)> filters, CancellationToken cancellationToken)
    {
        SubscriptionRequest[] requests =
        [
            .. filters.Select(static wanted => new SubscriptionRequest
            {
                Filter = wanted.Filter,
                QualityOfService = wanted.QualityOfService,
                NoLocal = true,
                RetainAsPublished = true,
                RetainHandling = RetainHandling.SendIfNew,
            }),
        ];
        if (requests.Length == 0) return [];

        var codes = await client.SubscribeAsync(requests, identifier: 0, cancellationToken);
        for (var index = 0; index < codes.Count; index++)
            if (codes[index] >= ReasonCode.UnspecifiedError) LogNotGranted(_logger, _options.Name, requests[index].Filter, codes[index]);

        return requests.Where((_, index) => codes[index] < ReasonCode.UnspecifiedError).Select(static request => request.Filter);
    }

    /// <summary>A message of this box: to the other side.</summary>
    private ValueTask<Task> SendOutAsync(MqttIncoming incoming, CancellationToken cancellationToken)
    {
        _localSide.Saw(incoming);
        if (_options.Drogue is { } gateway && gateway.TakesOut(incoming.Message.Topic)) return SpeakForAsync(gateway, incoming, cancellationToken);

        var topic = _options.Topics.FirstOrDefault(topic => topic.TakesOut(incoming.Message.Topic));
        return CarryAsync(incoming, topic, topic?.ToRemote(incoming.Message.Topic), _remoteSide, SentOut, cancellationToken);
    }

    /// <summary>A message of the other side: to this box.</summary>
    private ValueTask<Task> BringInAsync(MqttIncoming incoming, CancellationToken cancellationToken)
    {
        _remoteSide.Saw(incoming);
        var message = incoming.Message;
        if (incoming.DiscardedBytes > 0)
        {
            Drop("unfit");
            LogTooLarge(_logger, _options.Name, message.Topic, incoming.DiscardedBytes, _options.MaxPacketBytes);
            return new(Task.CompletedTask);
        }

        if (_options.Drogue is { } gateway && DrogueGateway.TryReadCommand(message.Topic, out var device, out var command))
            return CommandAsync(gateway, device, command, message, cancellationToken);

        if (HasEchoes && _echoes!.TryCancel(message.Topic, message.Payload)) return new(Task.CompletedTask);

        var topic = _options.Topics.FirstOrDefault(topic => topic.TakesIn(message.Topic));
        return CarryAsync(incoming, topic, topic?.ToLocal(message.Topic), _localSide, BroughtIn, cancellationToken);
    }

    private async ValueTask<Task> CarryAsync(
        MqttIncoming incoming, BridgeTopic? rule, string? name, BridgeSide to, Action carried, CancellationToken cancellationToken)
    {
        // A session may still have subscriptions of an earlier configuration: what they bring is nobody's business any more.
        if (rule is null) return Task.CompletedTask;

        var message = incoming.Message;
        if (BridgePath.IsLoop(message, _node))
        {
            Drop("loop");
            return Task.CompletedTask;
        }

        var crossing = new MqttApplicationMessage(name!, message.Payload)
        {
            QualityOfService = message.QualityOfService < rule.QualityOfService ? message.QualityOfService : rule.QualityOfService,
            Retain = message.Retain && rule.Retain,
            Properties = BridgePath.Extend(message.Properties, _node),
        };
        if (crossing.Properties!.UserProperties.Count > PacketLimits.Default.MaxUserProperties)
        {
            DropUnfit(crossing.Topic, "with the one that says where it has been it has too many user properties");
            return Task.CompletedTask;
        }

        // Before it goes, since its echo may be quicker than what tells that it went.
        var hasEcho = to == _remoteSide && rule.Direction == BridgeDirection.Both && HasEchoes && !to.Knows(incoming);
        if (hasEcho) _echoes!.Sent(crossing.Topic, crossing.Payload);
        try
        {
            var settled = await to.SendAsync(crossing, incoming, cancellationToken);
            if (settled is not null) return SettleAsync(settled, crossing, carried, hasEcho);

            Drop("offline");
        }
        catch (ArgumentException unfit)
        {
            DropUnfit(crossing.Topic, unfit.Message);
        }

        if (hasEcho) _echoes!.TryCancel(crossing.Topic, crossing.Payload);
        return Task.CompletedTask;
    }

    /// <summary>What a device says: on its behalf, under the name that its channel has there.</summary>
    private ValueTask<Task> SpeakForAsync(DrogueGateway gateway, MqttIncoming incoming, CancellationToken cancellationToken)
    {
        if (gateway.TryNameThere(incoming.Message.Topic, out var name, out var fault)) return CarryAsync(incoming, OnBehalf, name, _remoteSide, SentOut, cancellationToken);

        DropUnfit(incoming.Message.Topic, fault);
        return new(Task.CompletedTask);
    }

    /// <summary>One after the other, so that a device gets its commands in their order.</summary>
    private async ValueTask<Task> CommandAsync(DrogueGateway gateway, string device, string command, MqttApplicationMessage message, CancellationToken cancellationToken)
    {
        var whose = device.Length > 0 ? device : gateway.Self;
        var refusal = whose is null
            ? "it is for the box itself, which has no device here"
            : await _home.CommandAsync(
                new BridgeCommand(gateway.Application, whose, command, message.Payload, gateway.CommandTtl) { ContentType = message.Properties?.ContentType }, cancellationToken);
        if (refusal is null)
        {
            BroughtIn();
            return Task.CompletedTask;
        }

        Drop("refused");
        LogCommandRefused(_logger, _options.Name, command, whose ?? "", refusal);
        return Task.CompletedTask;
    }

    /// <summary>Whether the other side sends back what it gets: before 5.0 all do but those that know the mark of a bridge.</summary>
    private bool HasEchoes => _echoes is not null && !_manners[_manner].IsMarked;

    private async Task SettleAsync(Task<MqttPublishResult> settled, MqttApplicationMessage crossing, Action carried, bool hasEcho)
    {
        var result = await settled;
        if (result.IsAccepted)
        {
            carried();
            return;
        }

        // The other side is full: the session here sends it again over a new connection, and those behind it.
        if (result.ReasonCode == ReasonCode.QuotaExceeded) throw new IOException($"The other side has no room for a message on {crossing.Topic} ({result.ReasonString ?? "quota exceeded"}).");

        // Sending it again would be refused again, and hold up what is behind it.
        if (hasEcho) _echoes!.TryCancel(crossing.Topic, crossing.Payload);
        Drop("refused");
        LogRefused(_logger, _options.Name, crossing.Topic, result.ReasonCode, result.ReasonString ?? "no reason given");
    }

    private void SentOut()
    {
        _metrics.Sent();
        Change(status => status with { Sent = status.Sent + 1 });
    }

    private void BroughtIn()
    {
        _metrics.Received();
        Change(status => status with { Received = status.Received + 1 });
    }

    private void Drop(string reason)
    {
        _metrics.Dropped(reason);
        Change(status => status with { Dropped = status.Dropped + 1 });
    }

    private void DropUnfit(string topic, string reason)
    {
        Drop("unfit");
        LogUnfit(_logger, _options.Name, topic, reason);
    }

    private void GoOnline(BridgeManner manner)
    {
        Change(status => status with { State = LinkState.Online, Since = _clock.GetUtcNow(), Reason = null });
        LogOnline(_logger, _options.Name);
        if (_options.RemoteStateTopic is { } topic && !manner.TellsState) LogStateUnwanted(_logger, _options.Name, topic);
        _home.Announce(LinkState.Online);
    }

    private void GoOffline(string reason)
    {
        var before = Status;
        Change(status => status with { State = LinkState.Offline, Since = _clock.GetUtcNow(), Reason = reason, LastError = reason });
        if (before.State == LinkState.Online || before.Reason is not null) _home.Announce(LinkState.Offline);

        // A broker that is away for a day is one line, not one for every attempt.
        if (before.LastError != reason || before.State == LinkState.Online) LogOffline(_logger, _options.Name, reason);
    }

    private void Change(Func<BridgeStatus, BridgeStatus> change)
    {
        lock (_changing) _status = change(_status);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Bridge {Bridge}: the other side is connected")]
    private static partial void LogOnline(ILogger logger, string bridge);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge {Bridge}: the other side is out of reach; messages wait here until it returns. {Reason}")]
    private static partial void LogOffline(ILogger logger, string bridge, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge {Bridge}: the other side does not take the bridge's state on {Topic}, so it is not told there")]
    private static partial void LogStateUnwanted(ILogger logger, string bridge, string topic);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge {Bridge}: begins anew here with what is not acknowledged: {Reason}")]
    private static partial void LogLocalEnded(ILogger logger, string bridge, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Bridge {Bridge}: next attempt in {Delay}")]
    private static partial void LogNextAttempt(ILogger logger, string bridge, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge {Bridge}: no messages of {Filter} come, since its subscription is refused: {Reason}")]
    private static partial void LogNotGranted(ILogger logger, string bridge, string filter, ReasonCode reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge {Bridge}: the command {Command} for {Device} cannot be carried out: {Reason}")]
    private static partial void LogCommandRefused(ILogger logger, string bridge, string command, string device, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge {Bridge}: a message on {Topic} is refused and was dropped: {Reason} ({Words})")]
    private static partial void LogRefused(ILogger logger, string bridge, string topic, ReasonCode reason, string words);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge {Bridge}: a message for {Topic} cannot be carried and was dropped: {Reason}")]
    private static partial void LogUnfit(ILogger logger, string bridge, string topic, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge {Bridge}: a message of the other side on {Topic} was dropped: with a payload of {Bytes} bytes it is larger than maxPacketSize ({Limit})")]
    private static partial void LogTooLarge(ILogger logger, string bridge, string topic, int bytes, int limit);

    [LoggerMessage(Level = LogLevel.Error, Message = "Bridge {Bridge}: {Side} has stopped; a restart tries again")]
    private static partial void LogStopped(ILogger logger, Exception fault, string bridge, string side);
}
