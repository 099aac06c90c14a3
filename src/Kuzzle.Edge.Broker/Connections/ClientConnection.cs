using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Clients;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Sessions;
using Kuzzle.Edge.Broker.Timing;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>
/// One connection, from its first byte to its last. Its loop reads packets and has them handled in their order, each finished before the next is looked at; all
/// that is sent to it, by whomever, goes through <see cref="Output"/>.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "RunAsync, which is called once, disposes the reader at its end.")]
internal sealed partial class ClientConnection : IDialectClient, IDue, IOutputSource
{
    private readonly BrokerCore _core;
    private readonly IDuplexPipe _transport;
    private readonly Alarm _alarm;
    private readonly PacketReader _reader;
    private readonly long _connectDeadline;
    private ConnectHandshake? _handshake; // Not null from CONNECT until it was accepted.
    private readonly MqttPeer? _peer; // Null when the transport tells.
    private PacketHandler? _packets; // Not null once CONNECT was accepted.
    private CancellationTokenSource? _asking;
    private CancellationTokenRegistration _abort;
    private BrokerClient? _handle;
    private Exception? _failure;
    private Ending? _ending;
    private long _lastPacketAt;
    private bool _isGreeted; // CONNACK was written, and the listener knows the client.
    private volatile bool _isWaiting; // For something else than the client.

    public ClientConnection(BrokerCore core, IDuplexPipe transport, MqttPeer peer, IListenerProfile profile)
        : this(core, transport, profile) => _peer = peer;

    public ClientConnection(BrokerCore core, IMqttTransport transport, IListenerProfile profile)
        : this(core, (IDuplexPipe)transport, profile)
    {
    }

    private ClientConnection(BrokerCore core, IDuplexPipe transport, IListenerProfile profile)
    {
        _core = core;
        _transport = transport;
        Profile = profile;
        Dialect = profile as IDialectProfile;
        Limits = core.LimitsFor(Dialect);
        Output = new OutputBuffer(transport.Output, core.Outputs, this);
        _lastPacketAt = core.Clock.Now;
        _connectDeadline = _lastPacketAt + (long)(Dialect?.Limits.ConnectTimeout ?? core.Options.ConnectTimeout).TotalMilliseconds;
        _alarm = new Alarm(core.Clock, this);
        Acknowledgements = new AcknowledgementQueue(this, core.Journal);
        _reader = new PacketReader(PacketDirection.ToServer, Limits);
    }

    /// <summary>The client as the embedding program sees it. Made when somebody wants to see it.</summary>
    public BrokerClient Handle => Volatile.Read(ref _handle) ?? Interlocked.CompareExchange(ref _handle, new BrokerClient(_core, this), null) ?? _handle;

    /// <summary>Whether it is known which client this is, or says it is.</summary>
    public bool IsIdentified { get; set; }

    /// <summary>Whether CONNACK was written, and the listener knows the client.</summary>
    public bool IsGreeted => Volatile.Read(ref _isGreeted);

    /// <summary>What a handler has found wrong, for the program and not for the client.</summary>
    public string? FaultText { get; set; }

    public string ClientId { get; set; } = "";

    public string? UserName { get; set; }

    public MqttPeer Peer => _peer ?? ((IMqttTransport)_transport).Peer;

    private EndPoint? RemoteEndPoint => Peer.RemoteEndPoint;

    public ClientIdentity Identity { get; set; } = ClientIdentity.Anonymous;

    public object? ProfileState { get; set; }

    public IListenerProfile Profile { get; }

    /// <summary>The profile if all messages and subscriptions belong to a dialect; else null.</summary>
    public IDialectProfile? Dialect { get; }

    /// <summary>The bounds of what the client may send.</summary>
    public PacketLimits Limits { get; }

    /// <summary>What its session is known by.</summary>
    public string SessionKey
    {
        get => field ?? ClientId;
        set;
    }

    /// <summary>The will of a client of a dialect; null when there is none, or no longer.</summary>
    public MqttMessage? DialectWill { get; set; }

    /// <summary>What a dialect sends to the client; null before the client was accepted, and where there is no dialect.</summary>
    public DialectMessages? Direct { get; private set; }

    public OutputBuffer Output { get; }

    public MqttVersion Version { get; set; } = MqttVersion.V311;

    /// <summary>Whether the client has marked itself as a bridge, in a version that cannot ask for what a bridge needs.</summary>
    public bool IsBridge { get; set; }

    public bool IsVersion5 => Version == MqttVersion.V5;

