using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Tests.Access;

/// <summary>A profile that sees who connects.</summary>
internal sealed class Watching(IListenerProfile inner) : IListenerProfile
{
    public ClientIdentity Identity { get; private set; } = new(IdentityKind.Internal, "nobody has connected");

    public bool ChecksDeliveries => inner.ChecksDeliveries;

    public ValueTask<ConnectRuling> JudgeConnectAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken) =>
        inner.JudgeConnectAsync(client, password, cancellationToken);

    public bool MayLeaveWill(IMqttClient client, ReadOnlySpan<byte> topic) => inner.MayLeaveWill(client, topic);

    public bool MayReceive(IMqttClient client, ReadOnlySpan<byte> topic) => inner.MayReceive(client, topic);

    public void OnConnected(IMqttClient client)
    {
        Identity = client.Identity;
        inner.OnConnected(client);
    }

    public void OnDisconnected(IMqttClient client) => inner.OnDisconnected(client);

    public PublishRuling JudgePublish(IMqttClient client, ReadOnlySpan<byte> topic, bool isWill) => inner.JudgePublish(client, topic, isWill);

    public SubscribeRuling JudgeSubscribe(IMqttClient client, string filter) => inner.JudgeSubscribe(client, filter);

    public void Take(IMqttClient client, MqttMessage message) => inner.Take(client, message);
}
