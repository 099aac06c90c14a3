using Kuzzle.Edge.Broker.Authentication;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Access;

/// <summary>
/// Knows some clients by what they show: a password, a certificate, a key. A listener asks its authenticators in order until one has an opinion. What it is asked
/// comes from strangers, in any number at once: expensive work is bounded, and never done on the calling thread.
/// </summary>
public interface IClientAuthenticator
{
    /// <summary>Who is this client?</summary>
    /// <param name="client">Its user name (a claim), client identifier and connection.</param>
    /// <param name="password">The password of its CONNECT; empty when it has none. Valid until the answer, and not to be kept.</param>
    /// <param name="cancellationToken">The connection has ended, and nobody wants to know any more.</param>
    ValueTask<AuthenticationOutcome> AuthenticateAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken);

    /// <summary>
    /// Begins an exchange of several steps (MQTT 5) by the method that the client names. Once that has accepted, having set the client's identity, <see cref="AuthenticateAsync"/>
    /// is asked as ever, and has that identity to accept.
    /// </summary>
    /// <returns>The exchange, or null when this one does not know the method.</returns>
    IAuthenticationExchange? BeginExchange(IMqttClient client, string method) => null;
}
