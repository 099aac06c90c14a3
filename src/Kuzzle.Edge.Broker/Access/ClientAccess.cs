using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Access;

/// <summary>What an open listener remembers about one connected client.</summary>
/// <param name="client">The client.</param>
/// <param name="clientId">The client identifier that it has from now on.</param>
/// <param name="judgedBy">The policy under which it was let in.</param>
/// <param name="hash">The hash that its password has matched; null when it was let in for another reason.</param>
internal sealed class ClientAccess(IMqttClient client, string clientId, AccessPolicy judgedBy, PasswordHash? hash)
{
    private volatile ClientRights _rights = new(judgedBy, client.Identity, clientId);
    private volatile bool _isRevoked;

    /// <summary>Whether the client would not be let in any more, and is being closed.</summary>
    public bool IsRevoked => _isRevoked;

    public void Revoke() => _isRevoked = true;

    /// <summary>Its rights under the policy in force.</summary>
    public ClientRights RightsUnder(AccessPolicy policy)
    {
        var rights = _rights;
        if (!ReferenceEquals(rights.Policy, policy)) _rights = rights = new ClientRights(policy, client.Identity, clientId);
        return rights;
    }

    /// <summary>Whether what the client has proven would let it in under this policy, too.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="knowsUsers">Whether user names mean anything under it.</param>
    public bool IsWelcomeUnder(AccessPolicy policy, bool knowsUsers)
    {
        var identity = client.Identity;
        if (identity.Kind == IdentityKind.Anonymous) return policy.Anonymous == AnonymousAccess.Allowed && (client.UserName is null || !knowsUsers);

        var user = identity.Kind == IdentityKind.User ? policy.Users.GetValueOrDefault(identity.Name) : null;
        if (user?.IsDisabled == true) return false;

        return identity.Proof switch
        {
            IdentityProof.Password when hash is not null => policy.Methods.Contains(AuthenticationMethod.Password) && user?.Password?.Text == hash.Text,
            IdentityProof.Certificate when client.Peer.Certificate is { } certificate => policy.Methods.Contains(AuthenticationMethod.Certificate)
                && (judgedBy.CertificateName == policy.CertificateName || CertificateAuthenticator.NameOf(certificate, policy.CertificateName) == identity.Name),
            IdentityProof.PreSharedKey when client.Peer.PskIdentity is not null => policy.Methods.Contains(AuthenticationMethod.PreSharedKey),
            _ => true, // Somebody else vouches for it.
        };
    }
}
