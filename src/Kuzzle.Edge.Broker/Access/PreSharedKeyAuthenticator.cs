using System.Text;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Broker.Access;

/// <summary>Knows clients by the identity whose pre-shared key they have used. As with a certificate, another user name wants to be proven otherwise.</summary>
internal sealed class PreSharedKeyAuthenticator : IClientAuthenticator
{
    public ValueTask<AuthenticationOutcome> AuthenticateAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken) => new(Judge(client));

    private static AuthenticationOutcome Judge(IMqttClient client)
    {
        if (client.Peer.PskIdentity is not { Length: > 0 } name || !Utf8Text.IsValidName(Encoding.UTF8.GetBytes(name))) return AuthenticationOutcome.NoOpinion;
        if (client.UserName is { } claimed && claimed != name) return AuthenticationOutcome.NoOpinion;

        return AuthenticationOutcome.Accept(new ClientIdentity(IdentityKind.User, name) { Proof = IdentityProof.PreSharedKey });
    }
}
