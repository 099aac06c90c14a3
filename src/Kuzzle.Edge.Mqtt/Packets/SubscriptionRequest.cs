namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>One filter of a SUBSCRIBE with its options.</summary>
public readonly record struct SubscriptionRequest
{
    /// <summary>The filter as it was sent, <c>$share/…/</c> included.</summary>
    public required string Filter { get; init; }

    /// <summary>The highest QoS wanted.</summary>
    public QualityOfService QualityOfService { get; init; }

    /// <summary>MQTT 5.0: not the client's own messages.</summary>
    public bool NoLocal { get; init; }

    /// <summary>MQTT 5.0: keep the RETAIN flag of live messages.</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>MQTT 5.0: when retained messages are wanted.</summary>
    public RetainHandling RetainHandling { get; init; }

    /// <summary><see cref="ReasonCode.Success"/>, or why this filter cannot be granted whoever asks: its syntax or its number of levels.</summary>
    public ReasonCode Refusal { get; init; }
}
