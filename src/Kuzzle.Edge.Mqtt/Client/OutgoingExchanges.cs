using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Mqtt.Client.Sessions;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>The messages of one connection to the server, from their first packet to the last answer, those that earlier connections have begun before all others. From any thread.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing that must be freed, and callers may still wait when the connection has ended.")]
internal sealed class OutgoingExchanges
{
    private readonly MqttVersion _version;
    private readonly ServerLimits _server;
    private readonly IMqttSession _session;
    private readonly PacketIdentifiers _identifiers;
    private readonly OutputQueue _output;
    private readonly AnswerQueue _releases;
    private readonly ConnectionLife _life;
    private readonly OutgoingTopicAliases _aliases;
    private readonly SemaphoreSlim _window;
    private readonly SemaphoreSlim _publishing;
    private readonly Resumption[] _resumed;
    private Resumption[] _held;
    private TaskCompletionSource? _pinging;
    private long _written;
    private bool _isSendingSingly;

    /// <param name="options">How the client has connected.</param>
    /// <param name="server">To whom.</param>
    /// <param name="session">Keeps the messages.</param>
    /// <param name="begun">What it has of earlier connections.</param>
    /// <param name="identifiers">What is waited for under which identifier.</param>
    /// <param name="output">Where packets go.</param>
    /// <param name="releases">Where PUBREL goes, which the session may hold back.</param>
    /// <param name="life">Of the connection.</param>
    public OutgoingExchanges(
        MqttClientOptions options,
        ServerLimits server,
        IMqttSession session,
        IReadOnlyList<MqttOutgoing> begun,
        PacketIdentifiers identifiers,
        OutputQueue output,
        AnswerQueue releases,
        ConnectionLife life)
    {
        _version = options.Version;
        _server = server;
        _session = session;
        _identifiers = identifiers;
        _output = output;
        _releases = releases;
        _life = life;
        _aliases = new OutgoingTopicAliases(server.Aliases);
        _window = new SemaphoreSlim(server.InFlight, server.InFlight);
        Resumption[] resumptions = [.. begun.Select(static outgoing => new Resumption(outgoing, PendingOf(outgoing)))];
        foreach (var (outgoing, exchange) in resumptions) identifiers.Add(outgoing.PacketIdentifier, exchange);
        _resumed = options.ResumesSingly ? [] : resumptions;
        _held = options.ResumesSingly ? resumptions : [];
        _publishing = new SemaphoreSlim(_resumed.Length == 0 ? 1 : 0, 1); // Else the turn of what is sent again.
    }

    /// <summary>See <see cref="MqttClient.SendAsync(MqttApplicationMessage, MqttExchange, CancellationToken)"/>.</summary>
    public async Task<MqttPublication> SendAsync(MqttApplicationMessage message, MqttExchange exchange, CancellationToken cancellationToken)
    {
        var outgoing = new OutgoingMessage(_version, message);
        var judgement = _server.Judge(message, outgoing.Size);
        if (!judgement.IsAccepted) return new MqttPublication(Task.FromResult(judgement));

        var (stored, acknowledged) = await _life.WhileAliveAsync(token => BeginAsync(message, outgoing, exchange, token), cancellationToken).ConfigureAwait(false);
        await stored.ConfigureAwait(false);
        return new MqttPublication(acknowledged);
    }

