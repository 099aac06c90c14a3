using System.Runtime.InteropServices;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>What became of a PUBLISH, before it is acknowledged.</summary>
/// <param name="Reason">What its acknowledgement says.</param>
/// <param name="IsRouted">Whether the message went to the subscription tree.</param>
/// <param name="Taken">The message, if a dialect gets it; at QoS 2 with the release.</param>
/// <param name="Ticket">The commit that the acknowledgement waits for.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PublishOutcome(ReasonCode Reason, bool IsRouted, MqttMessage? Taken, long Ticket)
{
    /// <summary>It went nowhere, and its sender is told that it did.</summary>
    public static readonly PublishOutcome Dropped = new(ReasonCode.Success, IsRouted: false, null, 0);
}
