using System.Collections.Concurrent;
using System.Net;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>A plain broker: who may connect and use which topics follows from an access policy, which may change at any time.</summary>
public sealed partial class OpenProfile : IListenerProfile
{
    private readonly PasswordGate _gate;
    private readonly IReadOnlyList<IClientAuthenticator> _others;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<IMqttClient, ClientAccess> _clients = new();
    private readonly Lock _changing = new();
    private volatile Standing _standing;

    /// <summary>A listener with a policy.</summary>
    /// <param name="policy">Who may connect, and what they may do.</param>
    /// <param name="gate">Where passwords are checked; one for all listeners.</param>
    /// <param name="others">Who else may know clients, asked in this order after the configured users; whoever makes them disposes of them.</param>
    /// <param name="logger">Where refusals are written.</param>
    public OpenProfile(AccessPolicy policy, PasswordGate gate, IReadOnlyList<IClientAuthenticator> others, ILogger logger)
    {
        _gate = gate;
        _others = others;
        _logger = logger;
        _standing = StandingOf(policy);
    }

    /// <summary>A listener without users and without an access list: every topic is open to every client.</summary>
    /// <param name="anonymous">Whether clients may connect that do not say who they are. When not, nobody can.</param>
    public OpenProfile(AnonymousAccess anonymous)
        : this(new AccessPolicy { Anonymous = anonymous }, new PasswordGate(TimeProvider.System), [], NullLogger.Instance)
    {
    }

    /// <inheritdoc/>
    public bool ChecksDeliveries => _standing.Policy.Rules is not null;

    /// <summary>
    /// Puts another policy in force: for new connections and for what connected clients do from now on. Clients that would not be let in any more, because their
    /// user was removed, disabled or given another password, are closed (in MQTT 5 with 0x98), and their wills go by the new policy.
    /// </summary>
    public void Change(AccessPolicy policy)
    {
        lock (_changing) _standing = StandingOf(policy);
        foreach (var (client, access) in _clients) ExpelUnlessWelcome(client, access);
    }

    /// <inheritdoc/>
    public async ValueTask<ConnectRuling> JudgeConnectAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        var standing = _standing;
        var (outcome, author) = await AuthenticateAsync(standing, client, password, cancellationToken).ConfigureAwait(false);
        if (outcome.Identity is not { } identity) return Refuse(client, outcome.Ruling);

        var policy = standing.Policy;
        var user = identity.Kind == IdentityKind.User ? policy.Users.GetValueOrDefault(identity.Name) : null;
        if (user?.IsDisabled == true) return Refuse(client, ConnectRuling.NotAuthorized);

        if (policy.UseUserNameAsClientId)
        {
            if (identity.Kind == IdentityKind.Anonymous) return Refuse(client, ConnectRuling.NotAuthorized);
            identity = identity with { ClientId = identity.Name };
        }

        if (!HasAllowedClientId(policy, identity, client.ClientId)) return Refuse(client, ConnectRuling.ClientIdNotAllowed);

