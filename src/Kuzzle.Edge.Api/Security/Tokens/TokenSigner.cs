using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Kuzzle.Edge.Api.Security.Tokens;

/// <summary>Makes and checks the text of tokens: a prefix that says what it is, and a JWT signed with HMAC-SHA256.</summary>
internal sealed class TokenSigner(byte[] secret)
{
    /// <summary>How a login's token begins.</summary>
    public const string LoginPrefix = "kauth-";

    /// <summary>How an API key begins.</summary>
    public const string ApiKeyPrefix = "kapikey-";

    /// <summary>Nothing that was ever issued is longer; what is need not be hashed.</summary>
    private const int LongestToken = 4096;

    private static readonly string Header = Base64Url.EncodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"u8);

    /// <summary>A new token. Two are never equal, not even of one user in one second.</summary>
    public string Sign(TokenKind kind, string userId, long issuedAt, long expiresAt)
    {
        var claims = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(claims))
        {
            writer.WriteStartObject();
            writer.WriteString("_id", userId);
            writer.WriteNumber("iat", issuedAt / 1000);
            if (expiresAt != Token.Never) writer.WriteNumber("exp", expiresAt / 1000);
            writer.WriteString("jti", Guid.NewGuid());
            writer.WriteEndObject();
        }

        var signed = $"{Header}.{Base64Url.EncodeToString(claims.WrittenSpan)}";
        return $"{(kind == TokenKind.ApiKey ? ApiKeyPrefix : LoginPrefix)}{signed}.{Signature(signed)}";
    }

    /// <summary>Whether a text was signed here. Whether it is still in force is another question.</summary>
    public bool IsGenuine(string token)
    {
        if (token.Length > LongestToken) return false;

        var prefix = token.StartsWith(LoginPrefix, StringComparison.Ordinal) ? LoginPrefix : token.StartsWith(ApiKeyPrefix, StringComparison.Ordinal) ? ApiKeyPrefix : null;
        if (prefix is null) return false;

        var dot = token.LastIndexOf('.');
        if (dot <= prefix.Length) return false;

        var expected = Signature(token[prefix.Length..dot]);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(token[(dot + 1)..]));
    }

    private string Signature(string signed)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(signed), mac);
        return Base64Url.EncodeToString(mac);
    }
}
