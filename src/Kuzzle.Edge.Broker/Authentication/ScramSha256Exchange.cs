using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Authentication;

/// <summary>One login by SCRAM-SHA-256: the client's first message and the server's, then the client's proof and the server's. (RFC 5802 section 5)</summary>
/// <param name="client">Who logs in.</param>
/// <param name="find">What is known of a user.</param>
/// <param name="ownNonce">The server's part of the nonce.</param>
internal sealed class ScramSha256Exchange(IMqttClient client, Func<string, (ScramCredential Credential, bool IsKnown)> find, string ownNonce) : IAuthenticationExchange
{
    // A name and a nonce; nothing needs more, and it is a stranger's.
    private const int LongestMessage = 4096;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly AuthenticationStep Wrong = AuthenticationStep.Refuse(ConnectRuling.BadCredentials);

    private string? _clientFirst;
    private string _serverFirst = "";
    private string _nonce = "";
    private string _binding = "";
    private string _name = "";
    private ScramCredential? _credential;
    private bool _isKnown;

    public ValueTask<AuthenticationStep> ContinueAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (data.Length > LongestMessage) return new(Malformed("A message has more than 4096 bytes."));

        string message;
        try
        {
            message = Utf8.GetString(data.Span);
        }
        catch (DecoderFallbackException)
        {
            return new(Malformed("A message is not UTF-8."));
        }

        // A client may leave its first message for later, and is asked for it then. (RFC 4422 section 5)
        if (_clientFirst is null && message.Length == 0) return new(AuthenticationStep.Continue(default));

        return new(_clientFirst is null ? Begin(message) : Finish(message));
    }

    private AuthenticationStep Begin(string message)
    {
        // gs2-header: channel binding, authorization identity. There is no channel to bind to, and nobody acts for another.
        var header = message.StartsWith("n,,", StringComparison.Ordinal) || message.StartsWith("y,,", StringComparison.Ordinal);
        if (!header) return Malformed("The first message begins neither with n,, nor with y,,: channel binding and acting for others are not supported.");

        _binding = Convert.ToBase64String(Utf8.GetBytes(message[..3]));
        _clientFirst = message[3..];
        var fields = _clientFirst.Split(',');
        if (fields.Length < 2 || !TryReadName(fields[0], out _name) || !fields[1].StartsWith("r=", StringComparison.Ordinal) || fields[1].Length < 3)
        {
            return Malformed("The first message is not n=NAME,r=NONCE behind its header.");
        }

        (_credential, _isKnown) = find(_name);
        _nonce = fields[1][2..] + ownNonce;
        _serverFirst = string.Create(CultureInfo.InvariantCulture, $"r={_nonce},s={Convert.ToBase64String(_credential.Salt.Span)},i={_credential.Iterations}");
        return AuthenticationStep.Continue(Utf8.GetBytes(_serverFirst));
    }

    private AuthenticationStep Finish(string message)
    {
        var proofAt = message.LastIndexOf(",p=", StringComparison.Ordinal);
        if (proofAt < 0) return Malformed("The last message has no proof.");

        var withoutProof = message[..proofAt];
        if (withoutProof != $"c={_binding},r={_nonce}") return Malformed("The last message does not repeat header and nonce.");

        Span<byte> proof = stackalloc byte[SHA256.HashSizeInBytes];
        if (!Convert.TryFromBase64String(message[(proofAt + 3)..], proof, out var length) || length != proof.Length) return Malformed("The proof is not 32 bytes in base64.");

        var everything = Utf8.GetBytes($"{_clientFirst},{_serverFirst},{withoutProof}");
        Span<byte> signature = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(_credential!.StoredKey.Span, everything, signature);
        for (var i = 0; i < proof.Length; i++) proof[i] ^= signature[i];
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(proof), _credential.StoredKey.Span) || !_isKnown) return Wrong;

        client.Identity = new ClientIdentity(IdentityKind.User, _name) { Proof = IdentityProof.Exchange };
        return AuthenticationStep.Accept(Utf8.GetBytes("v=" + Convert.ToBase64String(HMACSHA256.HashData(_credential.ServerKey.Span, everything))));
    }

    /// <summary>The name, in which a comma is written =2C and an equals sign =3D.</summary>
    private static bool TryReadName(string field, out string name)
    {
        name = "";
        if (!field.StartsWith("n=", StringComparison.Ordinal) || field.Length == 2) return false;

        var parts = field[2..].Split('=');
        for (var i = 1; i < parts.Length; i++)
        {
            if (parts[i].StartsWith("2C", StringComparison.Ordinal)) parts[i] = "," + parts[i][2..];
            else if (parts[i].StartsWith("3D", StringComparison.Ordinal)) parts[i] = "=" + parts[i][2..];
            else return false;
        }

        name = string.Concat(parts);
        return true;
    }

    private static AuthenticationStep Malformed(string what) => AuthenticationStep.Refuse(ConnectRuling.NotAuthorized, "SCRAM-SHA-256: " + what);
}
