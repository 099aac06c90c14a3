namespace Kuzzle.Edge.Broker.Access;

/// <summary>Who a client has proven to be. Access lists, logs and the ownership of sessions go by it, never by the user name that a client merely claims.</summary>
/// <param name="Kind">What the name names.</param>
/// <param name="Name">The name; empty for anonymous clients.</param>
public sealed record ClientIdentity(IdentityKind Kind, string Name)
{
    /// <summary>A client that has proven nothing.</summary>
    public static ClientIdentity Anonymous { get; } = new(IdentityKind.Anonymous, "");

    /// <summary>How it was proven.</summary>
    public IdentityProof Proof { get; init; }

    /// <summary>The client identifier that this identity has whatever its CONNECT says, or null when the client may choose.</summary>
    public string? ClientId { get; init; }

    /// <summary>
    /// Under what its sessions are kept: equal for two clients exactly if they are the same user or device, however they have proven it; null for anonymous ones.
    /// </summary>
    public string? Key => Kind switch
    {
        IdentityKind.Anonymous => null,
        IdentityKind.User => "user:" + Name,
        IdentityKind.Device => "device:" + Name,
        _ => "internal:" + Name,
    };

    /// <summary>For logs.</summary>
    public override string ToString() => Key ?? "anonymous";
}
