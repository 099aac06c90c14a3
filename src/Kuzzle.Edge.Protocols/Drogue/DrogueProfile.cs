using System.Net;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Protocols.Drogue;

/// <summary>
/// The device endpoint: whoever connects is a device of the registry, what it publishes are its events or those of devices that let it speak for them, and what it subscribes to
/// are commands. One for all listeners of the <c>drogue</c> kind.
/// </summary>
public sealed partial class DrogueProfile : IDialectProfile
{
    private readonly DrogueOptions _options;
    private readonly IDeviceRegistry _registry;
    private readonly IDeviceEvents _events;
    private readonly EventIntake _intake;
    private readonly IDeviceSessions _sessions;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly DeviceLanes _lanes;

    /// <summary>Makes the profile.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="registry">Who is a device.</param>
    /// <param name="events">Where events go.</param>
    /// <param name="sessions">Who wants to know which devices are here.</param>
    /// <param name="clock">Tells when something arrived.</param>
    /// <param name="loggers">Where it logs.</param>
    public DrogueProfile(
        DrogueOptions options, IDeviceRegistry registry, IDeviceEvents events, IDeviceSessions sessions, TimeProvider clock, ILoggerFactory loggers)
    {
        _options = options;
        _registry = registry;
        _events = events;
        _sessions = sessions;
        _clock = clock;
        _logger = loggers.CreateLogger<DrogueProfile>();
        _intake = new EventIntake(options.RejectV311, registry, events, clock, _logger);
        _lanes = new DeviceLanes(_logger);
    }

    /// <inheritdoc/>
    public DialectLimits Limits => _options.Limits;

    /// <summary>After the broker has closed its connections: completes when the registry knows of all that devices did, their wills included.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _lanes.WhenEmptyAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ConnectVerdict> JudgeConnectAsync(IDialectClient client, DialectConnect connect, CancellationToken cancellationToken)
    {
        if (!connect.IsClean) return Refuse(client, ReasonCode.BadUserNameOrPassword, "Clean session must be 1: nothing of a session survives its connection.");

        if (PresentedCredentials.Read(connect, client.Peer) is not { } credentials)
        {
            return Refuse(
                client,
                ReasonCode.BadUserNameOrPassword,
                "Exactly one form of credentials is needed: device@application with a password, a user name and password with the client identifier device@application, a client certificate, or a pre-shared key.");
        }

        var origin = client.Peer.RemoteAddress;
        var outcome = await _registry.AuthenticateAsync(credentials, origin, cancellationToken);
        if (!outcome.IsAccepted)
        {
            LogCause(client.ClientId, credentials, outcome.Cause);
            return outcome.Refusal switch
            {
                DeviceRefusal.UnreadableConfiguration => Refuse(client, ReasonCode.BadUserNameOrPassword, "The section spec.mqtt of the device or of its application cannot be read."),
                DeviceRefusal.Unavailable => Refuse(client, ReasonCode.BadUserNameOrPassword, "The device registry cannot be read at the moment."),
                DeviceRefusal.TooManyAttempts => Refuse(client, ReasonCode.ConnectionRateExceeded, "Too many attempts have failed; try again later."),
                _ => Refuse(client, ReasonCode.BadUserNameOrPassword, "These are no credentials of a device that may connect."),
            };
        }

        var identity = outcome.Identity;
        var session = new DrogueSession(client, identity, origin, _clock.GetUtcNow(), _options.CommandBuffer);
        client.ProfileState = session;
        return ConnectVerdict.Accept(new ClientIdentity(IdentityKind.Device, session.Lane) { Proof = ProofOf(credentials) }, session.Lane);
    }

    /// <inheritdoc/>
    public void OnConnected(IMqttClient client)
    {
        var session = StateOf(client);
        _lanes.Enqueue(session.Lane, () => _sessions.OpenedAsync(session, CancellationToken.None).AsTask());
    }

    /// <inheritdoc/>
    public void TakeWill(IDialectClient client, MqttMessage will)
    {
        var session = StateOf(client);
        if (EventContent.TryRead(will.ContentType, will.Payload, out var content, out var fault)) session.DueWill = _intake.EventOf(session, will.Topic, session.Itself, will, content);
        else LogWillLost(client.ClientId, session.Identity, fault);
    }

    /// <inheritdoc/>
    public void OnDisconnected(IMqttClient client)
    {
        var session = StateOf(client);
        _lanes.Enqueue(session.Lane, () => DepartAsync(client.ClientId, session));
    }

    /// <inheritdoc/>
    public ReasonCode Subscribe(IDialectClient client, string filter, bool hasIdentifier)
    {
        if (hasIdentifier) return ReasonCode.SubscriptionIdentifiersNotSupported;
        if (!InboxFilter.TryRead(filter, out var inbox)) return ReasonCode.UnspecifiedError;

        return StateOf(client).Subscribe(inbox) ? ReasonCode.Success : ReasonCode.QuotaExceeded;
    }

    /// <inheritdoc/>
    public bool Unsubscribe(IDialectClient client, string filter) => StateOf(client).Unsubscribe(filter);

    /// <inheritdoc/>
    public void OnSubscriptionsAnswered(IDialectClient client)
    {
        var session = StateOf(client);
        if (session.TakeNews()) _lanes.Enqueue(session.Lane, () => _sessions.ListeningAsync(session, CancellationToken.None).AsTask());
    }

    /// <inheritdoc/>
    public ValueTask<PublishVerdict> PublishAsync(IDialectClient client, MqttMessage message)
    {
        var session = StateOf(client);
        var handling = _intake.HandleAsync(client, session, message);
        return handling.IsCompletedSuccessfully ? handling : WhenSettledAsync(session, handling);
    }

    private static async ValueTask<PublishVerdict> WhenSettledAsync(DrogueSession session, ValueTask<PublishVerdict> handling)
    {
        session.Enter();
        try
        {
            return await handling;
        }
        finally
        {
            session.Leave();
        }
    }

    /// <summary>What a device leaves: what it said before, its will, and then its absence.</summary>
    private async Task DepartAsync(string clientId, DrogueSession session)
    {
        await session.WhenSettledAsync();
        try
        {
            if (session.DueWill is { } will && await _events.AcceptAsync(will, CancellationToken.None) is { Fate: not (EventFate.Accepted or EventFate.Dropped) } outcome)
            {
                LogWillLost(clientId, session.Identity, outcome.Reason);
            }
        }
        finally
        {
            await _sessions.ClosedAsync(session, CancellationToken.None);
        }
    }

    private ConnectVerdict Refuse(IDialectClient client, ReasonCode code, string reason)
    {
        LogRefused(client.ClientId, client.UserName, client.Peer.RemoteEndPoint, reason);
        return ConnectVerdict.Refuse(code, reason);
    }

    private static IdentityProof ProofOf(DeviceCredentials credentials) => credentials switch
    {
        DeviceCertificate => IdentityProof.Certificate,
        DevicePreSharedKey => IdentityProof.PreSharedKey,
        _ => IdentityProof.Password,
    };

    private static DrogueSession StateOf(IMqttClient client) => (DrogueSession)client.ProfileState!;

    [LoggerMessage(Level = LogLevel.Warning, Message = "MQTT client {Client} with the user name {UserName} at {Remote} is refused: {Reason}")]
    private partial void LogRefused(string client, string? userName, EndPoint? remote, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "MQTT client {Client} presented the {Credentials}: {Cause}")]
    private partial void LogCause(string client, DeviceCredentials credentials, string? cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "MQTT client {Client}: the will of {Device} became no event: {Reason}")]
    private partial void LogWillLost(string client, DeviceIdentity device, string? reason);
}
