using System.Runtime.InteropServices;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Access;

/// <summary>What an authenticator says about a client: who it is, that it is refused, or nothing.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AuthenticationOutcome
{
    private AuthenticationOutcome(ClientIdentity? identity, ConnectRuling ruling)
    {
        Identity = identity;
        Ruling = ruling;
    }

    /// <summary>This authenticator does not know such clients: the next one is asked.</summary>
    public static AuthenticationOutcome NoOpinion => default;

    /// <summary>Who the client is; null when it was not accepted.</summary>
    public ClientIdentity? Identity { get; }

    /// <summary>The ruling, when there is an opinion.</summary>
    public ConnectRuling Ruling { get; }

    /// <summary>Whether the question is settled.</summary>
    public bool HasOpinion => Identity is not null || Ruling != ConnectRuling.Accept;

    /// <summary>The client is this one.</summary>
    public static AuthenticationOutcome Accept(ClientIdentity identity) => new(identity, ConnectRuling.Accept);

    /// <summary>The client is refused, whatever others would say.</summary>
    /// <exception cref="ArgumentException">The ruling is no refusal.</exception>
    public static AuthenticationOutcome Refuse(ConnectRuling ruling) =>
        ruling == ConnectRuling.Accept ? throw new ArgumentException("A refusal is wanted.", nameof(ruling)) : new AuthenticationOutcome(null, ruling);
}
