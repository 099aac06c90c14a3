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
    private static readonly SettingType<TimeSpan> Lifetime = Types.Duration(TimeSpan.Zero, Longest);
    private static readonly SettingType<TimeSpan> LifetimeOrNone = Types.Duration(NoBound, Longest);
    private static readonly SettingType<TimeSpan> Grace = Types.Duration(TimeSpan.Zero, TimeSpan.FromHours(1));
    private static readonly SettingType<string> LongText = new TextType<string>("text of at least 32 characters", static text => text.Length >= 32 ? text : null, static text => text);

    public static readonly Setting<FreshRights> FreshRights = new(
        "security.freshRights",
        new ChoiceType<FreshRights>(("restricted", Api.FreshRights.Restricted), ("open", Api.FreshRights.Open)),
        Api.FreshRights.Restricted,
        "What anonymous clients may do until an administrator exists: `restricted`: little; `open`: everything, as on a fresh Kuzzle.");

    public static readonly Setting<string> ClaimCode = new(
        "security.claimCode",
        new TextType<string>("text of at least 8 characters", static text => text.Length >= 8 ? text : null, static text => text),
        null,
        "What `security:createFirstAdmin` must bring as `claimCode` in its body. The image makes one for each box and shows it on its console. Absent: nothing.")
    { IsSecret = true };

    public static readonly Setting<TimeSpan> ExpiresIn = new("security.authToken.expiresIn", Lifetime, Security.ExpiresIn, "How long a token holds when a login does not say.");

    public static readonly Setting<TimeSpan> MaxTtl = new(
        "security.authToken.maxTTL", LifetimeOrNone, NoBound, "The longest that a login may ask for; -1, the default: no limit, tokens that never expire are allowed.")
    { HasNoDefault = true };

    public static readonly Setting<TimeSpan> GracePeriod = new("security.authToken.gracePeriod", Grace, Security.GracePeriod, "How long the old token still holds after it was refreshed.");

    public static readonly Setting<string> Secret = new(
        "security.authToken.secret",
        LongText,
        null,
        "What tokens are signed with. Without it, a random secret that is made once and kept with the documents. Another secret ends all tokens and API keys.")
    { IsSecret = true };

    public static readonly Setting<TimeSpan> JwtExpiresIn = new("security.jwt.expiresIn", Lifetime, Security.ExpiresIn, OlderName(ExpiresIn)) { HasNoDefault = true };

    public static readonly Setting<TimeSpan> JwtMaxTtl = new("security.jwt.maxTTL", LifetimeOrNone, NoBound, OlderName(MaxTtl)) { HasNoDefault = true };

    public static readonly Setting<TimeSpan> JwtGracePeriod = new("security.jwt.gracePeriod", Grace, Security.GracePeriod, OlderName(GracePeriod)) { HasNoDefault = true };

    public static readonly Setting<string> JwtSecret = new("security.jwt.secret", LongText, null, OlderName(Secret)) { IsSecret = true };

    public static readonly Setting<TimeSpan> ApiKeyMaxTtl = new(
        "security.apiKey.maxTTL", Types.Duration(NoBound, Longest), NoBound, "The longest that users may let their own API keys live; -1, the default: no limit.")
    { HasNoDefault = true };

    public static readonly Setting<IReadOnlyList<string>> RestrictedProfileIds = new(
        "security.restrictedProfileIds",
        new ListType<string>("a list of profiles", Types.Text) { MinCount = 1 },
        Security.RestrictedProfileIds,
        "The profiles of users who register themselves (`security:createRestrictedUser`).");

    public static IReadOnlyList<Setting> All { get; } = [FreshRights, ClaimCode, ExpiresIn, MaxTtl, GracePeriod, Secret, JwtExpiresIn, JwtMaxTtl, JwtGracePeriod, JwtSecret, ApiKeyMaxTtl, RestrictedProfileIds];

    /// <summary>How tokens are made: by the names of today or, where those say nothing, by the older ones.</summary>
    public static SecurityOptions OptionsOf(SettingValues values)
    {
        TimeSpan Duration(Setting<TimeSpan> name, Setting<TimeSpan> olderName) => values.Get(values.IsWritten(name) || !values.IsWritten(olderName) ? name : olderName);

        return new SecurityOptions
        {
            ExpiresIn = Duration(ExpiresIn, JwtExpiresIn),
            MaxTtl = BoundOf(Duration(MaxTtl, JwtMaxTtl)),
            GracePeriod = Duration(GracePeriod, JwtGracePeriod),
            Secret = values.Find(Secret) ?? values.Find(JwtSecret),
            ApiKeyMaxTtl = BoundOf(values.Get(ApiKeyMaxTtl)),
            RestrictedProfileIds = values.Get(RestrictedProfileIds),
            ClaimCode = values.Find(ClaimCode),
        };
    }

    private static TimeSpan? BoundOf(TimeSpan written) => written < TimeSpan.Zero ? null : written;

    private static string OlderName(Setting setting) => $"The older name of `{setting.Key}`, for where that is not written.";
}
