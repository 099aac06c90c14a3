using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Protocols.KuzzleLegacy;
using Kuzzle.Edge.Protocols.Realtime;
using Kuzzle.Edge.Protocols.Requests;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Protocols.KuzzleV2;

/// <summary>
/// Kuzzle over MQTT: a publication on the request topic is an API request, whose answer goes back on the response topic to the client that asked and to
/// no other, whether it subscribed or not. One for all listeners of the <c>kuzzle</c> kind.
/// </summary>
public sealed partial class KuzzleProfile : IListenerProfile
{
    /// <summary>The name of the protocol in the API and in notifications.</summary>
    private const string ProtocolName = "mqtt";

    /// <summary>A longer topic cannot be a channel: those are a hash and a few digits.</summary>
    private const int LongestChannel = 128;

    /// <summary>Bytes of a request that the read loop may parse and answer itself.</summary>
    private const int LongestQuickRequest = 4096;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly KuzzleMqttOptions _options;
    private readonly KuzzleApi _api;
    private readonly MqttBroker _broker;
    private readonly LiveChannels _liveChannels;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Entrance _entrance;
    private readonly MqttNotificationSink _sink;
    private readonly LegacyDialect? _legacy;
    private readonly byte[] _requestTopic;
    private readonly byte[] _responseTopic;
    private readonly InFlightGate _allRequests;
    private readonly InFlightGate _connections = new(int.MaxValue, long.MaxValue);
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _draining;

    /// <summary>Makes the profile, and makes it known to the API as the way to MQTT clients.</summary>
    public KuzzleProfile(
        KuzzleMqttOptions options, KuzzleApi api, MqttBroker broker, LiveChannels liveChannels, TimeProvider clock, ILoggerFactory loggers)
    {
        _options = options;
        _api = api;
        _broker = broker;
        _liveChannels = liveChannels;
        _clock = clock;
        _logger = loggers.CreateLogger<KuzzleProfile>();
        _entrance = new Entrance(api, clock, _logger);
        _requestTopic = Encoding.UTF8.GetBytes(options.RequestTopic);
        _responseTopic = Encoding.UTF8.GetBytes(options.ResponseTopic);
        _allRequests = new InFlightGate(int.MaxValue, options.MaxTotalBytesInFlight);

        if (options.Legacy is { } legacy) _legacy = new LegacyDialect(legacy, api, broker, IsOurs, clock, _logger);
        _sink = new MqttNotificationSink(options, broker, liveChannels, _legacy?.Notifications);
        api.AddSink(ProtocolName, _sink);
    }

