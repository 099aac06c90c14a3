using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Security.Tokens;

/// <summary>The login of a connection that shows who it is when it begins.</summary>
internal static class ConnectionLogin
{
    /// <summary>Whether a password is no password but a token.</summary>
    public static bool IsToken(string password) =>
        password.StartsWith(TokenSigner.LoginPrefix, StringComparison.Ordinal) || password.StartsWith(TokenSigner.ApiKeyPrefix, StringComparison.Ordinal);

    public static async ValueTask<(string? Kuid, ApiError? Fault)> RunAsync(
        KuzzleSecurity security, ClientConnection connection, string? userName, string password, CancellationToken cancellationToken)
    {
        Token? token;
        if (IsToken(password))
        {
            token = security.Sessions.Find(password);
            if (token is null or { IsSingleUse: true } || !security.Book.HasUser(token.UserId)) return (null, SecurityErrors.InvalidToken());
        }
        else
        {
            if (string.IsNullOrEmpty(userName) || password.Length == 0) return (null, SecurityErrors.MissingUser("Missing credentials"));

            var (kuid, fault) = await security.Local.LoginAsync(connection, userName, password, security.Turn, cancellationToken);
            if (fault is not null) return (null, fault);

            // In force once the connection has begun, which it may still be kept from: then there is nothing to take back.
            token = new Token(TokenFingerprint.Random(), kuid!, TokenKind.Connection, Token.Never) { IssuedAt = 0 };
        }

        connection.Login = token;
        return (token.UserId, null);
    }
}
