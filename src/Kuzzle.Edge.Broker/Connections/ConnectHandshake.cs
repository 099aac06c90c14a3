using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Authentication;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Events;
using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Sessions;
using Kuzzle.Edge.Broker.Timing;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>From CONNECT to CONNACK. Until the listener has said yes, nothing is changed for the client, least of all in the session it asks for.</summary>
internal sealed class ConnectHandshake(BrokerCore core, ClientConnection connection)
{
    private ConnectPacket? _packet;
    private ClientAuthentication? _authentication;
    private ReadOnlyMemory<byte> _authenticationData;
    private string? _assignedClientId;
    private ushort? _serverKeepAlive;
    private uint? _sessionExpiry;
    private (Publication Message, uint Delay, uint? Expiry)? _will;

    /// <summary>CONNECT has come.</summary>
    public async Task RunAsync(ConnectPacket packet)
    {
        connection.Version = packet.Version;
        connection.IsBridge = packet.IsBridge;
        if (core.Handlers is { } handlers)
        {
            if (await PrepareAsync(packet, handlers).ConfigureAwait(false) is not { } prepared) return;
            packet = prepared;
        }

        _packet = packet;
        connection.UserName = packet.UserName;
        connection.ClientId = packet.ClientId;
        connection.MaximumPacketSize = packet.Properties?.MaximumPacketSize ?? long.MaxValue;
        connection.WantsProblems = packet.Properties?.RequestProblemInformation != 0;
        if (!TryAssignClientId(packet))
        {
            Refuse(ConnectRefusal.NoClientId);
            return;
        }

        if (packet.Version == MqttVersion.V31 && packet.ClientId.Length > core.Options.MaxClientsIdLength)
        {
            Refuse(new PacketFault(ReasonCode.ClientIdentifierNotValid, "The client identifier is longer than MQTT 3.1 allows here."));
            return;
        }

        connection.IsIdentified = true;

        if (packet.Properties?.AuthenticationMethod is not { } method)
        {
            await AdmitAsync().ConfigureAwait(false);
            return;
        }

        _authentication = new ClientAuthentication(core, connection, method);
        await FollowAsync(await _authentication.BeginAsync(packet.Properties.AuthenticationData).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>A packet has come while the client authenticates itself.</summary>
    public Task ContinueAsync(in PacketView packet)
    {
        if (packet.Type == PacketType.Auth)
        {
            var auth = packet.Auth;
            if (auth.ReasonCode == ReasonCode.ContinueAuthentication && auth.Properties?.AuthenticationMethod == _authentication!.Method)
            {
                return StepAsync(auth.Properties.AuthenticationData);
            }
        }
        else if (packet.Type == PacketType.Disconnect)
        {
            connection.Close(Ending.Normal);
            return Task.CompletedTask;
        }

        Refuse(ConnectRefusal.OnlyAuth);
        return Task.CompletedTask;
    }

    /// <summary>CONNECT, or what came instead of AUTH, is malformed or unsupported.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="answerIn">The version whose CONNACK has a word for it, or unknown when the connection is just closed.</param>
    public void Refuse(PacketFault fault, MqttVersion answerIn)
    {
        if (answerIn == MqttVersion.Unknown)
        {
            connection.Close(Ending.Refused);
            return;
        }

        connection.Version = answerIn;
        Refuse(ConnectRefusal.InConnack(BrokerCore.WithBounds(fault, connection.Limits)));
    }

    private async Task StepAsync(byte[]? data) => await FollowAsync(await _authentication!.ContinueAsync(data).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>Does what a step of the exchange leads to.</summary>
    private Task FollowAsync(AuthenticationStep step)
    {
        if (connection.IsEnding) return Task.CompletedTask;

        if (step.Refusal.IsFault)
        {
            Refuse(step.Refusal);
            return Task.CompletedTask;
        }

        if (!step.IsLast)
        {
            _authentication!.Write(ReasonCode.ContinueAuthentication, step);
            return Task.CompletedTask;
        }

        _authenticationData = step.Data;
        return AdmitAsync();
    }

    /// <summary>Lets the client in if its listener and the bounds do.</summary>
    private async Task AdmitAsync()
    {
        var refusal = await JudgeAsync(_packet!).ConfigureAwait(false);
        if (!refusal.IsFault) refusal = Bind(_packet!);
        if (connection.IsEnding) return; // Nobody waits for the answer any more.
        if (refusal.IsFault)
        {
            Refuse(refusal);
            return;
        }

        Adopt(_packet!);
        var claim = await core.Sessions.ClaimAsync(connection.SessionKey, connection).ConfigureAwait(false);
        if (claim.Session is null)
        {
            Refuse(claim.Refusal switch
            {
                ClaimRefusal.Superseded => connection.Dialect is null ? ConnectRefusal.Superseded : ConnectRefusal.HeldByNewer,
                ClaimRefusal.NotTheirs => ConnectRefusal.NotTheirs,
                _ => TooManySessions(),
            });
            return;
        }

        var obsolete = claim.Will is { } waiting && !IsResuming(_packet!, claim) ? await AskedWill.JudgeAsync(core, waiting, client: null).ConfigureAwait(false) : null;
        var (isResumed, ticket) = TakeOver(_packet!, claim, obsolete);
        if (isResumed && core.Handlers is { JudgesSubscriptions: true } judges)
        {
            ticket = Math.Max(ticket, await new AskedSubscriptions(core, connection, claim.Session, judges).RestoreAsync().ConfigureAwait(false));
        }

        if (!core.Journal.IsCommitted(ticket))
        {
            // Whoever ends the connection ends the wait too, and the session is released the same way as ever.
            await core.Journal.WhenCommittedAsync(ticket).WaitAsync(connection.Ask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Begin(claim.Session, isResumed);
    }

    private void Refuse(PacketFault refusal)
    {
        core.Metrics.ConnectionsRefused.Count(refusal.Code);
        var batch = core.Batches.Rent();
        var properties = connection.IsVersion5 ? new MqttProperties { ReasonString = refusal.Detail } : null;
        connection.Write(new ConnackPacket { ReasonCode = refusal.Code, Properties = properties }, batch);
        core.Batches.Finish(batch);
        core.Events.ConnackSent(connection, refusal.Code, isResumed: false);
        connection.Close(Ending.Refused with { Text = $"CONNECT refused: {refusal.Detail}" });
    }

    private PacketFault TooManySessions() => new(
        ReasonCode.QuotaExceeded, string.Create(CultureInfo.InvariantCulture, $"This broker keeps {core.Options.MaxSessions} sessions, and has them."));

    private bool TryAssignClientId(ConnectPacket packet)
    {
        if (packet.ClientId.Length != 0) return true;
        if (!connection.IsVersion5 && (packet.Version == MqttVersion.V31 || !packet.CleanStart)) return false; // [MQTT-3.1.3-8]

        connection.ClientId = _assignedClientId = "auto-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture); // [MQTT5-3.1.3-6]
        return true;
    }

    /// <summary>Shows the CONNECT to the handlers, who may change it.</summary>
    /// <returns>Null when the client is not wanted.</returns>
    private async ValueTask<ConnectPacket?> PrepareAsync(ConnectPacket packet, HandlerChain handlers)
    {
        var context = new PreConnectContext(connection.Peer, packet);
        var decision = await handlers.PreConnectAsync(context, connection.AskCancellable()).ConfigureAwait(false);
        if (connection.IsEnding) return null;
        if (decision.Closes)
        {
            connection.Close(Ending.Unwelcome);
            return null;
        }

        if (decision.Refusal != ReasonCode.Success)
        {
            Refuse(ConnectRefusal.By(decision.Refusal));
            return null;
        }

        if (packet.ClientId.Length == 0 && context.Packet.ClientId.Length != 0) _assignedClientId = context.Packet.ClientId;
        return context.Packet;
    }

    /// <summary>Asks the handlers, and then the listener, who the client is.</summary>
    private async ValueTask<PacketFault> JudgeAsync(ConnectPacket packet)
    {
        if (connection.Dialect is { } dialect) return await JudgeByDialectAsync(dialect, packet).ConfigureAwait(false);
        if (core.Handlers is not { } handlers) return await JudgeByProfileAsync(packet).ConfigureAwait(false);

        try
        {
            var decision = await handlers.AuthenticateAsync(new AuthenticateContext(connection.Handle, packet), connection.AskCancellable()).ConfigureAwait(false);
            if (connection.IsEnding) return PacketFault.None;
            if (decision.Refusal != ReasonCode.Success) return ConnectRefusal.By(decision.Refusal);
            if (!decision.IsAccepted) return await JudgeByProfileAsync(packet).ConfigureAwait(false);

            connection.Identity = decision.Identity ?? Claimed(packet);
            connection.Profile.Admit(connection);
            return PacketFault.None;
        }
        finally
        {
            Erase(packet.Password);
        }
    }

    private async ValueTask<PacketFault> JudgeByDialectAsync(IDialectProfile dialect, ConnectPacket packet)
    {
        try
        {
            var asked = new DialectConnect(packet.ClientId, packet.UserName, packet.Password, packet.CleanStart);
            var verdict = await dialect.JudgeConnectAsync(connection, asked, connection.Ask()).ConfigureAwait(false);
            if (!verdict.IsAccepted) return new PacketFault(verdict.Code, verdict.Reason!);

            connection.Identity = verdict.Identity;
            connection.SessionKey = "\0" + verdict.SessionKey; // No client identifier can begin so.
            return PacketFault.None;
        }
        finally
        {
            Erase(packet.Password);
        }
    }

    /// <summary>Whoever was asked was told not to keep it; they cannot.</summary>
    private static void Erase(ReadOnlyMemory<byte>? password)
    {
        if (password is { } secret && MemoryMarshal.TryGetArray(secret, out var bytes)) CryptographicOperations.ZeroMemory(bytes);
    }

    /// <summary>Who the client is when a handler has accepted what it says: what it has proven otherwise counts before its user name.</summary>
    private ClientIdentity Claimed(ConnectPacket packet) =>
        connection.Identity.Kind != IdentityKind.Anonymous || packet.UserName is not { } user ? connection.Identity : new ClientIdentity(IdentityKind.User, user);

    private async ValueTask<PacketFault> JudgeByProfileAsync(ConnectPacket packet) => ConnectRefusal.Of(
        await connection.Profile.JudgeConnectAsync(connection, packet.Password ?? default, connection.Ask()).ConfigureAwait(false));

    /// <summary>What follows from who the client is: its identifier, if it has one of its own, and whether it may leave its will.</summary>
    private PacketFault Bind(ConnectPacket packet)
    {
        if (connection.Identity.ClientId is { } clientId)
        {
            connection.ClientId = clientId;
            if (_assignedClientId is not null) _assignedClientId = clientId;
        }

        return packet.Will is { } will && !connection.Profile.MayLeaveWill(connection, Encoding.UTF8.GetBytes(will.Topic))
            ? ConnectRefusal.WillNotAllowed
            : PacketFault.None;
    }

    private void Adopt(ConnectPacket packet)
    {
        var options = core.Options;
        var properties = packet.Properties;
        var wantedExpiry = connection.IsVersion5 ? properties?.SessionExpiryInterval ?? 0 : packet.CleanStart ? 0 : uint.MaxValue;
        connection.SessionExpirySeconds = connection.Dialect is null
            ? Math.Min(wantedExpiry, connection.Profile.BoundsOf(connection)?.MaxExpirySeconds ?? options.MaxSessionExpirySeconds)
            : 0;
        if (connection.SessionExpirySeconds != wantedExpiry) _sessionExpiry = connection.SessionExpirySeconds; // [MQTT5-3.2.2-11]

        connection.KeepAliveSeconds = packet.KeepAlive;
        var isTooLong = options.MaxKeepAliveSeconds != 0 && (packet.KeepAlive == 0 || packet.KeepAlive > options.MaxKeepAliveSeconds);
        if (connection.IsVersion5 && isTooLong)
        {
            connection.KeepAliveSeconds = options.MaxKeepAliveSeconds;
            _serverKeepAlive = (ushort)options.MaxKeepAliveSeconds; // [MQTT5-3.2.2-21]
        }

        connection.SendWindow = Math.Min(options.MaxInFlight, properties?.ReceiveMaximum ?? ushort.MaxValue);
        var aliases = Math.Min(properties?.TopicAliasMaximum ?? 0, options.MaxTopicAliasesToClient);
        connection.Aliases = aliases == 0 ? null : new OutgoingAliases(aliases); // [MQTT5-3.1.2-27]
        if (packet.Will is not { } will) return;

        var publication = new Publication().View(
            Encoding.UTF8.GetBytes(will.Topic), MessageEncoding.EncodeProperties(will.Properties), will.Payload, (byte)will.QualityOfService, will.Retain, BrokerClock.Never);
        if (connection.Dialect is not null)
        {
            connection.DialectWill = MessageEncoding.Read(publication, will.Properties?.MessageExpiryInterval);
            return;
        }

        _will = (publication, will.Properties?.WillDelayInterval ?? 0, will.Properties?.MessageExpiryInterval);
    }

    /// <summary>Makes the session this connection's, as it was or new.</summary>
    /// <returns>Whether it is resumed, and the commit before which the client must not hear of it: a session that is promised to wait must be there, and its will.</returns>
    private (bool IsResumed, long Ticket) TakeOver(ConnectPacket packet, in ClaimOutcome claim, Will? obsolete)
    {
        var session = claim.Session!;
        var bounds = connection.Profile.BoundsOf(connection);
        session.Bounds = bounds;
        connection.ReceiveMaximum = bounds?.ReceiveMaximum ?? core.Options.ReceiveMaximum;
        var isResumed = IsResuming(packet, claim);
        if (!isResumed)
        {
            // The old session ends here, and with it the wait of its will. [MQTT5-3.1.3-9]
            var batch = core.Batches.Rent();
            if (obsolete is not null) core.Sessions.Publish(obsolete, batch);
            if (claim.HasState) session.Discard(batch, UnsubscribeCause.Replaced);
            core.Batches.Finish(batch);
        }

        if (_will is var (publication, delay, expiry)) connection.Will = new Will(session, publication, delay, expiry);
        return (isResumed, core.Sessions.SaveConnected(session, connection.SessionExpirySeconds, connection.Will));
    }

    private static bool IsResuming(ConnectPacket packet, in ClaimOutcome claim) => claim is { HasState: true, IsOwn: true } && !packet.CleanStart;

    /// <summary>The client's own part of the response topics. None for a client identifier that would make another topic of it, or a filter.</summary>
    private string? ResponseInformation() =>
        core.Options.ResponseInformation is { } template && connection.ClientId.AsSpan().IndexOfAny("/+#$") < 0
            ? template.Replace("%c", connection.ClientId, StringComparison.Ordinal)
            : null;

    private void Begin(Session session, bool isResumed)
    {
        connection.Accept(session, _authentication);
        if (connection.IsEnding) return; // Taken over or broken off by now: it is not told that it was let in, and so nothing else. [MQTT-3.2.0-1]

        core.Events.ClientRegistered(connection);

        // Written before the listener hears of the client, for it may send to it at once, and sent after. [MQTT-3.2.0-1]
        var batch = core.Batches.Rent();
        connection.Greet(new ConnackPacket { SessionPresent = isResumed, Properties = connection.IsVersion5 ? Announce() : null }, batch);
        core.Events.ConnackSent(connection, ReasonCode.Success, isResumed);
        connection.Profile.OnConnected(connection);
        session.Attach(connection, batch);
        core.Batches.Finish(batch);
        core.Events.ClientReady(connection);
    }

    private MqttProperties Announce()
    {
        var announced = connection.Dialect is null ? AnnounceBounds() : AnnounceDialect();
        return _authentication is null ? announced : _authentication.With(announced, _authenticationData);
    }

    /// <summary>What the standard lets out is what it says anyway: all of QoS, no topic alias, a Receive Maximum of 65,535.</summary>
    private MqttProperties AnnounceDialect() => new()
    {
        AssignedClientIdentifier = _assignedClientId,
        ServerKeepAlive = _serverKeepAlive,
        SessionExpiryInterval = _sessionExpiry,
        SharedSubscriptionAvailable = 0,
        SubscriptionIdentifierAvailable = 0,
        WildcardSubscriptionAvailable = 1,
    };

    private MqttProperties AnnounceBounds() => new()
    {
        AssignedClientIdentifier = _assignedClientId,
        MaximumPacketSize = (uint)core.Options.MaxPacketBytes,
        ReceiveMaximum = (ushort)connection.ReceiveMaximum,
        ResponseInformation = _packet?.Properties?.RequestResponseInformation == 1 ? ResponseInformation() : null, // [MQTT5-3.1.2-28]
        ServerKeepAlive = _serverKeepAlive,
        SessionExpiryInterval = _sessionExpiry,
        TopicAliasMaximum = core.Options.TopicAliasMaximum == 0 ? null : (ushort)core.Options.TopicAliasMaximum,
    };
}
