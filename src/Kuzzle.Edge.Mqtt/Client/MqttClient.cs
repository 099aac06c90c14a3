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
    private readonly IMqttSession _session;
    private readonly TimeProvider _clock;
    private readonly OutputQueue _output;
    private readonly IncomingMessages _incoming;
    private readonly AnswerQueue _releases;
    private readonly AnswerQueue _completions;
    private readonly PacketIdentifiers _identifiers = new();
    private readonly OutgoingTopicAliases _outgoingAliases;
    private readonly TopicAliases _incomingAliases;
    private readonly SemaphoreSlim _window;
    private readonly SemaphoreSlim _publishing;
    private readonly CancellationTokenSource _alive = new();
    private readonly TaskCompletionSource _endIsDue = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<MqttEnding> _running;
    private Task _writing = Task.CompletedTask;
    private IReadOnlyList<Resumption> _held;
    private TaskCompletionSource? _pinging;
    private MqttEnding? _ending;
    private long _written;
    private bool _isSendingSingly;

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
        _session = session;
        _clock = clock;
        Server = server;
        _output = new OutputQueue(stream.Output);
        _releases = new AnswerQueue(_output);
        _completions = new AnswerQueue(_output);
        _incoming = new IncomingMessages(options, session, _output, _completions, handler, state.Received);
        _outgoingAliases = new OutgoingTopicAliases(server.Aliases);
        _incomingAliases = new TopicAliases(options.TopicAliasMaximum);
        _window = new SemaphoreSlim(server.InFlight, server.InFlight);
        Resumption[] begun = [.. state.Outgoing.Select(static outgoing => new Resumption(outgoing, PendingOf(outgoing)))];
        foreach (var (outgoing, exchange) in begun) _identifiers.Add(outgoing.PacketIdentifier, exchange);
        Resumption[] resumed = options.ResumesSingly ? [] : begun;
        _held = options.ResumesSingly ? begun : [];
        _publishing = new SemaphoreSlim(resumed.Length == 0 ? 1 : 0, 1); // Else the turn of what is sent again.
        _running = RunAsync(resumed);
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
        var stream = await OpenAsync(options, connector, clock, cancellationToken).ConfigureAwait(false);
        try
        {
            var server = await GreetAsync(options, stream, clock, cancellationToken).ConfigureAwait(false);
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
    public async Task<MqttPublication> SendAsync(MqttApplicationMessage message, MqttExchange exchange, CancellationToken cancellationToken)
    {
        var outgoing = new OutgoingMessage(_options.Version, message);
        var judgement = Server.Judge(message, outgoing.Size);
        if (!judgement.IsAccepted) return new MqttPublication(Task.FromResult(judgement));

        using var either = CancellationTokenSource.CreateLinkedTokenSource(_alive.Token, cancellationToken);
        Task stored;
        PendingExchange pending;
        try
        {
            await _publishing.WaitAsync(either.Token).ConfigureAwait(false);
            try
            {
                if (message.QualityOfService == QualityOfService.AtMostOnce)
                {
                    var alias = AliasOf(message.Topic, outgoing, out var isKnown);
                    await _output.EnqueueAsync(output => outgoing.Write(output, packetIdentifier: 0, duplicate: false, alias, isKnown), either.Token).ConfigureAwait(false);
                    return new MqttPublication(Task.FromResult(default(MqttPublishResult)));
                }

                await _window.WaitAsync(either.Token).ConfigureAwait(false);
                var isExactlyOnce = message.QualityOfService == QualityOfService.ExactlyOnce;
                pending = new PendingExchange(isExactlyOnce ? PacketType.Pubrec : PacketType.Puback) { IsReleasedFirst = isExactlyOnce && exchange.ReleaseFirst };
                pending.TryTakePlace();
                var identifier = Take(exchange.PacketIdentifier, pending);
                stored = _session.StoreAsync(new MqttOutgoing(identifier, message));
                await EnqueueUnlessOverAsync(stored, pending, outgoing, message.Topic, identifier, exchange.Duplicate).ConfigureAwait(false);
            }
            finally
            {
                _publishing.Release();
            }
        }
        catch (Exception ended) when (IsOver && ended is OperationCanceledException or ChannelClosedException && !cancellationToken.IsCancellationRequested)
        {
            throw Gone();
        }

        await stored.ConfigureAwait(false);
        return new MqttPublication(pending.Published);
    }

    /// <summary>
    /// Releases a QoS 2 message that another program has sent in this session, and of which only the identifier is known: PUBREL, until PUBCOMP. Not kept by the session; who
    /// wants it asks again on the next connection.
    /// </summary>
    /// <param name="packetIdentifier">Its identifier; no exchange may be under way with it.</param>
    /// <param name="cancellationToken">Ends the wait, not the release.</param>
    /// <exception cref="InvalidOperationException">The identifier is in use.</exception>
    /// <exception cref="MqttConnectionException">The connection has ended.</exception>
    public async Task ReleaseAsync(ushort packetIdentifier, CancellationToken cancellationToken)
    {
        var exchange = new PendingExchange(PacketType.Pubcomp);
        _identifiers.Add(packetIdentifier, exchange);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_alive.Token, cancellationToken);
        try
        {
            await SendAcknowledgementAsync(Task.CompletedTask, PacketType.Pubrel, packetIdentifier, ReasonCode.Success, either.Token).ConfigureAwait(false);
        }
        catch (Exception ended) when (IsOver && ended is OperationCanceledException or ChannelClosedException && !cancellationToken.IsCancellationRequested)
        {
            throw Gone();
        }

        await exchange.Published.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends what the session holds, each message when the server has answered the one before, and the first when it has answered a PINGREQ that stands behind all that was sent before.
    /// So a server that closes the connection does so for the message that it has not answered (<see cref="MqttEnding.WasAlone"/>), as far as anything that was sent is the reason. To be called
    /// once, before anything new of QoS 1 or 2 is sent; of no effect without <see cref="MqttClientOptions.ResumesSingly"/>.
    /// </summary>
    /// <param name="cancellationToken">Ends it; what was not sent waits for the next connection.</param>
    /// <exception cref="MqttConnectionException">The connection has ended.</exception>
    public async Task ResumeSinglyAsync(CancellationToken cancellationToken)
    {
        if (!_options.ResumesSingly) return;

        using var either = CancellationTokenSource.CreateLinkedTokenSource(_alive.Token, cancellationToken);
        var held = Interlocked.Exchange(ref _held, []);
        try
        {
            await _publishing.WaitAsync(either.Token).ConfigureAwait(false);
            try
            {
                await PingAsync(either.Token).ConfigureAwait(false);
                Volatile.Write(ref _isSendingSingly, true);
                foreach (var resumption in held)
                {
                    await ResumeAsync(resumption, either.Token).ConfigureAwait(false);
                    if (resumption.Outgoing.Message is not null) await resumption.Exchange.Answered.WaitAsync(either.Token).ConfigureAwait(false);
                }
            }
            finally
            {
                _publishing.Release();
            }
        }
        catch (Exception ended) when (IsOver && ended is OperationCanceledException or ChannelClosedException && !cancellationToken.IsCancellationRequested)
        {
            throw Gone();
        }

        if (!IsOver) Volatile.Write(ref _isSendingSingly, false);
    }

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
        var granted = await AskAsync(
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
        return await AskAsync(
            PacketType.Unsuback,
            filters.Count,
            (output, id) => PacketWriter.TryWrite(output, _options.Version, new UnsubscribePacket { PacketIdentifier = id, Filters = requests }, Server.MaxPacketBytes),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says goodbye behind what was sent before, and waits for the end: the server drops the will. [MQTT-3.14.4-3] [MQTT5-3.14.4-3]</summary>
    /// <param name="reason">MQTT 5.0: success, or <see cref="ReasonCode.DisconnectWithWillMessage"/> to have the will published.</param>
    public Task DisconnectAsync(ReasonCode reason = ReasonCode.Success)
    {
        End(new MqttEnding(MqttEndingCause.Requested, reason, "The client has disconnected."));
        return _running;
    }

    /// <summary>Says goodbye, unless the connection has ended, and waits for the end.</summary>
    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync().ConfigureAwait(false);

        // The rest has neither timers nor handles, and a caller on another thread may be about to learn from it that the connection has ended.
    }

    private static async Task<ConnectionStream> OpenAsync(MqttClientOptions options, IMqttConnector connector, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.AnswerTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return new ConnectionStream(await connector.ConnectAsync(either.Token).ConfigureAwait(false), options);
        }
        catch (IOException failure)
        {
            throw new MqttConnectionException(new MqttEnding(MqttEndingCause.ConnectionLost, ReasonCode.UnspecifiedError, failure.Message), failure);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooLate("The server could not be reached", options, late);
        }
    }

    private static async Task<ServerLimits> GreetAsync(MqttClientOptions options, ConnectionStream stream, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.AnswerTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var connack = await stream.GreetAsync(options.ToPacket(), either.Token).ConfigureAwait(false);
            if (connack.ReasonCode == ReasonCode.Success && connack.SessionPresent && options.CleanStart)
                throw ProtocolFaultException.Protocol("The server has a session although the client has asked for a clean start. [MQTT-3.2.2-1] [MQTT5-3.2.2-2]");
            if (connack.ReasonCode == ReasonCode.Success) return ServerLimits.Of(options, connack);

            var words = connack.Properties?.ReasonString is { } text ? $" ({text})" : "";
            throw new MqttConnectionException(new MqttEnding(
                MqttEndingCause.Server, connack.ReasonCode, $"The server refuses the connection: {connack.ReasonCode}{words}.", connack.Properties?.ServerReference));
        }
        catch (ProtocolFaultException fault)
        {
            await FarewellAsync(options, stream, fault.Fault.Code, either.Token).ConfigureAwait(false);
            throw new MqttConnectionException(new MqttEnding(MqttEndingCause.ProtocolError, fault.Fault.Code, fault.Message), fault);
        }
        catch (IOException broken) when (broken is not MqttConnectionException)
        {
            throw new MqttConnectionException(new MqttEnding(MqttEndingCause.ConnectionLost, ReasonCode.UnspecifiedError, broken.Message), broken);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooLate("The server did not answer CONNECT", options, late);
        }
    }

    /// <summary>DISCONNECT with the reason, which MQTT 5.0 allows between CONNECT and CONNACK. [MQTT5-4.13.1-1]</summary>
    private static async Task FarewellAsync(MqttClientOptions options, ConnectionStream stream, ReasonCode reason, CancellationToken cancellationToken)
    {
        if (options.Version != MqttVersion.V5) return;

        try
        {
            PacketWriter.TryWrite(stream.Output, options.Version, new DisconnectPacket { ReasonCode = ToDisconnect(reason) });
            await stream.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The server went first; there is nobody to tell, and the fault itself is reported by the caller.
        }
    }

    private static MqttConnectionException TooLate(string what, MqttClientOptions options, Exception late) => new(
        new MqttEnding(MqttEndingCause.NoAnswer, ReasonCode.UnspecifiedError, $"{what} within {options.AnswerTimeout.TotalSeconds:0.#} s."), late);

    private static PendingExchange PendingOf(MqttOutgoing outgoing) => new(
        outgoing.Message is not { } message ? PacketType.Pubcomp : message.QualityOfService == QualityOfService.ExactlyOnce ? PacketType.Pubrec : PacketType.Puback);

    private static ReasonCode ToDisconnect(ReasonCode reason) =>
        ReasonCodes.MayStandIn(reason, PacketType.Disconnect, PacketDirection.ToServer) ? reason : ReasonCode.ProtocolError;

    private bool IsOver => Volatile.Read(ref _ending) is not null;

    private static void Check(IReadOnlyList<string> filters)
    {
        if (filters.Count == 0) throw new ArgumentException("At least one filter is needed. [MQTT-3.8.3-3] [MQTT5-3.8.3-2]", nameof(filters));

        foreach (var filter in filters)
            if (!TopicFilter.IsValid(Encoding.UTF8.GetBytes(filter))) throw new ArgumentException($"'{filter}' is no topic filter.", nameof(filters));
    }

    /// <summary>Gives an exchange its identifier; one that gets none leaves its place.</summary>
    private ushort Take(ushort chosen, PendingExchange exchange)
    {
        try
        {
            if (chosen == 0) return _identifiers.Add(exchange);

            _identifiers.Add(chosen, exchange);
            return chosen;
        }
        catch (InvalidOperationException)
        {
            _window.Release();
            throw;
        }
    }

    private MqttConnectionException Gone() => new(Volatile.Read(ref _ending)!);

    private void End(MqttEnding ending)
    {
        if (Interlocked.CompareExchange(ref _ending, ending, comparand: null) is null) _endIsDue.TrySetResult();
    }

    private async Task<MqttEnding> RunAsync(IReadOnlyList<Resumption> resumed)
    {
        await Task.Yield(); // The constructor has to come to its end first.
        _writing = GuardAsync(_output.RunAsync);
        Task[] loops = [_writing, GuardAsync(token => ResumeAsync(resumed, token)), GuardAsync(ReadAsync), GuardAsync(_incoming.RunAsync), GuardAsync(_incoming.AcknowledgeAsync), GuardAsync(_releases.RunAsync), GuardAsync(_completions.RunAsync), GuardAsync(KeepAliveAsync)];
        await _endIsDue.Task.ConfigureAwait(false);
        var ending = _ending!;
        await SayGoodbyeAsync(ending).ConfigureAwait(false);
        await _alive.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        var pending = _identifiers.Fail(new MqttConnectionException(ending));
        await Task.WhenAll(loops).ConfigureAwait(false);
        await _publishing.WaitAsync().ConfigureAwait(false); // Who has it is about to give the session a message, which the next connection is to find there.
        _publishing.Release();
        return ending with { Unanswered = OldestUnanswered(pending), WasAlone = Volatile.Read(ref _isSendingSingly) };
    }

    /// <summary>What is no answer to a message does not count: PUBCOMP, SUBACK and UNSUBACK come after or without one.</summary>
    private static ushort OldestUnanswered(IEnumerable<KeyValuePair<ushort, PendingExchange>> pending) => pending
        .Where(static entry => entry.Value is { WrittenAs: > 0, Awaited: PacketType.Puback or PacketType.Pubrec })
        .OrderBy(static entry => entry.Value.WrittenAs)
        .FirstOrDefault()
        .Key;

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
                var reason = ending.Cause switch
                {
                    MqttEndingCause.Requested or MqttEndingCause.ProtocolError => ToDisconnect(ending.ReasonCode),
                    _ => ReasonCode.UnspecifiedError,
                };
                await _output.EnqueueAsync(output => PacketWriter.TryWrite(output, _options.Version, new DisconnectPacket { ReasonCode = reason }), limit.Token).ConfigureAwait(false);
            }

            _output.Complete();
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
            await loop(_alive.Token).ConfigureAwait(false);
        }
        catch (Exception end) when (IsOver && end is OperationCanceledException or ChannelClosedException or IOException or ObjectDisposedException)
        {
            // The end was decided, and this is how the loop hears of it.
        }
        catch (ProtocolFaultException fault)
        {
            End(new MqttEnding(MqttEndingCause.ProtocolError, fault.Fault.Code, fault.Message));
        }
        catch (IOException broken)
        {
            End(new MqttEnding(MqttEndingCause.ConnectionLost, ReasonCode.UnspecifiedError, broken.Message) { IsClosedByServer = IsClosing(broken) });
        }
        catch (Exception fault)
        {
            End(new MqttEnding(MqttEndingCause.LocalFault, ReasonCode.ImplementationSpecificError, $"This program has failed: {fault.Message}"));
        }
    }

    /// <summary>Sends what earlier connections have begun. Holds back new messages meanwhile, so that the order stays. [MQTT-4.6.0-1] [MQTT5-4.6.0-1]</summary>
    private async Task ResumeAsync(IReadOnlyList<Resumption> resumed, CancellationToken cancellationToken)
    {
        if (resumed.Count == 0) return;

        try
        {
            foreach (var resumption in resumed) await ResumeAsync(resumption, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>
    /// Sends one of those, unless the server has gone on with it by itself: it may repeat PUBREC, and who sends the message behind the PUBREL for that sends it twice. [MQTT-4.3.3-1] [MQTT5-4.3.3-6]
    /// </summary>
    private async Task ResumeAsync(Resumption resumption, CancellationToken cancellationToken)
    {
        var (outgoing, exchange) = resumption;
        await _window.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!exchange.TryTakePlace())
        {
            _window.Release();
            return;
        }

        if (exchange.Answered.IsCompleted) return;

        if (outgoing.Message is not { } message)
        {
            await SendAcknowledgementAsync(Task.CompletedTask, PacketType.Pubrel, outgoing.PacketIdentifier, ReasonCode.Success, cancellationToken).ConfigureAwait(false);
            return;
        }

        var sent = new OutgoingMessage(_options.Version, message);
        var judgement = Server.Judge(message, sent.Size);
        if (!judgement.IsAccepted)
        {
            await CompleteAsync(outgoing.PacketIdentifier, judgement).WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        await _output.EnqueueAsync(
            output =>
            {
                if (exchange.Answered.IsCompleted) return;

                sent.Write(output, outgoing.PacketIdentifier, Server.SessionPresent, alias: 0, isKnown: false); // What may not be written cannot introduce an alias.
                exchange.WrittenAs = ++_written;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task PingAsync(CancellationToken cancellationToken)
    {
        var pinging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _pinging, pinging);
        await _output.EnqueueAsync(PacketWriter.WritePingreq, cancellationToken).ConfigureAwait(false);
        await pinging.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The alias costs three bytes and may make a length longer by one twice; a packet as large as that goes without.</summary>
    private ushort AliasOf(string topic, OutgoingMessage message, out bool isKnown)
    {
        isKnown = false;
        return Server.Aliases > 0 && message.Size + 5 <= Server.MaxMessageBytes ? _outgoingAliases.Use(topic, out isKnown) : (ushort)0;
    }

    /// <summary>The session has the message: the end of this connection is told by its acknowledgement, not by a failure that would make the caller send it again.</summary>
    private async ValueTask EnqueueUnlessOverAsync(Task stored, PendingExchange exchange, OutgoingMessage message, string topic, ushort packetIdentifier, bool duplicate)
    {
        try
        {
            if (exchange.IsReleasedFirst) await SendAcknowledgementAsync(Task.CompletedTask, PacketType.Pubrel, packetIdentifier, ReasonCode.Success, _alive.Token).ConfigureAwait(false);
            var alias = AliasOf(topic, message, out var isKnown);
            await _output.EnqueueAsync(
                stored,
                output =>
                {
                    message.Write(output, packetIdentifier, duplicate, alias, isKnown);
                    exchange.WrittenAs = ++_written;
                },
                _alive.Token).ConfigureAwait(false);
        }
        catch (Exception ended) when (IsOver && ended is OperationCanceledException or ChannelClosedException)
        {
            // The next connection sends it.
        }
    }

    private ValueTask SendAcknowledgementAsync(Task before, PacketType type, ushort packetIdentifier, ReasonCode reason, CancellationToken cancellationToken) =>
        _output.EnqueueAsync(before, output => PacketWriter.WriteAcknowledgement(output, _options.Version, type, packetIdentifier, reason), cancellationToken);

    private async Task<ReasonCode[]> AskAsync(PacketType answer, int filters, Func<IBufferWriter<byte>, ushort, bool> write, CancellationToken cancellationToken)
    {
        var exchange = new PendingExchange(answer) { Filters = filters };
        var identifier = _identifiers.Add(exchange);
        var packet = new ArrayBufferWriter<byte>();
        if (!write(packet, identifier))
        {
            _identifiers.Remove(identifier);
            throw new ArgumentException($"The filters are together larger than the {Server.MaxPacketBytes} bytes that the server takes.", nameof(filters));
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(_alive.Token, cancellationToken);
        try
        {
            await _output.EnqueueAsync(output => output.Write(packet.WrittenSpan), either.Token).ConfigureAwait(false);
        }
        catch (Exception ended) when (IsOver && ended is OperationCanceledException or ChannelClosedException && !cancellationToken.IsCancellationRequested)
        {
            throw Gone();
        }

        return await exchange.Granted.WaitAsync(cancellationToken).ConfigureAwait(false);
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

            End(new MqttEnding(MqttEndingCause.ConnectionLost, ReasonCode.UnspecifiedError, "The server has closed the connection.") { IsClosedByServer = true });
            return;
        }
    }

    /// <summary>Takes one packet; what is left to do for it is to be awaited before the next.</summary>
    private bool TryTake(ref ReadOnlySequence<byte> received, out ValueTask handling, CancellationToken cancellationToken)
    {
        handling = default;
        if (IsOver || !_stream.TryTake(ref received, out var packet)) return false;

        switch (packet.Type)
        {
            case PacketType.Publish: handling = _incoming.TakeAsync(Read(packet.Publish), cancellationToken); break;
            case PacketType.Pubrel: _incoming.Release(packet.Acknowledgement.PacketIdentifier); break;
            case PacketType.Puback or PacketType.Pubrec or PacketType.Pubcomp: handling = AcknowledgeAsync(packet.Type, packet.Acknowledgement, cancellationToken); break;
            case PacketType.Suback: Grant(PacketType.Suback, packet.Suback.PacketIdentifier, packet.Suback.ReasonCodes); break;
            case PacketType.Unsuback: Grant(PacketType.Unsuback, packet.Unsuback.PacketIdentifier, packet.Unsuback.ReasonCodes); break;
            case PacketType.Pingresp: Interlocked.Exchange(ref _pinging, null)?.TrySetResult(); break;
            case PacketType.Disconnect: Leave(packet.Disconnect); break;
            default: throw ProtocolFaultException.Protocol($"The server sends {packet.Type}, which has no place here.");
        }

        return true;
    }

    private void Leave(DisconnectPacket packet)
    {
        // Before 5.0 a server has no DISCONNECT. [MQTT-3.14] Its reader says so too.
        var words = packet.Properties?.ReasonString is { } text ? $" ({text})" : "";
        End(new MqttEnding(MqttEndingCause.Server, packet.ReasonCode, $"The server has disconnected: {packet.ReasonCode}{words}.", packet.Properties?.ServerReference));
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

    private ValueTask AcknowledgeAsync(PacketType type, AcknowledgementView packet, CancellationToken cancellationToken)
    {
        var identifier = packet.PacketIdentifier;
        var reason = packet.ReasonCode;
        if (_identifiers.Find(identifier) is not { } exchange)
        {
            // Of an exchange that has ended. Only PUBREC waits for an answer; 5.0 has a code for it. (5.0, 4.3.3)
            return type == PacketType.Pubrec
                ? SendAcknowledgementAsync(Task.CompletedTask, PacketType.Pubrel, identifier, ReasonCode.PacketIdentifierNotFound, cancellationToken)
                : default;
        }

        // A PUBREC may come again where the server did not get the PUBREL of an earlier connection. Where the session still holds it back, it goes once.
        if (type == PacketType.Pubrec && exchange.Awaited == PacketType.Pubcomp && reason < ReasonCode.UnspecifiedError)
        {
            return exchange.Releasing is { IsCompleted: false }
                ? default
                : SendAcknowledgementAsync(Task.CompletedTask, PacketType.Pubrel, identifier, ReasonCode.Success, cancellationToken);
        }

        // Of the release that went before the message: whatever had the identifier, it is free now.
        if (type == PacketType.Pubcomp && exchange.IsReleasedFirst)
        {
            exchange.IsReleasedFirst = false;
            return default;
        }

        if (type != exchange.Awaited) throw ProtocolFaultException.Protocol($"The server answers with {type} where {exchange.Awaited} is due.");

        if (type == PacketType.Pubrec && reason < ReasonCode.UnspecifiedError)
        {
            exchange.Awaited = PacketType.Pubcomp;
            exchange.Answer();
            exchange.Releasing = _session.ReleaseAsync(identifier);
            _releases.Add(exchange.Releasing, output => PacketWriter.WriteAcknowledgement(output, _options.Version, PacketType.Pubrel, identifier, ReasonCode.Success));
            return default;
        }

        // That the server knows no such identifier at PUBCOMP means that it has ended the exchange before.
        var result = type == PacketType.Pubcomp ? default : new MqttPublishResult(reason, MqttProperties.Decode(packet.Properties)?.ReasonString);
        var completing = CompleteAsync(identifier, result);
        return completing.IsCompletedSuccessfully ? default : new ValueTask(_output.EnqueueAsync(completing, static _ => { }, cancellationToken).AsTask());
    }

    /// <summary>Ends an exchange. What the session makes of it needs not be waited for: at worst the message is sent again, as its QoS allows.</summary>
    private Task CompleteAsync(ushort packetIdentifier, MqttPublishResult result)
    {
        var exchange = _identifiers.Find(packetIdentifier);
        exchange?.Answer();
        var completing = _session.CompleteAsync(packetIdentifier, result);
        _identifiers.Remove(packetIdentifier);
        if (exchange?.LeavePlace() == true) _window.Release();
        exchange?.Complete(result);
        return completing;
    }

    private void Grant(PacketType type, ushort packetIdentifier, ReasonCode[] codes)
    {
        if (_identifiers.Find(packetIdentifier) is not { } exchange || exchange.Awaited != type)
            throw ProtocolFaultException.Protocol($"The server sends {type} for what was not asked.");

        // Before 5.0 UNSUBACK has no codes.
        if (type == PacketType.Unsuback && _options.Version != MqttVersion.V5) codes = new ReasonCode[exchange.Filters];
        if (codes.Length != exchange.Filters) throw ProtocolFaultException.Protocol($"{type} has {codes.Length} codes for {exchange.Filters} filters. [MQTT-3.8.4-5] [MQTT5-3.8.4-6]");

        _identifiers.Remove(packetIdentifier);
        exchange.Complete(codes);
    }

    private async Task KeepAliveAsync(CancellationToken cancellationToken)
    {
        var keepAlive = Server.KeepAlive;
        if (keepAlive == TimeSpan.Zero) return;

        var patience = _options.AnswerTimeout < keepAlive / 2 ? _options.AnswerTimeout : keepAlive / 2;
        while (true)
        {
            await Task.Delay((keepAlive * 0.9) - patience, _clock, cancellationToken).ConfigureAwait(false);
            var before = _stream.Progress;
            var asking = _output.EnqueueAsync(PacketWriter.WritePingreq, cancellationToken).AsTask();
            await Task.Delay(patience, _clock, cancellationToken).ConfigureAwait(false);
            if (_stream.Progress == before && !_incoming.IsFull)
            {
                End(new MqttEnding(
                    MqttEndingCause.NoAnswer, ReasonCode.KeepAliveTimeout, $"The server did not answer PINGREQ within {patience.TotalSeconds:0.#} s: the connection is half open."));
            }

            await asking.ConfigureAwait(false);
        }
    }

    /// <summary>An exchange of an earlier connection, and what waits for its answer on this one.</summary>
    private readonly record struct Resumption(MqttOutgoing Outgoing, PendingExchange Exchange);
}
