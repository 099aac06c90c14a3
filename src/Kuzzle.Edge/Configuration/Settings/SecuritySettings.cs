using Kuzzle.Edge.Api;
using Kuzzle.Edge.Configuration.Schema;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>Who may do what.</summary>
internal static class SecuritySettings
{
    public static readonly Setting<FreshRights> FreshRights = new(
        "security.freshRights",
        new ChoiceType<FreshRights>(("restricted", Api.FreshRights.Restricted), ("open", Api.FreshRights.Open)),
        Api.FreshRights.Restricted,
        "What anonymous clients may do until an administrator exists: `restricted`: little; `open`: everything, as on a fresh Kuzzle.");

    public static IReadOnlyList<Setting> All { get; } = [FreshRights];
}
