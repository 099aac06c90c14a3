using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Client.Sessions;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>One side of a bridge as the other sees it: messages can be sent whether it is connected or not, and wait.</summary>
internal sealed class BridgeSide
{
    private readonly Lock _lock = new();
    private readonly RelaySession _session;
    private readonly OrderedDictionary<ushort, TaskCompletionSource> _releasing = [];
    private readonly bool _hasExactlyOnce;
    private readonly CancellationToken _stopping;
    private bool _isReleasing;
    private TaskCompletionSource<MqttClient> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="hasExactlyOnce">Whether messages of QoS 2 go to this side.</param>
    /// <param name="stopping">The bridge ends.</param>
    public BridgeSide(bool hasExactlyOnce, CancellationToken stopping)
    {
        _hasExactlyOnce = hasExactlyOnce;
        _stopping = stopping;
        _session = new RelaySession(ReleaseAsync);
    }

    /// <summary>What outlives connections.</summary>
    public IMqttSession Session => _session;

    /// <summary>Joins the two sides of a bridge.</summary>
    public static void Join(BridgeSide one, BridgeSide other)
    {
        one._session.Other = other._session;
        other._session.Other = one._session;
    }

    /// <summary>Completes with the connection, as soon as there is one.</summary>
    public Task<MqttClient> WhenConnectedAsync()
    {
        lock (_lock) return _connected.Task;
    }

    /// <summary>A connection is ready.</summary>
    public void Connected(MqttClient client)
    {
        lock (_lock)
        {
            if (_connected.Task.IsCompleted) _connected = new TaskCompletionSource<MqttClient>(TaskCreationOptions.RunContinuationsAsynchronously);
            _connected.SetResult(client);
        }
    }

    /// <summary>There is no connection any more.</summary>
    public void Disconnected()
    {
        lock (_lock)
        {
            if (_connected.Task.IsCompleted) _connected = new TaskCompletionSource<MqttClient>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Whether the next connection should send what is under way singly; see <see cref="GivesUpAfter"/>.</summary>
    public bool ResumesSingly => _session.HasSuspect;

    /// <summary>
    /// A connection has ended. A server that cannot refuse a message, or does not, may close on it; then the message is given up in the end. It is not because the server is away, goes, or
    /// was not heard: only where nothing else can have been the reason.
    /// </summary>
    /// <returns>Whether a message was given up.</returns>
    public bool GivesUpAfter(MqttEnding ending) => MayBeForAMessage(ending) && _session.GivesUpAfter(ending);

    /// <summary>Whether the exchange of a message from the other side goes on already: it came again, and is not sent twice.</summary>
    public bool Knows(MqttIncoming incoming) => incoming.PacketIdentifier != 0 && _session.Find(incoming.PacketIdentifier) is { IsOrphan: false };

    /// <summary>A message came from this side's server.</summary>
    public void Saw(MqttIncoming incoming)
    {
        if (incoming.Message.QualityOfService == QualityOfService.ExactlyOnce) _session.Saw(incoming.PacketIdentifier);
    }

    /// <summary>
    /// Sends a message. Completes in the order of the calls, when the message is kept; its task completes when this side has taken or refused it, however many connections that
    /// takes. One that goes at QoS 0 is not kept, and is dropped while nobody is connected: then null.
    /// </summary>
    /// <param name="message">The message, under its name on this side.</param>
    /// <param name="incoming">As it came from the other side. Where its exchange goes on already, because that side has sent it again, it is not sent twice.</param>
    /// <param name="cancellationToken">The other side's connection has ended: that side will send it again.</param>
    /// <exception cref="ArgumentException">The message cannot be sent.</exception>
    public async ValueTask<Task<MqttPublishResult>?> SendAsync(MqttApplicationMessage message, MqttIncoming incoming, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (incoming.PacketIdentifier != 0 && _session.Find(incoming.PacketIdentifier) is { } known)
            {
                if (!known.IsOrphan) return known.Taken;

                await known.Ended.WaitAsync(cancellationToken);
                continue;
            }

            var connected = WhenConnectedAsync();
            if (message.QualityOfService == QualityOfService.AtMostOnce && !connected.IsCompleted) return null;

            var client = await connected.WaitAsync(cancellationToken);
            try
            {
                return await SendAsync(client, Fit(message, client.Server), incoming, cancellationToken);
            }
            catch (MqttConnectionException)
            {
                await client.Ended.WaitAsync(cancellationToken);
                Gone(connected);
            }
        }
    }

    private async Task<Task<MqttPublishResult>> SendAsync(MqttClient client, MqttApplicationMessage message, MqttIncoming incoming, CancellationToken cancellationToken)
    {
        var identifier = incoming.PacketIdentifier;
        if (message.QualityOfService == QualityOfService.AtMostOnce) return (await client.SendAsync(message, cancellationToken)).Acknowledged;

        await ReleasedAsync(cancellationToken);
        var exchange = _session.Begin(identifier);
        try
        {
            var publication = await client.SendAsync(
                message, new MqttExchange(identifier, incoming.Duplicate, ReleaseFirst: !incoming.Duplicate && _session.MayBeOwned(identifier)), cancellationToken);

            // Refused for what the server has said of itself; the session never got it.
            return exchange.Message is null && publication.Acknowledged.IsCompletedSuccessfully ? publication.Acknowledged : exchange.Taken;
        }
        finally
        {
            _session.Abandon(identifier);
        }
    }

    /// <summary>Releases what an earlier process has sent; asked again for the same identifier, it is the same release.</summary>
    private Task ReleaseAsync(ushort packetIdentifier)
    {
        if (!_hasExactlyOnce) return Task.CompletedTask;

        lock (_lock)
        {
            if (_releasing.TryGetValue(packetIdentifier, out var asked)) return asked.Task;

            var released = _releasing[packetIdentifier] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_isReleasing) _ = Task.Run(ReleaseAllAsync, CancellationToken.None);
            _isReleasing = true;
            return released.Task;
        }
    }

