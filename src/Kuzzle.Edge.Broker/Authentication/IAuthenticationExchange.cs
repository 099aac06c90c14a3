namespace Kuzzle.Edge.Broker.Authentication;

/// <summary>
/// The server's side of one enhanced authentication (MQTT 5.0, 4.12): as many steps as its method needs, before CONNACK or later on the live connection. Its steps come one
/// after the other, never two at once.
/// </summary>
/// <remarks>
/// An exchange that accepts has set <see cref="Listeners.IMqttClient.Identity"/> before. What it throws refuses the client, and is logged.
/// </remarks>
public interface IAuthenticationExchange
{
    /// <summary>Takes the next step.</summary>
    /// <param name="data">What the client has sent: with CONNECT, or with the AUTH that begins it anew, in the first step, later with each AUTH. Empty for none; to be copied when it is kept.</param>
    /// <param name="cancellationToken">The connection has ended, or the connect timeout has passed: nobody wants to know any more, and nobody waits.</param>
    ValueTask<AuthenticationStep> ContinueAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);
}
