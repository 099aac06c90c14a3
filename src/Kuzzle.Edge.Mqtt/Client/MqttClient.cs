using System.Buffers;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Kuzzle.Edge.Mqtt.Client.Sessions;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>
/// One connection of a client to an MQTT server, from CONNACK to its end. It does not reconnect: its owner connects anew with the same session, which holds what has to outlive
/// the connection. Safe to use from any thread.
/// </summary>
public sealed class MqttClient : IAsyncDisposable
{
    /// <summary>How long a DISCONNECT may take: a peer that no longer reads must not hold up the end.</summary>
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(1);

    private readonly MqttClientOptions _options;
    private readonly ConnectionStream _stream;
    private readonly TimeProvider _clock;
    private readonly OutputQueue _output;
    private readonly IncomingMessages _incoming;
    private readonly AnswerQueue _releases;
    private readonly AnswerQueue _completions;
    private readonly PacketIdentifiers _identifiers = new();
    private readonly OutgoingExchanges _exchanges;
    private readonly Requests _requests;
    private readonly TopicAliases _incomingAliases;
    private readonly ConnectionLife _life = new();
    private readonly Task<MqttEnding> _running;
    private Task _writing = Task.CompletedTask;

    private MqttClient(
        MqttClientOptions options,
        ConnectionStream stream,
        ServerLimits server,
        IMqttSession session,
        MqttSessionState state,
        MqttHandler handler,
        TimeProvider clock)
    {
        _options = options;
        _stream = stream;
        _clock = clock;
        Server = server;
        _output = new OutputQueue(stream.Output);
        _releases = new AnswerQueue(_output);
        _completions = new AnswerQueue(_output);
        _incoming = new IncomingMessages(options, session, _output, _completions, handler, state.Received);
        _incomingAliases = new TopicAliases(options.TopicAliasMaximum);
        _exchanges = new OutgoingExchanges(options, server, session, state.Outgoing, _identifiers, _output, _releases, _life);
        _requests = new Requests(options.Version, server.MaxPacketBytes, _identifiers, _output, _life);
        _running = RunAsync();
    }

    /// <summary>What the server has said in its CONNACK.</summary>
    public ServerLimits Server { get; }

    /// <summary>Completes when the connection has ended and nothing of it runs any more. Never fails.</summary>
    public Task<MqttEnding> Ended => _running;

