using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>What a dialect says about a CONNECT.</summary>
public sealed record ConnectVerdict
{
    private ConnectVerdict()
    {
    }

    /// <summary>Who the client is; null when it may not connect.</summary>
    public ClientIdentity? Identity { get; private init; }

    /// <summary>What its session is known by: of all connections with one key the latest stays, whatever their client identifiers. Client identifiers are no keys.</summary>
    public string? SessionKey { get; private init; }

    /// <summary>Why it may not connect.</summary>
    public ReasonCode Code { get; private init; }

    /// <summary>What MQTT 5 clients are told beside the code.</summary>
    public string? Reason { get; private init; }

    /// <summary>Whether it may connect.</summary>
    [MemberNotNullWhen(true, nameof(Identity), nameof(SessionKey))]
    public bool IsAccepted => Identity is not null;

    /// <summary>It may.</summary>
    public static ConnectVerdict Accept(ClientIdentity identity, string sessionKey) => new() { Identity = identity, SessionKey = sessionKey };

    /// <summary>It may not.</summary>
    /// <param name="code">Why; older clients get the return code of the same meaning.</param>
    /// <param name="reason">One sentence for MQTT 5 clients. Nothing that a stranger must not know.</param>
    /// <exception cref="ArgumentException">The code is none for a refusal of CONNECT.</exception>
    public static ConnectVerdict Refuse(ReasonCode code, string reason) =>
        code >= ReasonCode.UnspecifiedError && ReasonCodes.MayStandIn(code, PacketType.Connack, PacketDirection.ToClient)
            ? new() { Code = code, Reason = reason }
            : throw new ArgumentException($"{code} (0x{(int)code:X2}) is no reason for which a CONNECT is refused.", nameof(code));
}
