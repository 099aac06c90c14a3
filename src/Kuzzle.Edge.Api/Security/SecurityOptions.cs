namespace Kuzzle.Edge.Api.Security;

/// <summary>How users log in and how long that holds, as Kuzzle's <c>security</c>. Immutable; a value out of range throws when the record is made.</summary>
public sealed record SecurityOptions
{
    /// <summary>How long a token holds when a login does not say. One hour by default.</summary>
    public TimeSpan ExpiresIn { get; init => field = NotNegative(value); } = TimeSpan.FromHours(1);

    /// <summary>The longest a login may ask for; null: no bound, and tokens that never expire are allowed. Null by default.</summary>
    public TimeSpan? MaxTtl { get; init => field = value is { } bound ? NotNegative(bound) : null; }

    /// <summary>How long the old token still holds after it was exchanged for a new one. One second by default.</summary>
    public TimeSpan GracePeriod { get; init => field = NotNegative(value); } = TimeSpan.FromSeconds(1);

    /// <summary>What tokens are signed with; null: a random secret, made once and kept in the store. It is a secret.</summary>
    public string? Secret { get; init; }

    /// <summary>The longest that users may let their own API keys live; null: no bound. Null by default. Who makes keys for others is not bound.</summary>
    public TimeSpan? ApiKeyMaxTtl { get; init => field = value is { } bound ? NotNegative(bound) : null; }

    /// <summary>The profiles of users who register themselves (<c>security:createRestrictedUser</c>).</summary>
    public IReadOnlyList<string> RestrictedProfileIds { get; init; } = ["default"];

    /// <summary>
    /// How often PBKDF2 is applied to new passwords; what is kept with fewer is made anew at the next login. 1 to 10 000 000; OWASP's 210 000 for SHA-512 by default, some
    /// 0.2 s of one core of a small board.
    /// </summary>
    public int PasswordIterations
    {
        get;
        init => field = value is >= 1 and <= 10_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 10000000");
    } = 210_000;

    /// <summary>
    /// What somebody must know to make the first administrator (<c>body.claimCode</c>), which the owner reads on the box's own console; null, the default: nothing. It is a secret.
    /// </summary>
    public string? ClaimCode { get; init; }

    /// <summary>Says nothing of the secrets.</summary>
    public override string ToString() => "the security options";

    private static TimeSpan NotNegative(TimeSpan value) =>
        value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "zero or more");
}
