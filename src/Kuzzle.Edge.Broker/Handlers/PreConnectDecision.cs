using System.Runtime.InteropServices;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>What becomes of a CONNECT before anybody looks at its credentials.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PreConnectDecision
{
    /// <summary>The next handler is asked, and then the client is authenticated.</summary>
    public static PreConnectDecision Continue => default;

    /// <summary>The connection is closed without an answer.</summary>
    public static PreConnectDecision Close => new() { Closes = true };

    internal ReasonCode Refusal { get; private init; }

    internal bool Closes { get; private init; }

    /// <summary>The CONNECT is refused and the connection closed.</summary>
    /// <param name="reason">Told to MQTT 5 clients; others get the return code that comes nearest.</param>
    /// <exception cref="ArgumentException">The reason is none for a refusal of CONNECT.</exception>
    public static PreConnectDecision Refuse(ReasonCode reason) => new() { Refusal = ConnectReasons.Check(reason) };
}
