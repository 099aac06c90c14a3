using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Tests.Attacks;

/// <summary>A listener that takes its time to say whether a client may connect.</summary>
internal sealed class UndecidedProfile : IListenerProfile
{
    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<ConnectRuling> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<ConnectRuling> JudgeConnectAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        Asked.SetResult();
        return new ValueTask<ConnectRuling>(Answer.Task);
    }

    public void OnConnected(IMqttClient client)
    {
    }

    public void OnDisconnected(IMqttClient client)
    {
    }

    public PublishRuling JudgePublish(IMqttClient client, ReadOnlySpan<byte> topic, bool isWill) => PublishRuling.Route;

    public SubscribeRuling JudgeSubscribe(IMqttClient client, string filter) => SubscribeRuling.Grant;

    public void Take(IMqttClient client, MqttMessage message) => throw new InvalidOperationException("Nothing is ruled to be taken.");
}
