using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Security;
using Kuzzle.Edge.Configuration.Schema;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>Who may do what.</summary>
internal static class SecuritySettings
{
    private static readonly SecurityOptions Security = new();
    private static readonly TimeSpan NoBound = TimeSpan.FromMilliseconds(-1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36500);

    public static readonly Setting<FreshRights> FreshRights = new(
        "security.freshRights",
        new ChoiceType<FreshRights>(("restricted", Api.FreshRights.Restricted), ("open", Api.FreshRights.Open)),
        Api.FreshRights.Restricted,
        "What anonymous clients may do until an administrator exists: `restricted`: little; `open`: everything, as on a fresh Kuzzle.");

    public static readonly Setting<TimeSpan> JwtExpiresIn = new(
        "security.jwt.expiresIn", Types.Duration(TimeSpan.Zero, Longest), Security.ExpiresIn, "How long a token holds when a login does not say.");

    public static readonly Setting<TimeSpan> JwtMaxTtl = new(
        "security.jwt.maxTTL", Types.Duration(NoBound, Longest), NoBound, "The longest that a login may ask for; -1, the default: no limit, tokens that never expire are allowed.")
    { HasNoDefault = true };

    public static readonly Setting<TimeSpan> JwtGracePeriod = new(
        "security.jwt.gracePeriod", Types.Duration(TimeSpan.Zero, TimeSpan.FromHours(1)), Security.GracePeriod, "How long the old token still holds after it was refreshed.");

    public static readonly Setting<string> JwtSecret = new(
        "security.jwt.secret",
        new TextType<string>("text of at least 32 characters", static text => text.Length >= 32 ? text : null, static text => text),
        null,
        "What tokens are signed with. Without it, a random secret that is made once and kept with the documents. Another secret ends all tokens and API keys.")
    { IsSecret = true };

    public static readonly Setting<TimeSpan> ApiKeyMaxTtl = new(
        "security.apiKey.maxTTL", Types.Duration(NoBound, Longest), NoBound, "The longest that users may let their own API keys live; -1, the default: no limit.")
    { HasNoDefault = true };

    public static readonly Setting<IReadOnlyList<string>> RestrictedProfileIds = new(
        "security.restrictedProfileIds",
        new ListType<string>("a list of profiles", Types.Text) { MinCount = 1 },
        Security.RestrictedProfileIds,
        "The profiles of users who register themselves (`security:createRestrictedUser`).");

    public static IReadOnlyList<Setting> All { get; } = [FreshRights, JwtExpiresIn, JwtMaxTtl, JwtGracePeriod, JwtSecret, ApiKeyMaxTtl, RestrictedProfileIds];

    /// <summary>A bound as the API wants it.</summary>
    public static TimeSpan? BoundOf(TimeSpan written) => written < TimeSpan.Zero ? null : written;
}
