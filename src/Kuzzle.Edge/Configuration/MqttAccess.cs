using Kuzzle.Edge.Broker.Access;

namespace Kuzzle.Edge.Configuration;

/// <summary>Who may use the open listeners, and what they may do there.</summary>
/// <param name="Users">The users, by name.</param>
/// <param name="Rules">The access list; none when every topic is open.</param>
internal sealed record MqttAccess(IReadOnlyDictionary<string, AccessUser> Users, IReadOnlyList<AccessRule> Rules)
{
    /// <summary>The policy of one listener.</summary>
    public AccessPolicy PolicyOf(ListenerAccess listener) => new()
    {
        Anonymous = listener.Anonymous,
        Methods = listener.Methods,
        CertificateName = listener.CertificateName,
        UseUserNameAsClientId = listener.UseUserNameAsClientId,
        ClientIdPrefixes = listener.ClientIdPrefixes,
        Users = Users,
        Rules = listener.RuleNames is { } names ? [.. Rules.Where(rule => names.Contains(rule.Name, StringComparer.Ordinal))] : Rules.Count > 0 ? Rules : null,
    };
}
