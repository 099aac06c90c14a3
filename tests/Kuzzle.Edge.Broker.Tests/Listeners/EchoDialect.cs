using System.Collections.Concurrent;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Tests.Listeners;

/// <summary>A dialect whose clients are known by their user names, and whose messages are answered by the test.</summary>
internal sealed class EchoDialect : IDialectProfile
{
    public DialectLimits Limits { get; init; } = new();

    public ConcurrentQueue<string> Wills { get; } = new();

    public ConcurrentQueue<IDialectClient> Clients { get; } = new();

    public Func<MqttMessage, ValueTask<PublishVerdict>> Answer { get; set; } = _ => new(PublishVerdict.Accepted);

    public ValueTask<ConnectVerdict> JudgeConnectAsync(IDialectClient client, DialectConnect connect, CancellationToken cancellationToken) => new(connect.UserName is { } name
        ? ConnectVerdict.Accept(new ClientIdentity(IdentityKind.Device, name), name)
        : ConnectVerdict.Refuse(ReasonCode.Banned, "Nobody without a name."));

    public ValueTask<PublishVerdict> PublishAsync(IDialectClient client, MqttMessage message) => Answer(message);

    public void TakeWill(IDialectClient client, MqttMessage will) => Wills.Enqueue(will.Topic);

    public ReasonCode Subscribe(IDialectClient client, string filter, bool hasIdentifier) => ReasonCode.Success;

    public bool Unsubscribe(IDialectClient client, string filter) => false;

    public void OnConnected(IMqttClient client) => Clients.Enqueue((IDialectClient)client);

    public void OnDisconnected(IMqttClient client)
    {
    }
}