    /// <summary>Connects. What the session holds is sent again, with DUP when the server still has its side, before anything new. [MQTT-4.4.0-1] [MQTT5-4.4.0-1]</summary>
    /// <param name="options">How.</param>
    /// <param name="connector">Opens the stream.</param>
    /// <param name="session">What outlives the connection.</param>
    /// <param name="handler">Gets the messages.</param>
    /// <param name="clock">Time for keep-alive and limits.</param>
    /// <param name="cancellationToken">Ends the attempt; of no meaning once the task has completed.</param>
    /// <exception cref="MqttConnectionException">The server cannot be reached, does not answer in time, refuses, or breaks the protocol.</exception>
    public static async Task<MqttClient> ConnectAsync(
        MqttClientOptions options,
        IMqttConnector connector,
        IMqttSession session,
        MqttHandler handler,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var state = await session.LoadAsync(cancellationToken).ConfigureAwait(false);
        var stream = await Handshake.OpenAsync(options, connector, clock, cancellationToken).ConfigureAwait(false);
        try
        {
            var server = await Handshake.GreetAsync(options, stream, clock, cancellationToken).ConfigureAwait(false);
            if (!server.SessionPresent)
            {
                await session.ForgetServerStateAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
                state = await session.LoadAsync(cancellationToken).ConfigureAwait(false);
            }

            return new MqttClient(options, stream, server, session, state, handler, clock);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Publishes a message and waits for its acknowledgement.</summary>
    /// <inheritdoc cref="SendAsync(MqttApplicationMessage, CancellationToken)"/>
    /// <returns>What became of it.</returns>
    public async Task<MqttPublishResult> PublishAsync(MqttApplicationMessage message, CancellationToken cancellationToken)
    {
        var publication = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        return await publication.Acknowledged.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends a message. Completes at QoS 1 and 2 when the session keeps it, so that it will be sent whatever becomes of this connection; at QoS 0 when the connection has it. Messages
    /// go out in the order of the calls. Waits while as many as the server takes are unacknowledged.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Of no effect once the session was given the message.</param>
    /// <exception cref="ArgumentException">The topic is no topic name, or the message is larger than MQTT can carry.</exception>
    /// <exception cref="MqttConnectionException">The connection has ended.</exception>
    public Task<MqttPublication> SendAsync(MqttApplicationMessage message, CancellationToken cancellationToken) => SendAsync(message, exchange: default, cancellationToken);

    /// <summary>
    /// Sends a message as <see cref="SendAsync(MqttApplicationMessage, CancellationToken)"/> does, under a packet identifier that the caller has chosen: for one that relays the
    /// exchanges of another connection, whose identifiers it shares. Such a caller chooses all of them; only requests to subscribe take what is free.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="exchange">The identifier, and what is known of it. No exchange of this client may be under way with it.</param>
    /// <param name="cancellationToken">Of no effect once the session was given the message.</param>
    /// <exception cref="ArgumentException">As above.</exception>
    /// <exception cref="InvalidOperationException">The identifier is in use.</exception>
    /// <exception cref="MqttConnectionException">The connection has ended.</exception>
    public Task<MqttPublication> SendAsync(MqttApplicationMessage message, MqttExchange exchange, CancellationToken cancellationToken) =>
        _exchanges.SendAsync(message, exchange, cancellationToken);

    /// <summary>
    /// Releases a QoS 2 message that another program has sent in this session, and of which only the identifier is known: PUBREL, until PUBCOMP. Not kept by the session; who
    /// wants it asks again on the next connection.
    /// </summary>
    /// <param name="packetIdentifier">Its identifier; no exchange may be under way with it.</param>
    /// <param name="cancellationToken">Ends the wait, not the release.</param>
    /// <exception cref="InvalidOperationException">The identifier is in use.</exception>
    /// <exception cref="MqttConnectionException">The connection has ended.</exception>
    public Task ReleaseAsync(ushort packetIdentifier, CancellationToken cancellationToken) => _exchanges.ReleaseAsync(packetIdentifier, cancellationToken);

    /// <summary>
    /// Sends what the session holds, each message when the server has answered the one before, and the first when it has answered a PINGREQ that stands behind all that was sent before.
    /// So a server that closes the connection does so for the message that it has not answered (<see cref="MqttEnding.WasAlone"/>), as far as anything that was sent is the reason. To be called
    /// once, before anything new of QoS 1 or 2 is sent; of no effect without <see cref="MqttClientOptions.ResumesSingly"/>.
    /// </summary>
    /// <param name="cancellationToken">Ends it; what was not sent waits for the next connection.</param>
    /// <exception cref="MqttConnectionException">The connection has ended.</exception>
    public Task ResumeSinglyAsync(CancellationToken cancellationToken) => _options.ResumesSingly ? _exchanges.ResumeSinglyAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Subscribes.</summary>
    /// <param name="subscriptions">At least one filter.</param>
    /// <param name="identifier">MQTT 5.0: a subscription identifier of 1 to 268,435,455, left out when the server takes none; 0 for none.</param>
    /// <param name="cancellationToken">Ends the wait, not the subscription.</param>
    /// <returns>For each filter, in order, the granted QoS or why it was refused: by the server, or because the server has said in CONNACK that it has no such subscriptions.</returns>
    /// <exception cref="ArgumentException">There is no filter, one is no topic filter, or they are together larger than the server takes.</exception>
    /// <exception cref="MqttConnectionException">The connection has ended.</exception>
    public async Task<IReadOnlyList<ReasonCode>> SubscribeAsync(IReadOnlyList<SubscriptionRequest> subscriptions, uint identifier, CancellationToken cancellationToken)
    {
        Check([.. subscriptions.Select(subscription => subscription.Filter)]);
        if (subscriptions.Any(subscription => subscription.NoLocal && TopicFilter.IsShared(Encoding.UTF8.GetBytes(subscription.Filter))))
            throw new ArgumentException("A shared subscription cannot leave out own messages. [MQTT5-3.8.3-4]", nameof(subscriptions));

        var codes = subscriptions.Select(subscription => Server.Judge(subscription.Filter)).ToArray();
        SubscriptionRequest[] asked = [.. subscriptions.Where((_, index) => codes[index] == ReasonCode.Success)];
        if (asked.Length == 0) return codes;

        var properties = identifier != 0 && Server.SubscriptionIdentifiers ? new MqttProperties { SubscriptionIdentifier = identifier } : null;
        var granted = await _requests.AskAsync(
            PacketType.Suback,
            asked.Length,
            (output, id) => PacketWriter.TryWrite(
                output, _options.Version, new SubscribePacket { PacketIdentifier = id, Subscriptions = asked, Properties = properties }, Server.MaxPacketBytes),
            cancellationToken).ConfigureAwait(false);

        var next = 0;
        for (var index = 0; index < codes.Length; index++)
            if (codes[index] == ReasonCode.Success) codes[index] = granted[next++];

        return codes;
    }

    /// <summary>Ends subscriptions.</summary>
    /// <param name="filters">At least one.</param>
    /// <param name="cancellationToken">Ends the wait, not what is asked for.</param>
    /// <returns>For each filter, in order, success, that there was none, or a refusal; always success before MQTT 5.0.</returns>
    /// <exception cref="ArgumentException">There is no filter, one is no topic filter, or they are together larger than the server takes.</exception>
    /// <exception cref="MqttConnectionException">The connection has ended.</exception>
    public async Task<IReadOnlyList<ReasonCode>> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken)
    {
        Check(filters);
        UnsubscribeRequest[] requests = [.. filters.Select(filter => new UnsubscribeRequest(filter))];
        return await _requests.AskAsync(
            PacketType.Unsuback,
            filters.Count,
            (output, id) => PacketWriter.TryWrite(output, _options.Version, new UnsubscribePacket { PacketIdentifier = id, Filters = requests }, Server.MaxPacketBytes),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says goodbye behind what was sent before, and waits for the end: the server drops the will. [MQTT-3.14.4-3] [MQTT5-3.14.4-3]</summary>
    /// <param name="reason">MQTT 5.0: success, or <see cref="ReasonCode.DisconnectWithWillMessage"/> to have the will published.</param>
    public Task DisconnectAsync(ReasonCode reason = ReasonCode.Success)
    {
        _life.End(new MqttEnding(MqttEndingCause.Requested, reason, "The client has disconnected."));
        return _running;
    }

    /// <summary>Says goodbye, unless the connection has ended, and waits for the end.</summary>
    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync().ConfigureAwait(false);

        // The rest has neither timers nor handles, and a caller on another thread may be about to learn from it that the connection has ended.
    }

    private static void Check(IReadOnlyList<string> filters)
    {
        if (filters.Count == 0) throw new ArgumentException("At least one filter is needed. [MQTT-3.8.3-3] [MQTT5-3.8.3-2]", nameof(filters));

        foreach (var filter in filters)
            if (!TopicFilter.IsValid(Encoding.UTF8.GetBytes(filter))) throw new ArgumentException($"'{filter}' is no topic filter.", nameof(filters));
    }

    private async Task<MqttEnding> RunAsync()
    {
        await Task.Yield(); // The constructor has to come to its end first.
        _writing = GuardAsync(_output.RunAsync);
        Task[] loops =
        [
            _writing,
            GuardAsync(_exchanges.ResumeAsync),
            GuardAsync(ReadAsync),
            GuardAsync(_incoming.RunAsync),
            GuardAsync(_incoming.AcknowledgeAsync),
            GuardAsync(_releases.RunAsync),
            GuardAsync(_completions.RunAsync),
            GuardAsync(KeepAliveAsync),
        ];
        var ending = await _life.Over.ConfigureAwait(false);
        await SayGoodbyeAsync(ending).ConfigureAwait(false);
        await _life.StopAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        var pending = _identifiers.Fail(new MqttConnectionException(ending));
        await Task.WhenAll(loops).ConfigureAwait(false);
        return await _exchanges.EndAsync(ending, pending).ConfigureAwait(false);
    }

    /// <summary>A server that closes ends the stream in its middle or has it reset; when a line fails, the system says that nobody is there or has answered.</summary>
    private static bool IsClosing(Exception broken)
    {
        for (var inner = broken; inner is not null; inner = inner.InnerException)
            if (inner is SocketException socket) return socket.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown; // ECONNRESET and EPIPE

        return true;
    }

    private async Task SayGoodbyeAsync(MqttEnding ending)
    {
        if (ending.Cause is MqttEndingCause.ConnectionLost or MqttEndingCause.Server)
        {
            _output.Complete();
            return;
        }

        // Before 5.0 DISCONNECT means that all is well, and a fault is told by closing without it.
        using var limit = new CancellationTokenSource(GoodbyeLimit, _clock);
        try
        {
            if (_options.Version == MqttVersion.V5 || ending.Cause == MqttEndingCause.Requested)
            {
                await _output.EnqueueLastAsync(output => PacketWriter.TryWrite(output, _options.Version, new DisconnectPacket { ReasonCode = ending.ToldReason }), limit.Token).ConfigureAwait(false);
            }
            else
            {
                _output.Complete();
            }

            await _writing.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _output.Complete(); // The peer does not read; the connection is closed without a word.
        }
    }

    /// <summary>Runs a loop; whatever ends it ends the connection. The one place where all is caught.</summary>
    private async Task GuardAsync(Func<CancellationToken, Task> loop)
    {
        try
        {
            await loop(_life.Token).ConfigureAwait(false);
        }
        catch (Exception end) when (_life.IsOver && end is OperationCanceledException or ChannelClosedException or IOException or ObjectDisposedException)
        {
            // The end was decided, and this is how the loop hears of it.
        }
        catch (ProtocolFaultException fault)
        {
            _life.End(new MqttEnding(MqttEndingCause.ProtocolError, fault.Fault.Code, fault.Message));
        }
        catch (LineBrokenException broken)
        {
            _life.End(new MqttEnding(MqttEndingCause.ConnectionLost, ReasonCode.UnspecifiedError, broken.Message) { IsClosedByServer = IsClosing(broken) });
        }
        catch (IOException fault)
        {
            // Of the handler or the session: it says itself what is the matter, and the server has no part in it.
            _life.End(new MqttEnding(MqttEndingCause.LocalFault, ReasonCode.ImplementationSpecificError, fault.Message));
        }
        catch (Exception fault)
        {
            _life.End(new MqttEnding(MqttEndingCause.LocalFault, ReasonCode.ImplementationSpecificError, $"This program has failed: {fault.Message}"));
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _stream.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var rest = read.Buffer;
            while (TryTake(ref rest, out var handling, cancellationToken)) await handling.ConfigureAwait(false);
            _stream.Input.AdvanceTo(rest.Start, rest.End);
            if (!read.IsCompleted) continue;

            _life.End(new MqttEnding(MqttEndingCause.ConnectionLost, ReasonCode.UnspecifiedError, "The server has closed the connection.") { IsClosedByServer = true });
            return;
        }
    }

    /// <summary>Takes one packet; what is left to do for it is to be awaited before the next.</summary>
    private bool TryTake(ref ReadOnlySequence<byte> received, out ValueTask handling, CancellationToken cancellationToken)
    {
        handling = default;
        if (_life.IsOver || !_stream.TryTake(ref received, out var packet)) return false;

        switch (packet.Type)
        {
            case PacketType.Publish: handling = _incoming.TakeAsync(Read(packet.Publish), cancellationToken); break;
            case PacketType.Pubrel: _incoming.Release(packet.Acknowledgement.PacketIdentifier); break;
            case PacketType.Puback or PacketType.Pubrec or PacketType.Pubcomp: handling = _exchanges.AcknowledgeAsync(packet.Type, packet.Acknowledgement, cancellationToken); break;
            case PacketType.Suback: _requests.Grant(PacketType.Suback, packet.Suback.PacketIdentifier, packet.Suback.ReasonCodes); break;
            case PacketType.Unsuback: _requests.Grant(PacketType.Unsuback, packet.Unsuback.PacketIdentifier, packet.Unsuback.ReasonCodes); break;
            case PacketType.Pingresp: _exchanges.Pong(); break;
            case PacketType.Disconnect: Leave(packet.Disconnect); break;
            default: throw ProtocolFaultException.Protocol($"The server sends {packet.Type}, which has no place here.");
        }

        return true;
    }

    private void Leave(DisconnectPacket packet)
    {
        // Before 5.0 a server has no DISCONNECT. [MQTT-3.14] Its reader says so too.
        var words = packet.Properties?.ReasonString is { } text ? $" ({text})" : "";
        _life.End(new MqttEnding(MqttEndingCause.Server, packet.ReasonCode, $"The server has disconnected: {packet.ReasonCode}{words}.", packet.Properties?.ServerReference));
    }

    private MqttIncoming Read(in PublishView publish)
    {
        if (!_incomingAliases.TryResolve(publish.Topic, publish.TopicAlias, out var topic))
            throw ProtocolFaultException.Protocol("The server uses a topic alias that it has not set. [MQTT5-3.3.2-7]");

        return new MqttIncoming(
            new MqttApplicationMessage(Encoding.UTF8.GetString(topic), publish.Payload.ToArray())
            {
                QualityOfService = publish.QualityOfService,
                Retain = publish.Retain,
                Properties = MqttProperties.Decode(publish.Properties),
            },
            publish.PacketIdentifier,
            publish.Duplicate)
        {
            DiscardedBytes = publish.DiscardedBytes,
        };
    }

    private async Task KeepAliveAsync(CancellationToken cancellationToken)
    {
        var keepAlive = Server.KeepAlive;
        if (keepAlive == TimeSpan.Zero) return;

        var patience = _options.AnswerTimeout < keepAlive / 2 ? _options.AnswerTimeout : keepAlive / 2;
        while (true)
        {
            await Task.Delay((keepAlive * 0.9) - patience, _clock, cancellationToken).ConfigureAwait(false);
            var asking = _output.EnqueueAsync(PacketWriter.WritePingreq, cancellationToken).AsTask();
            await MovesAsync(patience, cancellationToken).ConfigureAwait(false);
            await asking.ConfigureAwait(false);
        }
    }

    /// <summary>Waits for a sign of life. What stands before the PINGREQ, and what the server sends meanwhile, may take long on a slow line: as long as something moves, it lives.</summary>
    private async Task MovesAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var read = _stream.BytesRead;
        long before;
        do
        {
            before = _stream.PiecesWritten;
            await Task.Delay(patience, _clock, cancellationToken).ConfigureAwait(false);
            if (_stream.BytesRead != read || _incoming.IsFull) return;
        }
        while (_stream.PiecesWritten != before);

        _life.End(new MqttEnding(
            MqttEndingCause.NoAnswer, ReasonCode.KeepAliveTimeout, $"The server did not answer PINGREQ within {patience.TotalSeconds:0.#} s: the connection is half open."));
    }
}
