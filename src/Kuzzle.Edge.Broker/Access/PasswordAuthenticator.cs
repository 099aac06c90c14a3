using System.Security.Cryptography;
using System.Text;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Access;

/// <summary>Knows the configured users by their passwords. Has no opinion about names that are not configured: others may know them.</summary>
internal sealed class PasswordAuthenticator : IClientAuthenticator
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly IReadOnlyDictionary<string, AccessUser> _users;
    private readonly PasswordHash[] _hashes;
    private readonly PasswordGate _gate;

    public PasswordAuthenticator(IReadOnlyDictionary<string, AccessUser> users, PasswordGate gate)
    {
        _users = users;
        _gate = gate;
        _hashes = [.. users.Values.Select(user => user.Password).OfType<PasswordHash>()];
    }

    /// <summary>Whether anybody has a password.</summary>
    public bool HasUsers => _hashes.Length > 0;

    public async ValueTask<AuthenticationOutcome> AuthenticateAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        if (client.UserName is not { } name || !_users.TryGetValue(name, out var user) || user.Password is null) return AuthenticationOutcome.NoOpinion;

        var ruling = await _gate.CheckAsync(client.Peer, name, user.Password, password, cancellationToken).ConfigureAwait(false);
        return ruling == ConnectRuling.Accept
            ? AuthenticationOutcome.Accept(new ClientIdentity(IdentityKind.User, name) { Proof = IdentityProof.Password })
            : AuthenticationOutcome.Refuse(ruling);
    }

    /// <summary>The refusal of a name that nobody knows, in the time that a wrong password of a known one takes.</summary>
    public ValueTask<ConnectRuling> RefuseAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken) =>
        _hashes.Length == 0
            ? new ValueTask<ConnectRuling>(ConnectRuling.BadCredentials) // Nobody has a password here, and that is no secret.
            : _gate.RefuseAsync(client.Peer, client.UserName!, DecoyFor(client.UserName!), password, cancellationToken);

    /// <summary>One user's hash in place of the one that is missing: always the same for a name, for hashes may differ in their cost.</summary>
    private PasswordHash DecoyFor(string name)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(name), mac);
        return _hashes[(int)(BitConverter.ToUInt32(mac) % (uint)_hashes.Length)];
    }
}
