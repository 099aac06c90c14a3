using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Timing;

namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>Whose a session is. Read and written under the registry's lock only.</summary>
internal sealed class Ownership
{
    /// <summary>The connection that has it now, or null.</summary>
    public ClientConnection? Owner { get; set; }

    /// <summary>The connection that gets it next, while the owner is on its way out.</summary>
    public SessionClaim? Claim { get; set; }

    /// <summary>Whose it is or was last, by the identity's key; null for an anonymous client's.</summary>
    public string? Identity { get; set; }

    /// <summary>Whether there is anything to resume: what Session Present says.</summary>
    public bool HasState { get; set; }

    /// <summary>When it ends, once its client is away.</summary>
    public long ExpiresAt { get; set; } = BrokerClock.Never;

    /// <summary>The will that waits for its delay.</summary>
    public Will? Will { get; set; }

    /// <summary>When the will is due.</summary>
    public long WillAt { get; set; } = BrokerClock.Never;

    /// <summary>
    /// Whether this identity may have the session: its own, or one that is an anonymous client's. The claim that waits counts like the owner, or else an anonymous
    /// client could push it aside.
    /// </summary>
    public bool IsOpenTo(ClientIdentity identity)
    {
        var holder = Claim is { } claim ? claim.Claimant.Identity.Key : Identity;
        return holder is null || holder == identity.Key;
    }

    /// <summary>Rings when the session or the will is due.</summary>
    public Alarm? Alarm { get; set; }
}
