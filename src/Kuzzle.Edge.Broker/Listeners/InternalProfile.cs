using Kuzzle.Edge.Broker.Access;

namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>
/// The rules of one client that the program itself has made: it may do everything, and its session is nobody else's, whatever client identifier they claim. What it publishes goes to
/// the subscription tree.
/// </summary>
/// <param name="name">Its name among the program's clients.</param>
/// <param name="bounds">Bounds of its session in place of the broker's, or null.</param>
public sealed class InternalProfile(string name, SessionBounds? bounds = null) : IListenerProfile
{
    /// <inheritdoc/>
    public ValueTask<ConnectRuling> JudgeConnectAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        client.Identity = new ClientIdentity(IdentityKind.Internal, name);
        return new(ConnectRuling.Accept);
    }

    /// <inheritdoc/>
    public SessionBounds? BoundsOf(IMqttClient client) => bounds;

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
        throw new InvalidOperationException($"A client of the program has no dialect, and one was given a message on {message.Topic}.");
}
