using Kuzzle.Edge.Configuration.Settings;

namespace Kuzzle.Edge.Configuration;

/// <summary>What a new configuration says differently.</summary>
/// <param name="Reloadable">Keys whose change takes effect now.</param>
/// <param name="NeedRestart">Keys whose change waits for the next start.</param>
/// <param name="InForce">What is in force after the reload, by key.</param>
internal sealed record ConfigurationChanges(
    IReadOnlyList<string> Reloadable, IReadOnlyList<string> NeedRestart, IReadOnlyDictionary<string, string> InForce)
{
    private static readonly HashSet<string> ReloadableKeys = new(StringComparer.Ordinal) { LogSettings.Level.Key };

    /// <summary>Compares key by key.</summary>
    public static ConfigurationChanges Between(EdgeConfiguration current, EdgeConfiguration fresh)
    {
        var changed = current.Written.Keys
            .Union(fresh.Written.Keys, StringComparer.Ordinal)
            .Where(key => current.Written.GetValueOrDefault(key) != fresh.Written.GetValueOrDefault(key))
            .Order(StringComparer.Ordinal)
            .ToLookup(ReloadableKeys.Contains);

        var inForce = new Dictionary<string, string>(current.Written, StringComparer.Ordinal);
        foreach (var key in changed[true])
        {
            if (fresh.Written.TryGetValue(key, out var value)) inForce[key] = value;
            else inForce.Remove(key);
        }

        return new ConfigurationChanges([.. changed[true]], [.. changed[false]], inForce);
    }
}