    /// <summary>The keep-alive that holds, in seconds; 0 for none.</summary>
    public int KeepAliveSeconds { get; set; }

    /// <summary>How many QoS 1 and 2 messages may be on their way to the client.</summary>
    public int SendWindow { get; set; }

    /// <summary>How many QoS 1 and 2 messages the client may have unacknowledged.</summary>
    public int ReceiveMaximum { get; set; }

    /// <summary>The largest packet the client accepts.</summary>
    public long MaximumPacketSize { get; set; } = long.MaxValue;

    /// <summary>Whether the client takes Reason Strings beside those of CONNACK and DISCONNECT. [MQTT5-3.1.2-29]</summary>
    public bool WantsProblems { get; set; } = true;

    /// <summary>The topic aliases the client is sent; null when it takes none.</summary>
    public OutgoingAliases? Aliases { get; set; }

    /// <summary>What is published when the client goes without DISCONNECT; null when there is nothing, or no longer.</summary>
    public Will? Will { get; set; }

    /// <summary>PUBACK, PUBREC and PUBCOMP, in their order.</summary>
    public AcknowledgementQueue Acknowledgements { get; }

    /// <summary>The enhanced authentication that CONNECT has named, or null.</summary>
    public ClientAuthentication? Authentication { get; private set; }

    /// <summary>The session, which is this connection's own from CONNECT to its end.</summary>
    public Session? Session { get; private set; }

    /// <summary>How long the session waits for its client after the connection.</summary>
    public uint SessionExpirySeconds { get; set; }

    public bool IsEnding => Volatile.Read(ref _ending) is not null;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _alarm.Set(_connectDeadline);
        _abort = cancellationToken.UnsafeRegister(static connection => ((ClientConnection)connection!).Close(Ending.Aborted), this);
        try
        {
            // An idle connection stays in this loop's first line: no other method may wait there too, and no local live across it, for each idle connection holds them.
            while (!IsEnding)
            {
                var read = await _transport.Input.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                if (!await TakeAsync(read).ConfigureAwait(false)) break;
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            LogTransportFailed(_core.Logger, ClientId, RemoteEndPoint, failure);
            if (failure is IOException) _failure = failure;
        }
        catch (Exception failure)
        {
            _failure = failure;
            LogFailed(_core.Logger, ClientId, RemoteEndPoint, failure); // The outermost place: what is wrong here must not reach the other connections.
            Close(Ending.Failed);
        }

        await EndAsync().ConfigureAwait(false);
        _ = _abort.Unregister();
    }

    public void Send(MqttMessage message)
    {
        var batch = _core.Batches.Rent();
        var publication = MessageEncoding.View(message, batch);
        var copy = new QueuedMessage(publication, [], null, Qos: 0, message.Retain, IsReplay: false);
        if (!IsEnding && !TryWrite(copy, identifier: 0, alias: default, batch)) _core.Metrics.Dropped(DropReason.SlowReader);
        _core.Batches.Finish(batch);
    }

    void IMqttClient.Close() => Close(Ending.ByProfile);

    public void Close(ReasonCode reason, string text)
    {
        if (!ReasonCodes.MayStandIn(reason, PacketType.Disconnect, PacketDirection.ToClient))
        {
            throw new ArgumentException($"{reason} (0x{(int)reason:X2}) is no reason for which a server disconnects.", nameof(reason));
        }

        Close(Ending.Because(reason, text));
    }

    public Task<SendOutcome> SendAsync(MqttMessage message, CancellationToken cancellationToken) =>
        Direct?.SendAsync(message, cancellationToken) ?? throw new InvalidOperationException($"The client {ClientId} has not been let in, or its listener has no dialect.");

    public void CloseForTakeover() => Close(Ending.TakenOver);

    /// <summary>A token for whoever is asked about the client: cancelled when the connection ends before there is an answer.</summary>
    public CancellationToken Ask() => AskCancellable().Token;

    /// <summary>The same for who may lose patience before.</summary>
    public CancellationTokenSource AskCancellable()
    {
        // Never disposed: it has no timer, and whoever ends the connection may just be looking at it.
        var asking = new CancellationTokenSource();
        Volatile.Write(ref _asking, asking);
        if (IsEnding) asking.Cancel();
        return asking;
    }

    /// <summary>Ends the connection; the first reason is the one that counts.</summary>
    public void Close(Ending ending)
    {
        if (Interlocked.CompareExchange(ref _ending, ending, null) is not null) return;

        if (Volatile.Read(ref _asking) is { } asking) _ = asking.CancelAsync();
        Output.Wake();
        _transport.Input.CancelPendingRead();
    }

