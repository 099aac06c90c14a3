using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Sync.Links;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>
/// Carries messages between the broker of this box and another one. It is a client of both: here with a session that outlives it, in whose queue messages wait on the
/// disk while the other side is away, and a message is acknowledged on one side only when the other side has acknowledged it. So nothing of QoS 1 is lost, whichever of the
/// three is killed; it may come twice.
/// </summary>
public sealed partial class MqttBridge : IAsyncDisposable
{
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly MqttBridgeOptions _options;
    private readonly string _node;
    private readonly IMqttConnector _local;
    private readonly IMqttConnector _remote;
    private readonly Action<LinkState> _announce;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly BridgeSide _localSide = new();
    private readonly BridgeSide _remoteSide = new();
    private readonly EchoMemory? _echoes;
    private readonly CancellationTokenSource _stop = new();
    private readonly Meter _meter = new("Kuzzle.Edge.Sync");
    private readonly Counter<long> _sentCounter;
    private readonly Counter<long> _receivedCounter;
    private readonly Counter<long> _droppedCounter;
    private readonly ResiliencePipeline _again;
    private readonly Lock _changing = new();
    private BridgeStatus _status;
    private Task _running = Task.CompletedTask;

    /// <summary>A bridge that has not begun; <see cref="Start"/> begins.</summary>
    /// <param name="options">What and where.</param>
    /// <param name="node">The name of this box, which no other box has.</param>
    /// <param name="local">Connects to the broker of this box.</param>
    /// <param name="remote">Connects to the other one.</param>
    /// <param name="announce">Is told whenever the bridge goes online or offline, and at the start.</param>
    /// <param name="clock">Time.</param>
    /// <param name="loggers">Where it logs.</param>
    public MqttBridge(
        MqttBridgeOptions options, string node, IMqttConnector local, IMqttConnector remote, Action<LinkState> announce, TimeProvider clock, ILoggerFactory loggers)
    {
        _options = options;
        _node = $"{node}/{options.Name}";
        _local = local;
        _remote = remote;
        _announce = announce;
        _clock = clock;
        _logger = loggers.CreateLogger<MqttBridge>();
        _echoes = options.Version == MqttVersion.V5 ? null : new EchoMemory(clock);
        _status = new BridgeStatus(LinkState.Connecting, clock.GetUtcNow(), "It has not been tried yet.", Sent: 0, Received: 0, Dropped: 0);
        _sentCounter = _meter.CreateCounter<long>("bridge.sent", description: "Messages that the other side of a bridge has taken");
        _receivedCounter = _meter.CreateCounter<long>("bridge.received", description: "Messages of the other side of a bridge that were published here");
        _droppedCounter = _meter.CreateCounter<long>("bridge.dropped", description: "Messages that a bridge did not carry: refused, not carriable, or in a loop");
        _meter.CreateObservableGauge(
            "bridge.online",
            () => new Measurement<int>(Status.State == LinkState.Online ? 1 : 0, new KeyValuePair<string, object?>("bridge", options.Name)),
            description: "1 while the other side of the bridge is connected");
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
        _announce(LinkState.Offline);
        _running = Task.WhenAll(RunAsync("the local side", ServeLocalAsync), RunAsync("the other side", ServeRemoteAsync));
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
        await StopAsync();
        _stop.Dispose();
        _meter.Dispose();
    }

