using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Kuzzle.Edge.Broker.Access;
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
    private string? _assignedClientId;
    private ushort? _serverKeepAlive;
    private uint? _sessionExpiry;
    private (Publication Message, uint Delay, uint? Expiry)? _will;

    public async ValueTask RunAsync(ConnectPacket packet)
    {
        connection.Version = packet.Version;
        if (core.Handlers is { } handlers)
        {
            if (await PrepareAsync(packet, handlers).ConfigureAwait(false) is not { } prepared) return;
            packet = prepared;
        }

        connection.UserName = packet.UserName;
        connection.ClientId = packet.ClientId;
        var refusal = Check(packet);
        if (refusal == ReasonCode.Success)
        {
            connection.IsIdentified = true;
            refusal = await JudgeAsync(packet).ConfigureAwait(false);
        }

        if (refusal == ReasonCode.Success) refusal = Bind(packet);
        if (connection.IsEnding) return; // Nobody waits for the answer any more.
        if (refusal != ReasonCode.Success)
        {
            Refuse(refusal);
            return;
        }

        Adopt(packet);
        var claim = await core.Sessions.ClaimAsync(connection.ClientId, connection).ConfigureAwait(false);
        if (claim.Session is null)
        {
            Refuse(claim.Refusal switch
            {
                ClaimRefusal.Superseded => ReasonCode.ServerBusy,
                ClaimRefusal.NotTheirs => ReasonCode.ClientIdentifierNotValid,
                _ => ReasonCode.QuotaExceeded,
            });
            return;
        }

        var obsolete = claim.Will is { } waiting && !IsResuming(packet, claim) ? await AskedWill.JudgeAsync(core, waiting, client: null).ConfigureAwait(false) : null;
        var (isResumed, ticket) = TakeOver(packet, claim, obsolete);
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

    /// <summary>CONNECT is malformed or unsupported.</summary>
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
        Refuse(fault.Code);
    }

    private void Refuse(ReasonCode reason)
    {
        core.Metrics.ConnectionRefused();
        var batch = core.Batches.Rent();
        connection.Write(new ConnackPacket { ReasonCode = reason }, batch);
        core.Batches.Finish(batch);
        connection.FaultText = $"CONNECT refused: {reason}";
        core.Events.ConnackSent(connection, reason, isResumed: false);
        connection.Close(Ending.Refused);
    }

    private ReasonCode Check(ConnectPacket packet)
    {
        // No method of extended authentication is known. [MQTT5-4.12.0-1]
        if (packet.Properties?.AuthenticationMethod is not null) return ReasonCode.BadAuthenticationMethod;
        if (packet.Version == MqttVersion.V31 && packet.ClientId.Length > core.Options.MaxClientsIdLength) return ReasonCode.ClientIdentifierNotValid;
        if (packet.ClientId.Length != 0) return ReasonCode.Success;
        if (!connection.IsVersion5 && (packet.Version == MqttVersion.V31 || !packet.CleanStart)) return ReasonCode.ClientIdentifierNotValid; // [MQTT-3.1.3-8]

        connection.ClientId = _assignedClientId = "auto-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture); // [MQTT5-3.1.3-6]
        return ReasonCode.Success;
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
            Refuse(decision.Refusal);
            return null;
        }

        if (packet.ClientId.Length == 0 && context.Packet.ClientId.Length != 0) _assignedClientId = context.Packet.ClientId;
        return context.Packet;
    }

    /// <summary>Asks the handlers, and then the listener, who the client is.</summary>
    private async ValueTask<ReasonCode> JudgeAsync(ConnectPacket packet)
    {
        if (core.Handlers is not { } handlers) return await JudgeByProfileAsync(packet).ConfigureAwait(false);

        try
        {
            var decision = await handlers.AuthenticateAsync(new AuthenticateContext(connection.Handle, packet), connection.AskCancellable()).ConfigureAwait(false);
            if (connection.IsEnding || decision.Refusal != ReasonCode.Success) return decision.Refusal;
            if (!decision.IsAccepted) return await JudgeByProfileAsync(packet).ConfigureAwait(false);

            connection.Identity = decision.Identity ?? (packet.UserName is { } user ? new ClientIdentity(IdentityKind.User, user) : ClientIdentity.Anonymous);
            connection.Profile.Admit(connection);
            return ReasonCode.Success;
        }
        finally
        {
            // Handlers were told not to keep it; they cannot.
            if (packet.Password is { } password && MemoryMarshal.TryGetArray(password, out var bytes)) CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private async ValueTask<ReasonCode> JudgeByProfileAsync(ConnectPacket packet)
    {
        var ruling = await connection.Profile.JudgeConnectAsync(connection, packet.Password ?? default, connection.Ask()).ConfigureAwait(false);
        return ruling switch
        {
            ConnectRuling.Accept => ReasonCode.Success,
            ConnectRuling.BadCredentials => ReasonCode.BadUserNameOrPassword,
            ConnectRuling.ClientIdNotAllowed => ReasonCode.ClientIdentifierNotValid,
            ConnectRuling.TooManyAttempts => ReasonCode.ConnectionRateExceeded,
            ConnectRuling.Busy => ReasonCode.ServerBusy,
            _ => ReasonCode.NotAuthorized,
        };
    }

    /// <summary>What follows from who the client is: its identifier, if it has one of its own, and whether it may leave its will.</summary>
    private ReasonCode Bind(ConnectPacket packet)
    {
        if (connection.Identity.ClientId is { } clientId)
        {
            connection.ClientId = clientId;
            if (_assignedClientId is not null) _assignedClientId = clientId;
        }

        return packet.Will is { } will && !connection.Profile.MayLeaveWill(connection, Encoding.UTF8.GetBytes(will.Topic))
            ? ReasonCode.NotAuthorized
            : ReasonCode.Success;
    }

    private void Adopt(ConnectPacket packet)
    {
        var options = core.Options;
        var properties = packet.Properties;
        var wantedExpiry = connection.IsVersion5 ? properties?.SessionExpiryInterval ?? 0 : packet.CleanStart ? 0 : uint.MaxValue;
        connection.SessionExpirySeconds = Math.Min(wantedExpiry, options.MaxSessionExpirySeconds);
        if (connection.SessionExpirySeconds != wantedExpiry) _sessionExpiry = connection.SessionExpirySeconds; // [MQTT5-3.2.2-11]

        connection.KeepAliveSeconds = packet.KeepAlive;
        var isTooLong = options.MaxKeepAliveSeconds != 0 && (packet.KeepAlive == 0 || packet.KeepAlive > options.MaxKeepAliveSeconds);
        if (connection.IsVersion5 && isTooLong)
        {
            connection.KeepAliveSeconds = options.MaxKeepAliveSeconds;
            _serverKeepAlive = (ushort)options.MaxKeepAliveSeconds; // [MQTT5-3.2.2-21]
        }

        connection.SendWindow = Math.Min(options.MaxInFlight, properties?.ReceiveMaximum ?? ushort.MaxValue);
        connection.MaximumPacketSize = properties?.MaximumPacketSize ?? long.MaxValue;
        if (packet.Will is not { } will) return;

        var publication = new Publication().View(
            Encoding.UTF8.GetBytes(will.Topic), MessageEncoding.EncodeProperties(will.Properties), will.Payload, (byte)will.QualityOfService, will.Retain, BrokerClock.Never);
        _will = (publication, will.Properties?.WillDelayInterval ?? 0, will.Properties?.MessageExpiryInterval);
    }

    /// <summary>Makes the session this connection's, as it was or new.</summary>
    /// <returns>Whether it is resumed, and the commit before which the client must not hear of it: a session that is promised to wait must be there, and its will.</returns>
    private (bool IsResumed, long Ticket) TakeOver(ConnectPacket packet, in ClaimOutcome claim, Will? obsolete)
    {
        var session = claim.Session!;
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

    private void Begin(Session session, bool isResumed)
    {
        connection.Accept(session);
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

    private MqttProperties Announce() => new()
    {
        AssignedClientIdentifier = _assignedClientId,
        MaximumPacketSize = (uint)core.Options.MaxPacketBytes,
        ReceiveMaximum = (ushort)core.Options.ReceiveMaximum,
        ServerKeepAlive = _serverKeepAlive,
        SessionExpiryInterval = _sessionExpiry,
        TopicAliasMaximum = core.Options.TopicAliasMaximum == 0 ? null : (ushort)core.Options.TopicAliasMaximum,
    };
}
