using System.Runtime.InteropServices;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>What a dialect says about a message.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PublishVerdict
{
    /// <summary>All is done that its acknowledgement promises.</summary>
    public static PublishVerdict Accepted => default;

    internal ReasonCode Code { get; private init; }

    internal string? Reason { get; private init; }

    internal bool Closes { get; private init; }

    internal bool IsRefused => Closes || Code != ReasonCode.Success;

    /// <summary>
    /// It goes nowhere. An MQTT 5 client is told at QoS 1 and 2; an older one, which cannot be told, gets an acknowledgement like any other. At QoS 0 it is dropped.
    /// </summary>
    /// <param name="code">One of the errors of PUBACK and PUBREC.</param>
    /// <param name="reason">One sentence for the client, or null.</param>
    /// <exception cref="ArgumentException">The code is none for a refusal of PUBLISH.</exception>
    public static PublishVerdict Refuse(ReasonCode code, string? reason) =>
        code >= ReasonCode.UnspecifiedError && ReasonCodes.MayStandIn(code, PacketType.Puback, PacketDirection.ToClient)
            ? new() { Code = code, Reason = reason }
            : throw new ArgumentException($"{code} (0x{(int)code:X2}) is no reason for which a PUBLISH is refused.", nameof(code));

    /// <summary>It goes nowhere, and the connection is closed; nothing that came behind it is acknowledged.</summary>
    /// <param name="code">What an MQTT 5 client is told.</param>
    /// <param name="reason">One sentence for the log, and for an MQTT 5 client.</param>
    public static PublishVerdict Close(ReasonCode code, string reason) => new() { Code = code, Reason = reason, Closes = true };
}
