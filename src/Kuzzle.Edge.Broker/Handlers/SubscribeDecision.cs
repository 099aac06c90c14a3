using System.Runtime.InteropServices;
using System.Text;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>What becomes of one filter.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SubscribeDecision
{
    /// <summary>The next handler is asked, and after the last the rules of the listener.</summary>
    public static SubscribeDecision NoOpinion => default;

    /// <summary>The connection is closed; nothing of the packet is granted.</summary>
    public static SubscribeDecision Disconnect => new() { Kind = SubscribeDecisionKind.Disconnect };

    internal SubscribeDecisionKind Kind { get; private init; }

    internal ReasonCode Code { get; private init; }

    internal string? Filter { get; private init; }

    internal QualityOfService? Qos { get; private init; }

    /// <summary>The filter is granted, whatever the rules of the listener say.</summary>
    /// <param name="filter">
    /// Another filter in its place, or null. The client believes that it has its own: its UNSUBSCRIBE by that name ends this one, until the broker is restarted.
    /// </param>
    /// <param name="qos">Another quality of service than it asks for, which the SUBACK tells it, or null.</param>
    /// <exception cref="ArgumentException">The filter is none.</exception>
    public static SubscribeDecision Allow(string? filter = null, QualityOfService? qos = null)
    {
        if (filter is not null && !TopicFilter.IsValid(Encoding.UTF8.GetBytes(filter)))
        {
            throw new ArgumentException($"'{filter}' is no topic filter.", nameof(filter));
        }

        return new() { Kind = SubscribeDecisionKind.Allow, Filter = filter, Qos = qos };
    }

    /// <summary>This filter is refused in the SUBACK: 0x80, and in MQTT 5 with the reason. The others of the packet stand.</summary>
    /// <exception cref="ArgumentException">The reason is none for a refusal of SUBSCRIBE.</exception>
    public static SubscribeDecision Refuse(ReasonCode reason = ReasonCode.NotAuthorized)
    {
        if (reason < ReasonCode.UnspecifiedError || !ReasonCodes.MayStandIn(reason, PacketType.Suback, PacketDirection.ToClient))
        {
            throw new ArgumentException($"{reason} (0x{(int)reason:X2}) is no reason for which a filter is refused.", nameof(reason));
        }

        return new() { Kind = SubscribeDecisionKind.Refuse, Code = reason };
    }
}
