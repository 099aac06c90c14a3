using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Authentication;

/// <summary>What one step of an <see cref="IAuthenticationExchange"/> leads to.</summary>
public sealed class AuthenticationStep
{
    private AuthenticationStep(ReadOnlyMemory<byte> data, PacketFault refusal, bool isLast)
    {
        Data = data;
        Refusal = refusal;
        IsLast = isLast;
    }

    /// <summary>What the client is sent.</summary>
    internal ReadOnlyMemory<byte> Data { get; }

    /// <summary>Why the client is refused, if it is.</summary>
    internal PacketFault Refusal { get; }

    /// <summary>Whether the exchange is over.</summary>
    internal bool IsLast { get; }

    /// <summary>The client is sent this (AUTH 0x18) and has the next word.</summary>
    public static AuthenticationStep Continue(ReadOnlyMemory<byte> data) => new(data, PacketFault.None, isLast: false);

    /// <summary>The client has proven who it is. It is sent this with CONNACK, or with AUTH 0x00 on a live connection.</summary>
    public static AuthenticationStep Accept(ReadOnlyMemory<byte> data = default) => new(data, PacketFault.None, isLast: true);

    /// <summary>The client is refused and its connection closed: by CONNACK, or by DISCONNECT on a live connection.</summary>
    /// <param name="ruling">The reason code that it gets.</param>
    /// <param name="reason">One sentence that it gets too; null for the one that goes with the ruling.</param>
    /// <exception cref="ArgumentException">The ruling is no refusal.</exception>
    public static AuthenticationStep Refuse(ConnectRuling ruling, string? reason = null)
    {
        if (ruling == ConnectRuling.Accept) throw new ArgumentException("A refusal is wanted.", nameof(ruling));

        var refusal = ConnectRefusal.Of(ruling);
        return Refuse(reason is null ? refusal : refusal with { Detail = reason });
    }

    internal static AuthenticationStep Refuse(PacketFault refusal) => new(default, refusal, isLast: true);
}