    /// <summary>What an earlier process has left open counts towards what the server takes at a time, and comes before anything new.</summary>
    private async Task ReleasedAsync(CancellationToken cancellationToken)
    {
        Task[] open;
        lock (_lock) open = [.. _releasing.Values.Select(static released => released.Task)];
        if (open.Length > 0) await Task.WhenAll(open).WaitAsync(cancellationToken);
    }

    /// <summary>In the order in which the other side asks, which is that of the messages: the server passes each on when it is released. [MQTT-4.6.0-4] [MQTT5-4.6.0-4]</summary>
    private async Task ReleaseAllAsync()
    {
        try
        {
            while (true)
            {
                KeyValuePair<ushort, TaskCompletionSource>[] open;
                lock (_lock)
                {
                    open = [.. _releasing];
                    _isReleasing = open.Length > 0;
                }

                if (open.Length == 0) return;

                var connected = WhenConnectedAsync();
                var client = await connected.WaitAsync(_stopping);
                var areOver = await Task.WhenAll(open.Select(asked => TryReleaseAsync(client, asked.Key, asked.Value)));
                if (areOver.All(static isOver => isOver)) continue;

                await client.Ended.WaitAsync(_stopping);
                Gone(connected);
            }
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                foreach (var released in _releasing.Values) released.TrySetCanceled(_stopping);
            }
        }
    }

    /// <returns>False when the connection ended before PUBCOMP.</returns>
    private async Task<bool> TryReleaseAsync(MqttClient client, ushort packetIdentifier, TaskCompletionSource released)
    {
        var releasing = client.Server.MaximumQoS < QualityOfService.ExactlyOnce ? Task.CompletedTask : client.ReleaseAsync(packetIdentifier, _stopping);
        await releasing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (releasing.Exception?.InnerException is MqttConnectionException) return false;

        lock (_lock) _releasing.Remove(packetIdentifier);
        released.SetFromTask(releasing);
        return true;
    }

    /// <summary>The owner may not have noticed yet; who sends again must not get the same connection.</summary>
    private void Gone(Task<MqttClient> connected)
    {
        lock (_lock)
        {
            if (_connected.Task == connected) _connected = new TaskCompletionSource<MqttClient>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>A server that says why it closes, and that the reason is another, is believed.</summary>
    private static bool MayBeForAMessage(MqttEnding ending) => ending.Cause switch
    {
        MqttEndingCause.ConnectionLost => ending.IsClosedByServer,
        MqttEndingCause.Server => ending.ReasonCode is ReasonCode.Success or ReasonCode.UnspecifiedError or ReasonCode.MalformedPacket or ReasonCode.ProtocolError
            or ReasonCode.ImplementationSpecificError or ReasonCode.NotAuthorized or ReasonCode.TopicNameInvalid or ReasonCode.PacketTooLarge or ReasonCode.PayloadFormatInvalid
            or ReasonCode.RetainNotSupported or ReasonCode.QoSNotSupported,
        _ => false,
    };

    private static MqttApplicationMessage Fit(MqttApplicationMessage message, ServerLimits server) => message with
    {
        QualityOfService = message.QualityOfService < server.MaximumQoS ? message.QualityOfService : server.MaximumQoS,
        Retain = message.Retain && server.RetainAvailable,
    };
}
