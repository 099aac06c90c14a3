using System.Security.Cryptography;
using System.Text;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Authentication;

/// <summary>
/// Knows users by SCRAM-SHA-256 (RFC 7677), by which the password itself never crosses the network, and the client learns that the broker knows it too. Costs the broker
/// a few hashes for a login: the slow part is the client's.
/// </summary>
public sealed class ScramSha256Authenticator : IClientAuthenticator
{
    /// <summary>The name of the method in CONNECT.</summary>
    public const string Method = "SCRAM-SHA-256";

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly IReadOnlyDictionary<string, ScramCredential> _users;

    /// <summary>Makes one for these users.</summary>
    /// <param name="users">By name.</param>
    public ScramSha256Authenticator(IReadOnlyDictionary<string, ScramCredential> users) => _users = users;

    /// <inheritdoc/>
    public ValueTask<AuthenticationOutcome> AuthenticateAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken) =>
        new(client.Identity.Proof == IdentityProof.Exchange ? AuthenticationOutcome.Accept(client.Identity) : AuthenticationOutcome.NoOpinion);

    /// <inheritdoc/>
    public IAuthenticationExchange? BeginExchange(IMqttClient client, string method) =>
        method == Method ? new ScramSha256Exchange(client, FindOrFeign, Convert.ToBase64String(RandomNumberGenerator.GetBytes(18))) : null;

    /// <summary>
    /// What is known of a user; for one that is not known something that looks alike, the same each time, and that no password fits: who may log in is nobody's
    /// business.
    /// </summary>
    private (ScramCredential Credential, bool IsKnown) FindOrFeign(string name)
    {
        if (_users.TryGetValue(name, out var known)) return (known, true);

        var mac = HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(name));
        var pattern = _users.Count == 0 ? null : _users.Values.ElementAt((int)(BitConverter.ToUInt32(mac) % (uint)_users.Count));
        var salt = new byte[pattern?.Salt.Length ?? 16];
        for (var i = 0; i < salt.Length; i++) salt[i] = mac[i % mac.Length];
        return (ScramCredential.Restore(salt, pattern?.Iterations ?? ScramCredential.LeastIterations, mac, mac), false);
    }
}
