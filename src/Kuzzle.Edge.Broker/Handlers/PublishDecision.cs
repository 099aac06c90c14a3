using System.Runtime.InteropServices;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>What becomes of a message.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PublishDecision
{
    /// <summary>The next handler is asked, and after the last the rules of the listener.</summary>
    public static PublishDecision NoOpinion => default;

    /// <summary>It is published, whatever the rules of the listener say; but not below <c>$SYS</c>.</summary>
    public static PublishDecision Allow => new() { Kind = PublishDecisionKind.Allow };

    /// <summary>It is published, even below <c>$SYS</c>.</summary>
    public static PublishDecision AllowReserved => new() { Kind = PublishDecisionKind.AllowReserved };

    /// <summary>It goes nowhere; the client is told that it was delivered.</summary>
    public static PublishDecision Drop => new() { Kind = PublishDecisionKind.Drop };

    internal PublishDecisionKind Kind { get; private init; }

    internal RefuseMode Mode { get; private init; }

    internal ReasonCode Code { get; private init; }

    /// <summary>Why it was refused, for the log.</summary>
    internal string? Reason { get; private init; }

    /// <summary>It is not published.</summary>
    /// <param name="reason">For the log, and for whoever watches the events.</param>
    /// <param name="mode">How the client learns of it.</param>
    /// <param name="code">What an MQTT 5 client is told when it is told: one of the errors of PUBACK.</param>
    /// <exception cref="ArgumentException">The code is none for a refusal of PUBLISH.</exception>
    public static PublishDecision Refuse(string reason, RefuseMode mode = RefuseMode.ByVersion, ReasonCode code = ReasonCode.NotAuthorized)
    {
        if (code < ReasonCode.UnspecifiedError || !ReasonCodes.MayStandIn(code, PacketType.Puback, PacketDirection.ToClient))
        {
            throw new ArgumentException($"{code} (0x{(int)code:X2}) is no reason for which a PUBLISH is refused.", nameof(code));
        }

        return new() { Kind = PublishDecisionKind.Refuse, Mode = mode, Code = code, Reason = reason };
    }
}
