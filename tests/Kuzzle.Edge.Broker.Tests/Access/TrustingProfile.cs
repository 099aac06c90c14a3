using System.Text;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Tests.Access;

/// <summary>Believes every user name, and keeps what begins with "secret/" from everybody but boss.</summary>
internal sealed class TrustingProfile : IListenerProfile
{
    public bool ChecksDeliveries { get; set; } = true;

    public IMqttClient? LastConnected { get; private set; }

    public ValueTask<ConnectRuling> JudgeConnectAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        if (client.UserName is { } name) client.Identity = new ClientIdentity(IdentityKind.User, name) { ClientId = name.StartsWith('=') ? name[1..] : null };
        return new(ConnectRuling.Accept);
    }

    public bool MayLeaveWill(IMqttClient client, ReadOnlySpan<byte> topic) => MayReceive(client, topic);

    public bool MayReceive(IMqttClient client, ReadOnlySpan<byte> topic) => client.UserName == "boss" || !Encoding.UTF8.GetString(topic).StartsWith("secret/", StringComparison.Ordinal);

    public void OnConnected(IMqttClient client) => LastConnected = client;

    public void OnDisconnected(IMqttClient client)
    {
    }

    public PublishRuling JudgePublish(IMqttClient client, ReadOnlySpan<byte> topic, bool isWill) => PublishRuling.Route;

    public SubscribeRuling JudgeSubscribe(IMqttClient client, string filter) => SubscribeRuling.Grant;

    public void Take(IMqttClient client, MqttMessage message) => throw new NotSupportedException("It claims no topic.");
}
