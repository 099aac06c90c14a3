using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Access;

/// <summary>Who may use a listener, and what they may do there. Immutable: a change is a new policy (<see cref="OpenProfile.Change"/>).</summary>
public sealed record AccessPolicy
{
    /// <summary>What becomes of clients that say nothing about who they are.</summary>
    public AnonymousAccess Anonymous { get; init; } = AnonymousAccess.Refused;

    /// <summary>By what clients may prove who they are, in the order in which it counts.</summary>
    public IReadOnlyList<AuthenticationMethod> Methods { get; init; } =
        [AuthenticationMethod.PreSharedKey, AuthenticationMethod.Certificate, AuthenticationMethod.Password];

    /// <summary>What of a certificate is the user's name.</summary>
    public CertificateName CertificateName { get; init; }

    /// <summary>The configured users, by name.</summary>
    public IReadOnlyDictionary<string, AccessUser> Users { get; init; } = new Dictionary<string, AccessUser>(StringComparer.Ordinal);

    /// <summary>The access list: what some rule allows and no rule denies. Null when there is none, and everybody may use every topic.</summary>
    public IReadOnlyList<AccessRule>? Rules { get; init; }

    /// <summary>Whether the client identifier is the user name, whatever the client sends; then nobody comes without one.</summary>
    public bool UseUserNameAsClientId { get; init; }

    /// <summary>What client identifiers must begin with, one of these; any will do when there are none. <c>%u</c> stands for the user name.</summary>
    public IReadOnlyList<string> ClientIdPrefixes { get; init; } = [];
}