    private async Task RunAsync(string what, Func<CancellationToken, ValueTask> serve)
    {
        try
        {
            // A connection that has lived ends the run, so that the pauses begin small again.
            while (true) await _again.ExecuteAsync(serve, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Change(status => status with { State = LinkState.Stopped, Since = _clock.GetUtcNow(), Reason = "The gateway is stopping." });
        }
        catch (Exception fault)
        {
            // The outermost loop of this service. What gets here is a fault of ours; both brokers keep what they have.
            LogStopped(_logger, fault, _options.Name, what);
            Change(status => status with { State = LinkState.Stopped, Since = _clock.GetUtcNow(), Reason = fault.Message });
        }
    }

    private async ValueTask ServeLocalAsync(CancellationToken cancellationToken)
    {
        var options = new MqttClientOptions
        {
            ClientId = $"bridge/{_options.Name}",
            SessionExpirySeconds = uint.MaxValue,
            KeepAlive = TimeSpan.Zero,
            ReceiveMaximum = _options.MaxInFlight,
            MaxInFlight = _options.MaxInFlight,
            MaxPacketBytes = PacketLimits.LargestPossiblePacket,
        };
        await using var client = await MqttClient.ConnectAsync(options, _local, _localSide.Session, SendOutAsync, _clock, cancellationToken);
        await SubscribeAsync(client, BridgeDirection.Out, topic => topic.LocalFilter, cancellationToken);
        await UntilEndedAsync(client, _localSide, cancellationToken);
    }

    private async ValueTask ServeRemoteAsync(CancellationToken cancellationToken)
    {
        // What is online must carry: before the subscriptions here stand, nothing published here would.
        await _localSide.WhenConnectedAsync().WaitAsync(cancellationToken);
        Change(status => status with { State = LinkState.Connecting, Since = _clock.GetUtcNow() });
        var since = _clock.GetTimestamp();
        try
        {
            await using var client = await MqttClient.ConnectAsync(RemoteOptions(), _remote, _remoteSide.Session, BringInAsync, _clock, cancellationToken);
            await SubscribeAsync(client, BridgeDirection.In, topic => topic.RemoteFilter, cancellationToken);
            await AnnounceThereAsync(client, "1"u8.ToArray(), cancellationToken);
            GoOnline();
            try
            {
                await UntilEndedAsync(client, _remoteSide, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Goes out before the goodbye that follows, which takes the will back. Nobody may be there to hear it any more.
                if (!client.Ended.IsCompleted) await AnnounceThereAsync(client, "0"u8.ToArray(), CancellationToken.None);
                throw;
            }
        }
        catch (MqttConnectionException broken)
        {
            GoOffline(broken.Message);
            if (_clock.GetElapsedTime(since) < _options.MaxRetryDelay) throw;
        }
    }

    private MqttClientOptions RemoteOptions() => new()
    {
        ClientId = _options.ClientId,
        Version = _options.Version,
        CleanStart = _options.Clean,
        SessionExpirySeconds = _options.Clean ? 0 : uint.MaxValue,
        KeepAlive = _options.KeepAlive,
        AnswerTimeout = _options.AnswerTimeout,
        UserName = _options.UserName,
        Password = _options.Password is { } password ? System.Text.Encoding.UTF8.GetBytes(password) : default(ReadOnlyMemory<byte>?), // A bare null would become an empty password.
        ReceiveMaximum = _options.MaxInFlight,
        MaxInFlight = _options.MaxInFlight,
        MaxPacketBytes = _options.MaxPacketBytes,
        MaxOutgoingAliases = 64,
        Will = _options.RemoteStateTopic is { } topic
            ? new WillMessage { Topic = topic, Payload = "0"u8.ToArray(), QualityOfService = QualityOfService.AtLeastOnce, Retain = true }
            : null,
    };

    private async Task AnnounceThereAsync(MqttClient client, ReadOnlyMemory<byte> state, CancellationToken cancellationToken)
    {
        if (_options.RemoteStateTopic is not { } topic) return;

        await client.SendAsync(new MqttApplicationMessage(topic, state) { Retain = client.Server.RetainAvailable }, cancellationToken);
    }

    /// <exception cref="MqttConnectionException">The connection has ended.</exception>
    private static async Task UntilEndedAsync(MqttClient client, BridgeSide side, CancellationToken cancellationToken)
    {
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

    private async Task SubscribeAsync(MqttClient client, BridgeDirection direction, Func<BridgeTopic, string> filterOf, CancellationToken cancellationToken)
    {
        SubscriptionRequest[] requests =
        [
            .. _options.Topics.Where(topic => topic.Direction.HasFlag(direction)).Select(topic => new SubscriptionRequest
            {
                Filter = filterOf(topic),
                QualityOfService = topic.QualityOfService,
                NoLocal = true,
                RetainAsPublished = true,
                RetainHandling = RetainHandling.SendIfNew,
            }),
        ];
        if (requests.Length == 0) return;

        var codes = await client.SubscribeAsync(requests, identifier: 0, cancellationToken);
        for (var index = 0; index < codes.Count; index++)
            if (codes[index] >= ReasonCode.UnspecifiedError) LogNotGranted(_logger, _options.Name, requests[index].Filter, codes[index]);
    }

    /// <summary>A message of this box: to the other side.</summary>
    private ValueTask<Task> SendOutAsync(MqttIncoming incoming, CancellationToken cancellationToken)
    {
        var topic = _options.Topics.FirstOrDefault(topic => topic.TakesOut(incoming.Message.Topic));
        return CarryAsync(incoming.Message, topic, topic?.ToRemote(incoming.Message.Topic), _remoteSide, SentOut, cancellationToken);
    }

    /// <summary>A message of the other side: to this box.</summary>
    private ValueTask<Task> BringInAsync(MqttIncoming incoming, CancellationToken cancellationToken)
    {
        var message = incoming.Message;
        if (_echoes?.TryCancel(message.Topic, message.Payload) == true) return new(Task.CompletedTask);

        var topic = _options.Topics.FirstOrDefault(topic => topic.TakesIn(message.Topic));
        return CarryAsync(message, topic, topic?.ToLocal(message.Topic), _localSide, BroughtIn, cancellationToken);
    }

    private async ValueTask<Task> CarryAsync(
        MqttApplicationMessage message, BridgeTopic? rule, string? name, BridgeSide to, Action carried, CancellationToken cancellationToken)
    {
        // A session may still have subscriptions of an earlier configuration: what they bring is nobody's business any more.
        if (rule is null) return Task.CompletedTask;

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
        if (to == _remoteSide && rule.Direction == BridgeDirection.Both) _echoes?.Sent(crossing.Topic, crossing.Payload);
        try
        {
            var settled = await to.SendAsync(crossing, cancellationToken);
            if (settled is not null) return SettleAsync(settled, crossing.Topic, carried);

            Drop("offline");
        }
        catch (ArgumentException unfit)
        {
            Drop("unfit");
            LogUnfit(_logger, _options.Name, crossing.Topic, unfit.Message);
        }

        return Task.CompletedTask;
    }

    private async Task SettleAsync(Task<MqttPublishResult> settled, string topic, Action carried)
    {
        var result = await settled;
        if (result.IsAccepted)
        {
            carried();
            return;
        }

        // Sending it again would be refused again, and hold up what is behind it.
        Drop("refused");
        LogRefused(_logger, _options.Name, topic, result.ReasonCode, result.ReasonString ?? "no reason given");
    }

    private void SentOut()
    {
        _sentCounter.Add(1, new KeyValuePair<string, object?>("bridge", _options.Name));
        Change(status => status with { Sent = status.Sent + 1 });
    }

    private void BroughtIn()
    {
        _receivedCounter.Add(1, new KeyValuePair<string, object?>("bridge", _options.Name));
        Change(status => status with { Received = status.Received + 1 });
    }

    private void Drop(string reason)
    {
        _droppedCounter.Add(1, new TagList { { "bridge", _options.Name }, { "reason", reason } });
        Change(status => status with { Dropped = status.Dropped + 1 });
    }

    private void GoOnline()
    {
        Change(status => status with { State = LinkState.Online, Since = _clock.GetUtcNow(), Reason = null });
        LogOnline(_logger, _options.Name);
        _announce(LinkState.Online);
    }

    private void GoOffline(string reason)
    {
        var before = Status;
        Change(status => status with { State = LinkState.Offline, Since = _clock.GetUtcNow(), Reason = reason });
        _announce(LinkState.Offline);

        // A broker that is away for a day is one line, not one for every attempt.
        if (before.Reason != reason) LogOffline(_logger, _options.Name, reason);
    }

    private void Change(Func<BridgeStatus, BridgeStatus> change)
    {
        lock (_changing) _status = change(_status);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Bridge {Bridge}: the other side is connected")]
    private static partial void LogOnline(ILogger logger, string bridge);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge {Bridge}: the other side is out of reach; messages wait here until it returns. {Reason}")]
    private static partial void LogOffline(ILogger logger, string bridge, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Bridge {Bridge}: next attempt in {Delay}")]
    private static partial void LogNextAttempt(ILogger logger, string bridge, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge {Bridge}: no messages of {Filter} come, since its subscription is refused: {Reason}")]
    private static partial void LogNotGranted(ILogger logger, string bridge, string filter, ReasonCode reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge {Bridge}: a message on {Topic} is refused and was dropped: {Reason} ({Words})")]
    private static partial void LogRefused(ILogger logger, string bridge, string topic, ReasonCode reason, string words);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bridge {Bridge}: a message for {Topic} cannot be carried and was dropped: {Reason}")]
    private static partial void LogUnfit(ILogger logger, string bridge, string topic, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Bridge {Bridge}: {Side} has stopped; a restart tries again")]
    private static partial void LogStopped(ILogger logger, Exception fault, string bridge, string side);
}
