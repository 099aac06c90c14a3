using System.Runtime.InteropServices;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>Whether a client is let in.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AuthenticateDecision
{
    /// <summary>The next handler is asked, and after the last the rules of the listener.</summary>
    public static AuthenticateDecision NoOpinion => default;

    internal bool IsAccepted { get; private init; }

    internal ClientIdentity? Identity { get; private init; }

    internal ReasonCode Refusal { get; private init; }

    internal bool HasOpinion => IsAccepted || Refusal != ReasonCode.Success;

    /// <summary>The client is let in, as the user it names; as an anonymous one when it names none.</summary>
    public static AuthenticateDecision Accept() => new() { IsAccepted = true };

    /// <summary>The client is let in as this user, whatever its CONNECT says.</summary>
    public static AuthenticateDecision Accept(string userName) => Accept(new ClientIdentity(IdentityKind.User, userName));

    /// <summary>The client is let in with this identity.</summary>
    public static AuthenticateDecision Accept(ClientIdentity identity) => new() { IsAccepted = true, Identity = identity };

    /// <summary>The client is refused.</summary>
    /// <param name="reason">Told to MQTT 5 clients; others get the return code that comes nearest.</param>
    /// <exception cref="ArgumentException">The reason is none for a refusal of CONNECT.</exception>
    public static AuthenticateDecision Refuse(ReasonCode reason) => new() { Refusal = ConnectReasons.Check(reason) };

    /// <summary>The client is refused, because its user name or password is wrong.</summary>
    public static AuthenticateDecision Refuse() => Refuse(ReasonCode.BadUserNameOrPassword);

    /// <summary>The client is refused with a return code of MQTT 3.1.1: 2 to 5; any other becomes 5 (not authorized).</summary>
    public static AuthenticateDecision RefuseWithReturnCode(int returnCode) => new() { Refusal = ConnectReasons.Of(returnCode) };
}
