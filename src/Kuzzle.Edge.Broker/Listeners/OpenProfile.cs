namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>A plain broker: every topic is open to every client.</summary>
/// <param name="anonymous">Whether clients may connect that do not say who they are.</param>
public sealed class OpenProfile(AnonymousAccess anonymous) : IListenerProfile
{
    /// <inheritdoc/>
    public ValueTask<ConnectRuling> JudgeConnectAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken) =>
        new(anonymous == AnonymousAccess.Allowed ? ConnectRuling.Accept
            : client.UserName is null ? ConnectRuling.NotAuthorized
            : ConnectRuling.BadCredentials); // This profile knows no credentials, so none are right.

    /// <inheritdoc/>
    public void OnConnected(IMqttClient client)
    {
    }

    /// <inheritdoc/>
    public void OnDisconnected(IMqttClient client)
    {
    }

    /// <inheritdoc/>
    public PublishRuling JudgePublish(IMqttClient client, ReadOnlySpan<byte> topic, bool isWill) => PublishRuling.Route;

    /// <inheritdoc/>
    public SubscribeRuling JudgeSubscribe(IMqttClient client, string filter) => SubscribeRuling.Grant;

    /// <inheritdoc/>
    public void Take(IMqttClient client, MqttMessage message) =>
        throw new InvalidOperationException($"An open listener takes no message, and was given one on {message.Topic}.");
}
