using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Configuration;

/// <summary>What an open listener says about its clients.</summary>
/// <param name="Anonymous">Whether clients without a user name are welcome.</param>
/// <param name="Methods">By what clients may prove who they are.</param>
/// <param name="CertificateName">What of a certificate is the user's name.</param>
/// <param name="RuleNames">The rules of the access list that hold here; null for all.</param>
/// <param name="UseUserNameAsClientId">Whether the client identifier is the user name.</param>
/// <param name="ClientIdPrefixes">What client identifiers begin with.</param>
internal sealed record ListenerAccess(
    AnonymousAccess Anonymous,
    IReadOnlyList<AuthenticationMethod> Methods,
    CertificateName CertificateName,
    IReadOnlyList<string>? RuleNames,
    bool UseUserNameAsClientId,
    IReadOnlyList<string> ClientIdPrefixes);