    /// <summary>The keep-alive, or before CONNECT the connect timeout.</summary>
    public long OnDue(long now)
    {
        var deadline = _packets is null ? _connectDeadline
            : KeepAliveSeconds == 0 ? BrokerClock.Never
            : Volatile.Read(ref _lastPacketAt) + (KeepAliveSeconds * 1500L); // [MQTT-3.1.2-24]
        if (now < deadline) return deadline;
        if (_isWaiting) return now + 1000; // The client is not the one who is late.

        Close(_packets is null ? Ending.ConnectTimeout : Ending.KeepAliveTimeout);
        return BrokerClock.Never;
    }

    /// <summary>CONNECT was accepted: packets are for the handler, and the keep-alive runs.</summary>
    public void Accept(Session session, ClientAuthentication? authentication)
    {
        Session = session;
        Authentication = authentication;
        _handshake = null;
        _reader.Limits = Limits;
        if (Dialect is not null) Direct = new DialectMessages(_core, this);
        _core.Connecting.Leave();
        _core.Metrics.ClientConnected();
        _packets = new PacketHandler(_core, this, session, _reader);
        _lastPacketAt = _core.Clock.Now;
        if (KeepAliveSeconds != 0) _alarm.Set(_lastPacketAt + (KeepAliveSeconds * 1500L));
    }

    /// <summary>Says that CONNECT was accepted. Only then there is a client that can be told more, and that can leave.</summary>
    public void Greet(ConnackPacket connack, DeliveryBatch batch)
    {
        Volatile.Write(ref _isGreeted, true);
        Write(connack, batch);
    }

    /// <summary>Whether the client may get a message that it has subscribed to.</summary>
    public bool MayReceive(Publication publication) =>
        (!Profile.ChecksDeliveries || Profile.MayReceive(this, publication.Topic.Span))
        && (_core.Handlers is not { JudgesForwarding: true } handlers || handlers.MayForward(this, publication));

    /// <summary>Sends a copy of a message, if the client keeps up. What the client may not get counts as sent.</summary>
    public bool TrySend(in QueuedMessage message, ushort identifier, DeliveryBatch batch) =>
        !MayReceive(message.Publication) || TryWrite(message, identifier, ChooseAlias(message), batch);

    /// <summary>Sends a QoS 1 or 2 message.</summary>
    /// <returns>False when this connection does not accept its size, or its client may not get it any more.</returns>
    public bool Send(in QueuedMessage message, bool isDuplicate, ushort identifier, DeliveryBatch batch)
    {
        if (!MayReceive(message.Publication) || IsTooLarge(message, batch)) return false;

        var alias = ChooseAlias(message);
        var head = Encode(message, isDuplicate, identifier, alias, batch);
        var payload = message.Publication.Payload.Span;
        if (alias.IsNew && head.Bytes.Length + payload.Length > MaximumPacketSize)
        {
            alias = default;
            head = Encode(message, isDuplicate, identifier, alias, batch);
        }

        batch.Append(Output, head.Bytes, payload);
        if (alias.IsNew) Aliases!.Assign(message.Publication.Topic.Span, alias);
        Count(head, payload, batch);
        return true;
    }

    /// <summary>Whether a QoS 1 or 2 copy is more than the client accepts.</summary>
    public bool IsTooLarge(in QueuedMessage message, DeliveryBatch batch)
    {
        if (MaximumPacketSize == long.MaxValue) return false;

        var head = Encode(message, duplicate: false, identifier: 0, Aliases?.Find(message.Publication.Topic.Span) ?? default, batch);
        if (head.Bytes.Length + message.Publication.Payload.Length <= MaximumPacketSize) return false;

        _core.Metrics.Dropped(DropReason.TooLarge);
        return true;
    }

    /// <summary>Sends a message that a dialect has for this client, whether it keeps up or not.</summary>
    /// <returns>False when this connection does not accept its size.</returns>
    public bool TryWriteDirectly(in QueuedMessage message, ushort identifier, DeliveryBatch batch)
    {
        if (IsTooLarge(message, batch)) return false;

        var head = Encode(message, duplicate: false, identifier, alias: default, batch);
        batch.Append(Output, head.Bytes, message.Publication.Payload.Span);
        Count(head, message.Publication.Payload.Span, batch);
        return true;
    }

    public void SendPubrel(ushort identifier, DeliveryBatch batch) => Acknowledgement.Append(this, PacketType.Pubrel, identifier, ReasonCode.Success, batch);

