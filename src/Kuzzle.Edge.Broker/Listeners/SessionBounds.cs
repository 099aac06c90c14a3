namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>Bounds of one client's session in place of the broker's, for clients that a program makes itself.</summary>
/// <param name="MaxQueuedMessages">How many messages may wait for it; what comes then is dropped.</param>
/// <param name="MaxQueuedBytes">How many bytes they may have.</param>
/// <param name="MaxExpirySeconds">How long it may wait for its client; 0xFFFFFFFF for ever.</param>
public sealed record SessionBounds(int MaxQueuedMessages, long MaxQueuedBytes, uint MaxExpirySeconds)
{
    /// <summary>Whether a full queue gives up what has waited longest for what comes, instead of dropping what comes.</summary>
    public bool DropsOldest { get; init; }

    /// <summary>In place of <see cref="MqttBrokerOptions.ReceiveMaximum"/>. 1 to 65,535; null for the broker's.</summary>
    public int? ReceiveMaximum
    {
        get;
        init => field = value is null or (>= 1 and <= 65_535) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 65535");
    }

    /// <summary>Is told of each message that is dropped because the queue, or all queues together, are full. Under the session's lock: it must be quick, and call nothing of the broker.</summary>
    public Action? Overflowed { get; init; }
}