    /// <summary>
    /// The first step of stopping, while clients are still connected: new requests are refused, and this completes when those under way are answered.
    /// </summary>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        _draining = true;
        return _allRequests.WhenEmptyAsync(cancellationToken);
    }

    /// <summary>The last step of stopping, after the broker closed its connections: completes when the API has forgotten them all.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping.TrySetResult();
        return _connections.WhenEmptyAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public bool ChecksDeliveries => !_options.ShareChannels;

    /// <inheritdoc/>
    public async ValueTask<ConnectRuling> JudgeConnectAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        // A user name without a password is a claim that nobody asked for; the client is anonymous.
        if (_options.IgnoreCredentials || password.IsEmpty) return ConnectRuling.Accept;
        if (TextOf(password.Span) is not { } text) return ConnectRuling.BadCredentials;

        var connection = new ClientConnection(ProtocolName, client.Peer.RemoteAddress);
        var (kuid, fault) = await _api.LoginAsync(connection, client.UserName, text, cancellationToken);
        if (fault is not null)
        {
            LogRefused(client.ClientId, fault.Id);
            return fault.Status switch
            {
                401 => ConnectRuling.BadCredentials,
                429 => ConnectRuling.TooManyAttempts,
                _ => ConnectRuling.Busy,
            };
        }

        // Not the name of a user of the same name in the configuration, whose sessions are others.
        client.Identity = new ClientIdentity(IdentityKind.User, $"kuzzle/{kuid}") { Proof = IdentityProof.Password };
        client.ProfileState = connection;
        return ConnectRuling.Accept;
    }

    /// <inheritdoc/>
    public bool MayReceive(IMqttClient client, ReadOnlySpan<byte> topic)
    {
        if (topic.Length > LongestChannel) return true;

        Span<char> name = stackalloc char[LongestChannel];
        return Ascii.ToUtf16(topic, name, out var length) != OperationStatus.Done || _liveChannels.IsOpenTo(name[..length], StateOf(client).Api);
    }

    /// <inheritdoc/>
    public void OnConnected(IMqttClient client)
    {
        var connection = client.ProfileState as ClientConnection ?? new ClientConnection(ProtocolName, client.Peer.RemoteAddress);
        _api.Connect(connection);
        client.ProfileState = new KuzzleConnection(
            connection,
            new RequestLane(_options.MaxRequestsInFlight, _options.MaxBytesInFlight, _allRequests, request => AnswerAsync(client, connection, request)));

        _connections.TryEnter(bytes: 0);
        _sink.Add(connection, client);
        _entrance.Connect(connection);
    }

    /// <inheritdoc/>
    public void OnDisconnected(IMqttClient client)
    {
        var connection = StateOf(client);
        connection.MarkEnded();
        _sink.Remove(connection.Api);
        _ = DepartAsync(connection); // Counted among the connections: whoever stops waits for it there.
    }

    /// <inheritdoc/>
    public PublishRuling JudgePublish(IMqttClient client, ReadOnlySpan<byte> topic, bool isWill)
    {
        if (isWill) StateOf(client).MarkDying();
        if (topic.SequenceEqual(_requestTopic) || (_legacy is not null && LegacyTopic.IsRequest(topic))) return PublishRuling.Take;

        if (!_options.AllowPubSub || topic.SequenceEqual(_responseTopic) || topic.IsEmpty || topic.IndexOfAny((byte)'+', (byte)'#') >= 0)
        {
            LogForbiddenPublish(client.ClientId);
            return PublishRuling.Disconnect;
        }

        return IsLiveChannel(topic) || (_legacy is not null && _legacy.IsReserved(topic)) ? PublishRuling.Refuse : PublishRuling.Route;
    }

    /// <inheritdoc/>
    public SubscribeRuling JudgeSubscribe(IMqttClient client, string filter)
    {
        if (filter.AsSpan().IndexOfAny('+', '#') >= 0)
        {
            LogForbiddenSubscription(client.ClientId, filter);
            return SubscribeRuling.Disconnect;
        }

        // The seed: such a subscription is ignored. Nothing would ever arrive, for requests never reach the tree.
        if (IsRequestTopic(filter) || (_legacy is not null && LegacyTopic.IsRequest(filter))) return SubscribeRuling.Refuse;

        _legacy?.Listen(StateOf(client).Api, filter);
        return SubscribeRuling.Grant;
    }

    /// <inheritdoc/>
    public void Take(IMqttClient client, MqttMessage message)
    {
        var connection = StateOf(client);
        if (message.Payload.Length > _options.MaxRequestBytes)
        {
            Refuse(client, message, NetworkErrors.RequestTooLarge(_options.MaxRequestBytes));
        }
        else if (_draining && !connection.IsDying) // A will is the last thing its client asked for, and comes when the broker closes.
        {
            Refuse(client, message, NetworkErrors.ShuttingDown());
        }
        else if (connection.HasEnded)
        {
            _connections.TryEnter(bytes: 0);
            _ = ExecuteLateWillAsync(connection.Api, message); // Counted among the connections: whoever stops waits for it there.
        }
        else if (!connection.Lane.TryPost(message, IsQuick(message)))
        {
            LogOverloaded(client.ClientId);
            Refuse(client, message, NetworkErrors.Overloaded());
        }
    }

    /// <summary>What is no request is refused under a new id, never under one that it may contain; as the real server does.</summary>
    private async Task AnswerAsync(IMqttClient client, ClientConnection connection, MqttMessage message)
    {
        if (IsLegacy(message, out var legacy))
        {
            await legacy.AnswerAsync(connection, message);
            return;
        }

        if (!_entrance.TryParse(message.Payload, connection, out var request, out var reason))
        {
            Send(client, message, _entrance.Refuse(NetworkErrors.UnusableMqttPayload(reason), requestId: null));
            return;
        }

        // Names that come twice may have looked like a quick action; the last of them counts.
        if (!Thread.CurrentThread.IsThreadPoolThread && !KuzzleApi.IsQuick(request.Controller, request.Action)) await Task.Yield();
        Send(client, message, await _entrance.ExecuteAsync(request, CancellationToken.None));
    }

    /// <summary>
    /// Whether a request is answered by the read loop itself. Of QoS 0 only: an acknowledgement does not wait for an answer.
    /// </summary>
    private bool IsQuick(MqttMessage message) =>
        message.Qos == QualityOfService.AtMostOnce
        && message.Payload.Length <= LongestQuickRequest
        && message.Topic == _options.RequestTopic
        && Entrance.FindText(message.Payload, "controller") is { } controller
        && Entrance.FindText(message.Payload, "action") is { } action
        && KuzzleApi.IsQuick(controller, action);

    private void Refuse(IMqttClient client, MqttMessage request, ApiError error)
    {
        if (IsLegacy(request, out var legacy)) legacy.Refuse(request, error);
        else Send(client, request, _entrance.Refuse(error, Entrance.FindRequestId(request.Payload)));
    }

    /// <summary>Whatever was taken and is not on the one request topic is a request of 2015.</summary>
    private bool IsLegacy(MqttMessage request, [NotNullWhen(true)] out LegacyDialect? legacy)
    {
        legacy = request.Topic == _options.RequestTopic ? null : _legacy;
        return legacy is not null;
    }

    private void Send(IMqttClient client, MqttMessage request, Answer answer)
    {
        // MQTT 5's own way of asking: on a topic of the requester's choice, still to the requester alone.
        if (request.ResponseTopic is { } topic) client.Send(new MqttMessage(topic, answer.Json) { CorrelationData = request.CorrelationData });
        else if (_options is { DevelopmentMode: true, DevelopmentEnvironment: true }) _broker.Publish(new MqttMessage(_options.ResponseTopic, answer.Json));
        else client.Send(new MqttMessage(_options.ResponseTopic, answer.Json) { CorrelationData = request.CorrelationData });
    }

    /// <summary>
    /// Takes a connection out of the API: after the delay, and after its requests, for a subscription that came after the connection was forgotten
    /// would never end. Requests that were acknowledged are executed although their client has gone; the real server forgets them.
    /// </summary>
    private async Task DepartAsync(KuzzleConnection connection)
    {
        try
        {
            await Task.WhenAny(Task.Delay(_options.DisconnectDelay, _clock), _stopping.Task);
            await connection.Lane.WhenEmptyAsync(CancellationToken.None);
            _entrance.Disconnect(connection.Api);
            _legacy?.Depart(connection.Api);
        }
        finally
        {
            _connections.Leave(bytes: 0);
        }
    }

    /// <summary>
    /// A will that MQTT 5 delayed is executed when the API may have forgotten its connection: it gets one of its own, so that a subscription in it ends.
    /// </summary>
    private async Task ExecuteLateWillAsync(ClientConnection origin, MqttMessage will)
    {
        var connection = new ClientConnection(ProtocolName, origin.RemoteAddress);
        try
        {
            if (IsLegacy(will, out var legacy)) await legacy.AnswerAsync(connection, will);
            else if (_entrance.TryParse(will.Payload, connection, out var request, out _)) await _entrance.ExecuteAsync(request, CancellationToken.None);
        }
        finally
        {
            _entrance.Disconnect(connection);
            _legacy?.Depart(connection);
            _connections.Leave(bytes: 0);
        }
    }

    private bool IsLiveChannel(ReadOnlySpan<byte> topic)
    {
        if (topic.Length > LongestChannel) return false;

        Span<char> name = stackalloc char[LongestChannel];
        return Ascii.ToUtf16(topic, name, out var length) == OperationStatus.Done && _liveChannels.Contains(name[..length]);
    }

    /// <summary>Whether notifications of 2015 may not go there: the topic has a meaning for clients of Kuzzle 2.</summary>
    private bool IsOurs(string topic) => topic == _options.RequestTopic || topic == _options.ResponseTopic || _liveChannels.Contains(topic);

    /// <summary>Also through a shared subscription, <c>$share/group/topic</c>.</summary>
    private bool IsRequestTopic(string filter)
    {
        if (!filter.StartsWith("$share/", StringComparison.Ordinal)) return filter == _options.RequestTopic;

        var group = filter.IndexOf('/', "$share/".Length);
        return group >= 0 && filter.AsSpan(group + 1).SequenceEqual(_options.RequestTopic);
    }

    /// <summary>Null when it is no text.</summary>
    private static string? TextOf(ReadOnlySpan<byte> password)
    {
        try
        {
            return StrictUtf8.GetString(password);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static KuzzleConnection StateOf(IMqttClient client) => (KuzzleConnection)client.ProfileState!;

    [LoggerMessage(Level = LogLevel.Information, Message = "MQTT client {Client} is refused: {Reason}.")]
    private partial void LogRefused(string client, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "MQTT client {Client} is disconnected: it published on a topic that is not allowed.")]
    private partial void LogForbiddenPublish(string client);

    [LoggerMessage(Level = LogLevel.Debug, Message = "MQTT client {Client} is disconnected: it subscribed to {Filter}, and wildcards are not allowed.")]
    private partial void LogForbiddenSubscription(string client, string filter);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request of MQTT client {Client} is refused: too many are waiting.")]
    private partial void LogOverloaded(string client);
}
