using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Client;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>A message of QoS 1 or 2 on its way to one side, under the packet identifier that the other side has given it.</summary>
internal sealed class RelayedExchange
{
    private readonly TaskCompletionSource<MqttPublishResult> _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The message, once it was given to a connection: from then on it is sent again by every new one.</summary>
    public MqttApplicationMessage? Message { get; set; }

    /// <summary>Whether the side that it came from has forgotten it: nothing more is heard from there, and the identifier may come back with another message.</summary>
    public bool IsOrphan { get; private set; }

    /// <summary>Whether it goes at QoS 2.</summary>
    public bool IsExactlyOnce => Message?.QualityOfService == QualityOfService.ExactlyOnce;

    /// <summary>Completes when the server has taken or refused the message (PUBACK, PUBREC): it may be acknowledged where it came from.</summary>
    public Task<MqttPublishResult> Taken => _taken.Task;

    /// <summary>Completes when the side that it came from has released it: PUBREL may be sent.</summary>
    public Task Released => _released.Task;

    /// <summary>Completes when the identifier is free: the release may be answered where it came from.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The server has answered.</summary>
    public void Take(MqttPublishResult result) => _taken.TrySetResult(result);

    /// <summary>PUBREL came from the other side.</summary>
    public void Release() => _released.TrySetResult();

    /// <summary>The side that it came from knows nothing of it any more.</summary>
    public void Orphan()
    {
        IsOrphan = true;
        _released.TrySetResult();
    }

    /// <summary>It is over.</summary>
    public void End(MqttPublishResult result)
    {
        _taken.TrySetResult(result);
        _ended.TrySetResult();
    }
}
