namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>What became of a message to one client.</summary>
public enum SendOutcome
{
    /// <summary>At QoS 0 it was handed to the connection, at QoS 1 the client has acknowledged it.</summary>
    Delivered,

    /// <summary>The client has refused it in its acknowledgement (MQTT 5).</summary>
    Refused,

    /// <summary>It was not sent: its topic is no topic name, or it is larger than the client takes.</summary>
    Unsendable,

    /// <summary>The connection has ended before: the client may have got it, or not.</summary>
    Lost,
}
