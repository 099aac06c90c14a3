namespace Kuzzle.Edge.Broker.SysTopics;

/// <summary>What a broker publishes about itself. Only the broker publishes below <c>$SYS</c>; clients cannot.</summary>
[Flags]
public enum SysTopicKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>
    /// <c>$SYS/ID/</c> and <c>birth</c>, <c>heartbeat</c> (both with the broker's identifier), <c>new/clients</c>, <c>disconnect/clients</c> (the client identifier),
    /// <c>new/subscribes</c> and <c>new/unsubscribes</c> (JSON), with the last two also as <c>new/subscribers</c> and <c>new/unsubscribers</c>.
    /// </summary>
    Lifecycle = 1,

    /// <summary>Statistics under the names that mosquitto uses, <c>$SYS/broker/…</c>, retained.</summary>
    Statistics = 2,
}