    /// <summary>Sends one of the rarer packets.</summary>
    public void Write(ConnackPacket packet, DeliveryBatch batch) => Append(PacketWriter.TryWrite(batch.Packet, Version, packet, MaximumPacketSize), batch);

    /// <inheritdoc cref="Write(ConnackPacket,DeliveryBatch)"/>
    public void Write(SubackPacket packet, DeliveryBatch batch) => Append(PacketWriter.TryWrite(batch.Packet, Version, packet, MaximumPacketSize), batch);

    /// <inheritdoc cref="Write(ConnackPacket,DeliveryBatch)"/>
    public void Write(UnsubackPacket packet, DeliveryBatch batch) => Append(PacketWriter.TryWrite(batch.Packet, Version, packet, MaximumPacketSize), batch);

    /// <summary>Sends PUBACK or PUBREC with the reason why the message was refused.</summary>
    public void WriteRefusal(PacketType type, ushort identifier, ReasonCode reason, string why, DeliveryBatch batch) => Append(
        PacketWriter.TryWriteAcknowledgement(batch.Packet, Version, type, identifier, reason, new MqttProperties { ReasonString = why }, MaximumPacketSize), batch);

    /// <summary>A Reason String for a packet that goes on, or null when the client does not want any.</summary>
    public MqttProperties? Explain(string? why) => why is null || !IsVersion5 || !WantsProblems ? null : new MqttProperties { ReasonString = why };

    private bool TryWrite(in QueuedMessage message, ushort identifier, TopicAliasUse alias, DeliveryBatch batch)
    {
        var head = Encode(message, duplicate: false, identifier, alias, batch);
        var payload = message.Publication.Payload.Span;
        if (head.Bytes.Length + payload.Length > MaximumPacketSize)
        {
            if (alias.IsNew) return TryWrite(message, identifier, alias: default, batch); // Without the bytes of the alias it may fit.

            _core.Metrics.Dropped(DropReason.TooLarge);
            return true; // It counts as sent. [MQTT5-3.1.2-25]
        }

        if (!batch.TryAppend(Output, head.Bytes, payload)) return false;

        if (alias.IsNew) Aliases!.Assign(message.Publication.Topic.Span, alias);
        Count(head, payload, batch);
        return true;
    }

    private TopicAliasUse ChooseAlias(in QueuedMessage message) => Aliases?.Choose(message.Publication.Topic.Span) ?? default;

    private PublishHead Encode(in QueuedMessage message, bool duplicate, ushort identifier, TopicAliasUse alias, DeliveryBatch batch)
    {
        var head = batch.Head(message.Publication, IsVersion5, message.Qos > 0, IsVersion5 ? message.Identifiers : [], alias);
        head.Address(message.Qos, message.Retain, duplicate, identifier);
        return head;
    }

    private void Append(bool isWritten, DeliveryBatch batch)
    {
        if (isWritten) batch.Append(Output, batch.Packet.WrittenSpan);
        else Close(Ending.TooSmall); // An answer that must be given and cannot be sent: waiting for it would be for ever. [MQTT5-3.1.2-24]
        batch.Packet.ResetWrittenCount();
    }

    private static void Count(PublishHead head, ReadOnlySpan<byte> payload, DeliveryBatch batch)
    {
        batch.Traffic.MessagesOut++;
        batch.Traffic.BytesOut += head.Bytes.Length + payload.Length;
    }

    /// <summary>Handles what was received.</summary>
    /// <returns>False when there will be no more.</returns>
    private async ValueTask<bool> TakeAsync(ReadResult read)
    {
        var rest = read.Buffer;
        var isFirst = _packets is null;
        if (isFirst) Output.Hold(); // Many clients send their SUBSCRIBE along with CONNECT: one flush for both answers.
        while (_packets is null && !IsEnding && TryGreet(ref rest, out var greeting))
        {
            if (greeting.IsCompleted || _core.Options.QueueLimit == 0)
            {
                await greeting.ConfigureAwait(false);
                continue;
            }

            var wait = new ConnectWait(this, _transport.Input, _core.Options.QueueLimit, _core.Options.MaxConnectBytes);
            read = await wait.WaitAsync(greeting, read, rest).ConfigureAwait(false);
            rest = read.Buffer;
        }

        while (_packets is { } packets && !IsEnding)
        {
            HandlePackets(packets, ref rest);
            if (packets.TakeUnfinished() is not { } unfinished) break;

            if (isFirst) Output.Release();
            await FinishAsync(unfinished).ConfigureAwait(false);
        }

        if (isFirst) Output.Release();
        _transport.Input.AdvanceTo(rest.Start, rest.End);
        if (read.IsCompleted) return false;

        // Who does not read its answers is not listened to, until it does.
        var room = Output.WaitForRoomAsync();
        if (!room.IsCompleted && !IsEnding) await room.ConfigureAwait(false);

        // And who sends more than the disk takes waits for that.
        if (Acknowledgements.Count > _core.Options.ReceiveMaximum && !IsEnding) await Acknowledgements.WhenCommittedAsync(Ask()).ConfigureAwait(false);
        return true;
    }

