using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Security.Tokens;

/// <summary>A token that is, or was, in force. What changes is guarded by the register of tokens.</summary>
internal sealed class Token(TokenFingerprint fingerprint, string userId, TokenKind kind, long expiresAt)
{
    /// <summary>The expiry of what never expires.</summary>
    public const long Never = -1;

    private long _expiresAt = expiresAt;
    private long _deadline = long.MaxValue;
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

    /// <summary>When it was made, in milliseconds since 1970 by the time of day of then. Guarded by the register.</summary>
    public required long IssuedAt { get; set; }

    /// <summary>When it ends by the clock that nobody sets, in milliseconds of that clock: what decides. The register keeps it in step with <see cref="ExpiresAt"/>.</summary>
    public long Deadline
    {
        get => Volatile.Read(ref _deadline);
        set => Volatile.Write(ref _deadline, value);
    }

    /// <summary>
    /// Whether its expiry moves with the time of day when that is set: so for one that was made by this process or before the time was known at all. One of an earlier process, made when
    /// the time was known, ends when its time has come.
    /// </summary>
    public bool IsFloating { get; init; }

    /// <summary>Whether it got another expiry when it was loaded, which is to be stored.</summary>
    public bool IsRedated { get; init; }

    /// <summary>True for ever once it was revoked, used up or has expired.</summary>
    public bool IsRevoked
    {
        get => _isRevoked;
        set => _isRevoked = value;
    }

    /// <summary>The connections that used it last. Guarded by the register.</summary>
    public HashSet<ClientConnection> Connections { get; } = [];

    /// <summary>Whether it is good for something.</summary>
    /// <param name="now">By the clock that nobody sets.</param>
    public bool IsInForceAt(long now) => !_isRevoked && now < Deadline;
}