    /// <summary>See <see cref="MqttClient.ReleaseAsync"/>.</summary>
    public async Task ReleaseAsync(ushort packetIdentifier, CancellationToken cancellationToken)
    {
        var exchange = new PendingExchange(PacketType.Pubcomp);
        _identifiers.Add(packetIdentifier, exchange);
        await _life.WhileAliveAsync(
            token => SendAcknowledgementAsync(Task.CompletedTask, PacketType.Pubrel, packetIdentifier, ReasonCode.Success, token).AsTask(), cancellationToken).ConfigureAwait(false);
        await exchange.Published.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>See <see cref="MqttClient.ResumeSinglyAsync"/>.</summary>
    public async Task ResumeSinglyAsync(CancellationToken cancellationToken)
    {
        await _life.WhileAliveAsync(SendHeldAsync, cancellationToken).ConfigureAwait(false);
        if (!_life.IsOver) Volatile.Write(ref _isSendingSingly, false);
    }

    /// <summary>Sends what earlier connections have begun. Holds back new messages meanwhile, so that the order stays. [MQTT-4.6.0-1] [MQTT5-4.6.0-1]</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (_resumed.Length == 0) return;

        try
        {
            foreach (var resumption in _resumed) await ResumeAsync(resumption, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>PINGRESP came.</summary>
    public void Pong() => Interlocked.Exchange(ref _pinging, null)?.TrySetResult();

    /// <summary>PUBACK, PUBREC or PUBCOMP came. To be awaited before the next packet is taken.</summary>
    /// <exception cref="ProtocolFaultException">It is not the one that is due.</exception>
    public ValueTask AcknowledgeAsync(PacketType type, AcknowledgementView packet, CancellationToken cancellationToken)
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
            _releases.Add(exchange.Releasing, output => PacketWriter.WriteAcknowledgement(output, _version, PacketType.Pubrel, identifier, ReasonCode.Success));
            return default;
        }

        // That the server knows no such identifier at PUBCOMP means that it has ended the exchange before.
        var result = type == PacketType.Pubcomp ? default : new MqttPublishResult(reason, MqttProperties.Decode(packet.Properties)?.ReasonString);
        var completing = CompleteAsync(identifier, result);
        return completing.IsCompletedSuccessfully ? default : new ValueTask(_output.EnqueueAsync(completing, static _ => { }, cancellationToken).AsTask());
    }

    /// <summary>
    /// The connection has ended, and nothing of it runs any more. Completes when whoever was giving it a message has given it to the session, where the next connection is to find it.
    /// </summary>
    /// <param name="ending">Why.</param>
    /// <param name="pending">What was waited for.</param>
    /// <returns>The ending with what is known of the messages.</returns>
    public async Task<MqttEnding> EndAsync(MqttEnding ending, IEnumerable<KeyValuePair<ushort, PendingExchange>> pending)
    {
        await _publishing.WaitAsync().ConfigureAwait(false);
        _publishing.Release();
        return ending with { Unanswered = OldestUnanswered(pending), WasAlone = Volatile.Read(ref _isSendingSingly) };
    }

    /// <returns>What the session makes of it, and the acknowledgement.</returns>
    private async Task<(Task Stored, Task<MqttPublishResult> Acknowledged)> BeginAsync(
        MqttApplicationMessage message, OutgoingMessage outgoing, MqttExchange exchange, CancellationToken cancellationToken)
    {
        await _publishing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (message.QualityOfService == QualityOfService.AtMostOnce)
            {
                await _output.EnqueueAsync(output => Write(output, outgoing, message.Topic, packetIdentifier: 0, duplicate: false), cancellationToken).ConfigureAwait(false);
                return (Task.CompletedTask, Task.FromResult(default(MqttPublishResult)));
            }

            await _window.WaitAsync(cancellationToken).ConfigureAwait(false);
            var isExactlyOnce = message.QualityOfService == QualityOfService.ExactlyOnce;
            var pending = new PendingExchange(isExactlyOnce ? PacketType.Pubrec : PacketType.Puback) { IsReleasedFirst = isExactlyOnce && exchange.ReleaseFirst };
            pending.TryTakePlace();
            var identifier = Take(exchange.PacketIdentifier, pending);
            var stored = _session.StoreAsync(new MqttOutgoing(identifier, message));
            await EnqueueUnlessOverAsync(stored, pending, outgoing, message.Topic, identifier, exchange.Duplicate).ConfigureAwait(false);
            return (stored, pending.Published);
        }
        finally
        {
            _publishing.Release();
        }
    }

