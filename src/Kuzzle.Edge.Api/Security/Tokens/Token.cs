using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Security.Tokens;

/// <summary>A token that is, or was, in force. What changes is guarded by the register of tokens.</summary>
internal sealed class Token(TokenFingerprint fingerprint, string userId, TokenKind kind, long expiresAt)
{
    /// <summary>The expiry of what never expires.</summary>
    public const long Never = -1;

    private long _expiresAt = expiresAt;
    private volatile bool _isRevoked;

    public TokenFingerprint Fingerprint { get; } = fingerprint;

    /// <summary>Whose it is.</summary>
    public string UserId { get; } = userId;

    public TokenKind Kind { get; } = kind;

    /// <summary>For API keys: the identifier of the key.</summary>
    public string? KeyId { get; init; }

    /// <summary>Whether the first request uses it up.</summary>
    public bool IsSingleUse { get; init; }

    /// <summary>When it ends, in milliseconds since 1970, or <see cref="Never"/>.</summary>
    public long ExpiresAt
    {
        get => Volatile.Read(ref _expiresAt);
        set => Volatile.Write(ref _expiresAt, value);
    }

    /// <summary>True for ever once it was revoked, used up or has expired.</summary>
    public bool IsRevoked
    {
        get => _isRevoked;
        set => _isRevoked = value;
    }

    /// <summary>The connections that used it last. Guarded by the register.</summary>
    public HashSet<ClientConnection> Connections { get; } = [];

    public bool IsInForceAt(long now) => !_isRevoked && (ExpiresAt == Never || now < ExpiresAt);
}