        client.Identity = identity;
        client.ProfileState = new ClientAccess(client, identity.ClientId ?? client.ClientId, policy, author == standing.Passwords ? user?.Password : null);
        return ConnectRuling.Accept;
    }

    /// <inheritdoc/>
    public IAuthenticationExchange? BeginAuthentication(IMqttClient client, string method)
    {
        foreach (var other in _others)
        {
            if (other.BeginExchange(client, method) is { } exchange) return exchange;
        }

        return null;
    }

    /// <inheritdoc/>
    public void Admit(IMqttClient client) =>
        client.ProfileState = new ClientAccess(client, client.Identity.ClientId ?? client.ClientId, _standing.Policy, hash: null);

    /// <inheritdoc/>
    public bool MayLeaveWill(IMqttClient client, ReadOnlySpan<byte> topic) => RightsOf(client).MayWrite(topic);

    /// <inheritdoc/>
    public bool MayReceive(IMqttClient client, ReadOnlySpan<byte> topic) => !AccessOf(client).IsRevoked && RightsOf(client).MayRead(topic);

    /// <inheritdoc/>
    public void OnConnected(IMqttClient client)
    {
        var access = AccessOf(client);
        _clients[client] = access;

        // The policy may have changed while the client was judged under the old one, when it was not in the list of those who are looked at.
        ExpelUnlessWelcome(client, access);
    }

    /// <inheritdoc/>
    public void OnDisconnected(IMqttClient client) => _clients.TryRemove(client, out _);

    /// <inheritdoc/>
    public PublishRuling JudgePublish(IMqttClient client, ReadOnlySpan<byte> topic, bool isWill) =>
        !AccessOf(client).IsRevoked && RightsOf(client).MayWrite(topic) ? PublishRuling.Route : PublishRuling.Refuse;

    /// <inheritdoc/>
    public SubscribeRuling JudgeSubscribe(IMqttClient client, string filter) =>
        !AccessOf(client).IsRevoked && RightsOf(client).MayReadSome(filter) ? SubscribeRuling.Grant : SubscribeRuling.Refuse;

    /// <inheritdoc/>
    public void Take(IMqttClient client, MqttMessage message) =>
        throw new InvalidOperationException($"An open listener takes no message, and was given one on {message.Topic}.");

    private static ClientAccess AccessOf(IMqttClient client) => (ClientAccess)client.ProfileState!;

    private static bool HasAllowedClientId(AccessPolicy policy, ClientIdentity identity, string clientId)
    {
        if (identity.ClientId is not null || policy.ClientIdPrefixes.Count == 0) return true;

        foreach (var prefix in policy.ClientIdPrefixes)
        {
            if (prefix.Contains("%u", StringComparison.Ordinal) && identity.Kind == IdentityKind.Anonymous) continue;
            if (clientId.StartsWith(prefix.Replace("%u", identity.Name, StringComparison.Ordinal), StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private static async ValueTask<(AuthenticationOutcome Outcome, IClientAuthenticator? Author)> AuthenticateAsync(
        Standing standing, IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        foreach (var authenticator in standing.Authenticators)
        {
            var outcome = await authenticator.AuthenticateAsync(client, password, cancellationToken).ConfigureAwait(false);
            if (outcome.HasOpinion) return (outcome, authenticator);
        }

        if (client.UserName is not null && (standing.KnowsUsers || standing.Policy.Anonymous == AnonymousAccess.Refused))
        {
            var ruling = standing.Passwords is { } passwords
                ? await passwords.RefuseAsync(client, password, cancellationToken).ConfigureAwait(false)
                : ConnectRuling.BadCredentials;
            return (AuthenticationOutcome.Refuse(ruling), null);
        }

        return standing.Policy.Anonymous == AnonymousAccess.Allowed
            ? (AuthenticationOutcome.Accept(ClientIdentity.Anonymous), null)
            : (AuthenticationOutcome.Refuse(ConnectRuling.NotAuthorized), null);
    }

    private ClientRights RightsOf(IMqttClient client) => AccessOf(client).RightsUnder(_standing.Policy);

    private void ExpelUnlessWelcome(IMqttClient client, ClientAccess access)
    {
        var standing = _standing;
        if (access.IsRevoked || access.IsWelcomeUnder(standing.Policy, standing.KnowsUsers)) return;

        access.Revoke();
        LogExpelled(client.ClientId, client.Identity);
        client.Close();
    }

    private Standing StandingOf(AccessPolicy policy)
    {
        var passwords = policy.Methods.Contains(AuthenticationMethod.Password) ? new PasswordAuthenticator(policy.Users, _gate) : null;
        var own = policy.Methods.Select(method => method switch
        {
            AuthenticationMethod.Certificate => new CertificateAuthenticator(policy.CertificateName),
            AuthenticationMethod.PreSharedKey => new PreSharedKeyAuthenticator(),
            AuthenticationMethod.Password => (IClientAuthenticator)passwords!,
            _ => throw new ArgumentOutOfRangeException(nameof(policy), method, "An unknown method of authentication."),
        });
        return new Standing(policy, [.. own, .. _others], passwords, _others.Count > 0 || passwords?.HasUsers == true);
    }

    private ConnectRuling Refuse(IMqttClient client, ConnectRuling ruling)
    {
        // Who is slowed down has been written about before: a flood of logins must not become a flood of lines.
        if (ruling is ConnectRuling.TooManyAttempts or ConnectRuling.Busy) LogTurnedAway(client.ClientId, client.UserName, client.Peer.RemoteEndPoint, ruling);
        else LogRefused(client.ClientId, client.UserName, client.Peer.RemoteEndPoint, ruling);
        return ruling;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Client {ClientId} with the user name {UserName} at {Remote} is refused: {Ruling}")]
    private partial void LogRefused(string clientId, string? userName, EndPoint? remote, ConnectRuling ruling);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Client {ClientId} with the user name {UserName} at {Remote} is told to come later: {Ruling}")]
    private partial void LogTurnedAway(string clientId, string? userName, EndPoint? remote, ConnectRuling ruling);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Client {ClientId} ({Identity}) is closed: what it has proven would not let it in any more")]
    private partial void LogExpelled(string clientId, ClientIdentity identity);

    /// <summary>A policy, and who knows clients under it.</summary>
    private sealed record Standing(AccessPolicy Policy, IReadOnlyList<IClientAuthenticator> Authenticators, PasswordAuthenticator? Passwords, bool KnowsUsers);
}