    private async Task SendHeldAsync(CancellationToken cancellationToken)
    {
        await _publishing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await PingAsync(cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _isSendingSingly, true);
            foreach (var resumption in Interlocked.Exchange(ref _held, []))
            {
                await ResumeAsync(resumption, cancellationToken).ConfigureAwait(false);
                if (resumption.Outgoing.Message is not null) await resumption.Exchange.Answered.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _publishing.Release();
        }
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

        var sent = new OutgoingMessage(_version, message);
        var judgement = _server.Judge(message, sent.Size);
        if (!judgement.IsAccepted)
        {
            await CompleteAsync(outgoing.PacketIdentifier, judgement).WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        await _output.EnqueueAsync(
            output =>
            {
                if (exchange.Answered.IsCompleted) return;

                Write(output, sent, message.Topic, outgoing.PacketIdentifier, _server.SessionPresent);
                exchange.WrittenAs = ++_written;
            },
            cancellationToken).ConfigureAwait(false);
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

    private async Task PingAsync(CancellationToken cancellationToken)
    {
        var pinging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _pinging, pinging);
        await _output.EnqueueAsync(PacketWriter.WritePingreq, cancellationToken).ConfigureAwait(false);
        await pinging.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>By the writer, which alone knows what is really written, and in which order: the server must have heard of an alias before it stands for its topic. [MQTT5-3.3.2-7]</summary>
    private void Write(IBufferWriter<byte> output, OutgoingMessage message, string topic, ushort packetIdentifier, bool duplicate)
    {
        // The alias costs three bytes and may make a length longer by one twice; a packet as large as that goes without.
        var isKnown = false;
        var alias = _server.Aliases > 0 && message.Size + 5 <= _server.MaxMessageBytes ? _aliases.Use(topic, out isKnown) : (ushort)0;
        message.Write(output, packetIdentifier, duplicate, alias, isKnown);
    }

    /// <summary>The session has the message: the end of this connection is told by its acknowledgement, not by a failure that would make the caller send it again.</summary>
    private async ValueTask EnqueueUnlessOverAsync(Task stored, PendingExchange exchange, OutgoingMessage message, string topic, ushort packetIdentifier, bool duplicate)
    {
        try
        {
            if (exchange.IsReleasedFirst) await SendAcknowledgementAsync(Task.CompletedTask, PacketType.Pubrel, packetIdentifier, ReasonCode.Success, _life.Token).ConfigureAwait(false);
            await _output.EnqueueAsync(
                stored,
                output =>
                {
                    Write(output, message, topic, packetIdentifier, duplicate);
                    exchange.WrittenAs = ++_written;
                },
                _life.Token).ConfigureAwait(false);
        }
        catch (Exception ended) when (_life.Explains(ended))
        {
            // The next connection sends it.
        }
    }

    private ValueTask SendAcknowledgementAsync(Task before, PacketType type, ushort packetIdentifier, ReasonCode reason, CancellationToken cancellationToken) =>
        _output.EnqueueAsync(before, output => PacketWriter.WriteAcknowledgement(output, _version, type, packetIdentifier, reason), cancellationToken);

    private static PendingExchange PendingOf(MqttOutgoing outgoing) => new(
        outgoing.Message is not { } message ? PacketType.Pubcomp : message.QualityOfService == QualityOfService.ExactlyOnce ? PacketType.Pubrec : PacketType.Puback);

    /// <summary>What is no answer to a message does not count: PUBCOMP, SUBACK and UNSUBACK come after or without one.</summary>
    private static ushort OldestUnanswered(IEnumerable<KeyValuePair<ushort, PendingExchange>> pending) => pending
        .Where(static entry => entry.Value is { WrittenAs: > 0, Awaited: PacketType.Puback or PacketType.Pubrec })
        .OrderBy(static entry => entry.Value.WrittenAs)
        .FirstOrDefault()
        .Key;

    /// <summary>An exchange of an earlier connection, and what waits for its answer on this one.</summary>
    private readonly record struct Resumption(MqttOutgoing Outgoing, PendingExchange Exchange);
}
