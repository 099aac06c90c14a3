namespace Kuzzle.Edge.Broker.Metrics;

/// <summary>Why a message, or one client's copy of it, went no further.</summary>
internal enum DropReason
{
    /// <summary>QoS 0, and its receiver does not keep up.</summary>
    SlowReader,

    /// <summary>The receiver's queue is full.</summary>
    QueueFull,

    /// <summary>As much waits for all receivers together as may wait.</summary>
    TotalFull,

    /// <summary>Larger than the receiver's Maximum Packet Size.</summary>
    TooLarge,

    /// <summary>It expired before it could be sent.</summary>
    Expired,

    /// <summary>The publisher may not publish it.</summary>
    Refused,

    /// <summary>The retained store is full; the message itself was delivered.</summary>
    RetainedFull,

    /// <summary>A subscription of the program itself does not keep up.</summary>
    SlowProgram,
}