    /// <summary>Waits for what a packet began, before the next one is looked at.</summary>
    private async Task FinishAsync(Task<Ending?> unfinished)
    {
        _isWaiting = true;
        if (await unfinished.ConfigureAwait(false) is { } ending) Close(ending);
        Volatile.Write(ref _lastPacketAt, _core.Clock.Now);
        _isWaiting = false;
    }

    /// <summary>Handles packets until the next is not there yet, or one is not finished.</summary>
    private void HandlePackets(PacketHandler packets, ref ReadOnlySequence<byte> rest)
    {
        var batch = _core.Batches.Rent();
        var before = rest.Length;
        while (!IsEnding)
        {
            var status = _reader.TryRead(ref rest, out var packet);
            if (status != OperationStatus.Done)
            {
                if (status == OperationStatus.InvalidData) Close(Ending.Because(BrokerCore.WithBounds(_reader.Fault, Limits)));
                break;
            }

            batch.Traffic.PacketsIn++;
            if (packets.Handle(packet, batch) is { } ending) Close(ending);
            if (packets.HasUnfinished) break;
        }

        // Whole packets count for the keep-alive, bytes do not.
        if (rest.Length != before) Volatile.Write(ref _lastPacketAt, batch.Now);
        batch.Traffic.PacketBytesIn += before - rest.Length;
        _core.Batches.Finish(batch);
    }

    /// <summary>Takes the first packet, which must be a CONNECT [MQTT-3.1.0-1], or one with which the client authenticates itself.</summary>
    /// <param name="rest">What was received.</param>
    /// <param name="greeting">What is to be awaited then.</param>
    /// <returns>False when there is nothing to be done.</returns>
    private bool TryGreet(ref ReadOnlySequence<byte> rest, out Task greeting)
    {
        greeting = Task.CompletedTask;
        var status = _reader.TryRead(ref rest, out var packet);
        if (status == OperationStatus.NeedMoreData) return false;

        if (status == OperationStatus.InvalidData)
        {
            (_handshake ?? new ConnectHandshake(_core, this)).Refuse(_reader.Fault, _reader.Version);
            return false;
        }

        if (_handshake is { } begun)
        {
            greeting = begun.ContinueAsync(packet);
            return true;
        }

        // Who has not been let in may not send more with AUTH than with CONNECT.
        _reader.Limits = Limits with { MaxPacketBytes = Math.Min(Limits.MaxPacketBytes, Limits.MaxConnectBytes) };
        _handshake = new ConnectHandshake(_core, this);
        greeting = _handshake.RunAsync(packet.Connect);
        return true;
    }

    /// <summary>The end, in this order: no more messages to it, its will, its profile, its session; then what was sent before may leave.</summary>
    private async Task EndAsync()
    {
        var ending = Interlocked.CompareExchange(ref _ending, Ending.Lost, null) ?? Ending.Lost;
        _alarm.Disarm();
        LogClosed(_core.Logger, ClientId, RemoteEndPoint, ending.Text);
        _core.Events.Ending(this, ending, _failure);
        if (Session is { } session) await EndSessionAsync(session, ending).ConfigureAwait(false);
        else _core.Connecting.Leave();

        await CompleteAsync(ending).ConfigureAwait(false);
    }

    private async ValueTask EndSessionAsync(Session session, Ending ending)
    {
        session.Detach();
        Direct?.End();
        if (Will is not null && ending != Ending.Normal) Will = await AskedWill.JudgeAsync(_core, Will, this).ConfigureAwait(false);
        EndSession(session, ending, out var published);
        if (published is not null) await AskedWill.TellAsync(_core, published, Handle).ConfigureAwait(false);

        if (_isGreeted) _core.Events.ClientDisconnected(this, ending);
        if (SessionExpirySeconds == 0) _core.Sessions.ReleaseEnded(session);
        else _core.Sessions.ReleaseKept(session, SessionExpirySeconds, Will);
        Will = null;
    }

