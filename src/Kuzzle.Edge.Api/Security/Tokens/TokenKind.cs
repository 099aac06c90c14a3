namespace Kuzzle.Edge.Api.Security.Tokens;

/// <summary>What a token stands for.</summary>
internal enum TokenKind
{
    /// <summary>A login, or a token made from one.</summary>
    Login,

    /// <summary>An API key.</summary>
    ApiKey,

    /// <summary>A connection that logged in with its password when it connected: nothing that could be shown again, and gone with the connection.</summary>
    Connection,
}
