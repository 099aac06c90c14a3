using Kuzzle.Edge.Configuration.Schema;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>Who may do what.</summary>
internal static class SecuritySettings
{
    public static readonly Setting<FreshRights> FreshRights = new(
        "security.freshRights",
        new ChoiceType<FreshRights>(("restricted", Configuration.FreshRights.Restricted), ("open", Configuration.FreshRights.Open)),
        Configuration.FreshRights.Restricted,
        "What anonymous clients may do until an administrator exists: `restricted`: little; `open`: everything, as on a fresh Kuzzle.");

    public static IReadOnlyList<Setting> All { get; } = [FreshRights];
}