    /// <summary>The client's last words, its will, and its listener.</summary>
    private void EndSession(Session session, Ending ending, out Will? published)
    {
        published = null;
        var batch = _core.Batches.Rent();
        if (_isGreeted && IsVersion5 && ending.Reason is { } reason) WriteDisconnect(reason, ending.Text, batch);
        try
        {
            published = EndWill(ending, batch);
            if (DialectWill is { } words && ending != Ending.Normal) Dialect!.TakeWill(this, words);
            if (_isGreeted) Profile.OnDisconnected(this);
        }
        catch (Exception failure)
        {
            LogFailed(_core.Logger, ClientId, RemoteEndPoint, failure); // Whatever the profile does, the session must be free for its client.
        }

        if (SessionExpirySeconds != 0) session.PassOnShared(batch);
        _core.Batches.Finish(batch);
        _core.Metrics.ClientDisconnected();
        if (ending.Reason is { } told) _core.Metrics.Disconnections.Count(told);
        else _core.Metrics.Disconnections.Count(ending.Lingers ? ending == Ending.WithWill ? "disconnect_with_will" : ending == Ending.Normal ? "normal" : "maximum_packet_size" : "lost");
    }

    /// <inheritdoc cref="Write(ConnackPacket,DeliveryBatch)"/>
    public void Write(AuthPacket packet, DeliveryBatch batch) => Append(PacketWriter.TryWrite(batch.Packet, packet, MaximumPacketSize), batch);

    private void WriteDisconnect(ReasonCode reason, string why, DeliveryBatch batch)
    {
        // The connection ends either way: who takes not even three bytes is not told why. [MQTT5-3.14.2-3]
        var packet = new DisconnectPacket { ReasonCode = reason, Properties = new MqttProperties { ReasonString = why } };
        if (PacketWriter.TryWrite(batch.Packet, Version, packet, MaximumPacketSize)) batch.Append(Output, batch.Packet.WrittenSpan);
        batch.Packet.ResetWrittenCount();
    }

    /// <summary>Publishes the will if it is due with the connection, and leaves it where it is if it waits with the session.</summary>
    /// <returns>The will if it was published.</returns>
    private Will? EndWill(Ending ending, DeliveryBatch batch)
    {
        if (Will is not { } will) return null;

        Will = null;
        if (ending == Ending.Normal) return null; // [MQTT-3.14.4-3]

        var ruling = AskedPublication.RulingOf(this, will.Publication, will.Decision, PublicationKind.Will);
        if (ruling is PublishRuling.Refuse or PublishRuling.Disconnect)
        {
            _core.Metrics.Dropped(DropReason.Refused);
            return null;
        }

        if (ruling == PublishRuling.Take) will = will with { Taker = this };
        if (will.DelaySeconds != 0 && SessionExpirySeconds != 0)
        {
            Will = will;
            return null;
        }

        _core.Sessions.Publish(will, batch);
        return will;
    }

    private async Task CompleteAsync(Ending ending)
    {
        if (ending.Lingers && Output.WhenFlushedAsync() is { IsCompleted: false } flushed)
        {
            using var linger = new CancellationTokenSource(_core.Options.LingerTimeout, _core.Clock.Time);
            await Task.WhenAny(flushed, Task.Delay(Timeout.Infinite, linger.Token)).ConfigureAwait(false);
            await linger.CancelAsync().ConfigureAwait(false);
        }

        _reader.Dispose();
        try
        {
            await Output.CompleteAsync().ConfigureAwait(false);
            await _transport.Input.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            LogTransportFailed(_core.Logger, ClientId, RemoteEndPoint, failure); // Writers over streams flush once more when completed.
        }
    }

    void IOutputSource.Refill()
    {
        if (Session is not { } session) return;

        var batch = _core.Batches.Rent();
        session.Pump(batch);
        _core.Batches.Finish(batch);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Client {ClientId} at {Remote}: the connection has ended: {Reason}")]
    private static partial void LogClosed(ILogger logger, string clientId, EndPoint? remote, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Client {ClientId} at {Remote}: the transport has failed")]
    private static partial void LogTransportFailed(ILogger logger, string clientId, EndPoint? remote, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Client {ClientId} at {Remote}: the connection ends because of a fault of the broker or its listener's profile")]
    private static partial void LogFailed(ILogger logger, string clientId, EndPoint? remote, Exception failure);
}
