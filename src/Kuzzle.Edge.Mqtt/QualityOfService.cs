namespace Kuzzle.Edge.Mqtt;

/// <summary>How often a message may arrive; the value is the one on the wire.</summary>
public enum QualityOfService : byte
{
    /// <summary>QoS 0: once or never.</summary>
    AtMostOnce = 0,

    /// <summary>QoS 1: once or several times.</summary>
    AtLeastOnce = 1,

    /// <summary>QoS 2: once.</summary>
    ExactlyOnce = 2,
}
