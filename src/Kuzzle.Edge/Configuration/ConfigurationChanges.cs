using Kuzzle.Edge.Configuration.Settings;

namespace Kuzzle.Edge.Configuration;

/// <summary>What a new configuration says differently.</summary>
/// <param name="Reloadable">Keys whose change takes effect now.</param>
/// <param name="NeedRestart">Keys whose change waits for the next start.</param>
/// <param name="InForce">What is in force after the reload, by key.</param>
/// <param name="Current">The configuration in force after the reload.</param>
internal sealed record ConfigurationChanges(
    IReadOnlyList<string> Reloadable, IReadOnlyList<string> NeedRestart, IReadOnlyDictionary<string, string> InForce, EdgeConfiguration Current)
{
    private static readonly string[] ReloadableSections =
        [AccessSettings.Users.Key + ".", AccessSettings.Acl.Key + ".", BridgeSettings.Mqtt.Key + "[", .. Declared.Select(section => section + ".")];

    /// <summary>What is in these is too much for a line of the log, and whether there is less of it is the registry's to say.</summary>
    private static string[] Declared => [RegistrySettings.Applications.Key, RegistrySettings.Devices.Key];

    /// <summary>Whether sensors were added, changed or removed.</summary>
    public bool HasSensors => Reloadable.Any(IsOfSensors);

    /// <summary>Compares key by key.</summary>
    public static ConfigurationChanges Between(EdgeConfiguration current, EdgeConfiguration fresh)
    {
        var changed = current.Written.Keys
            .Union(fresh.Written.Keys, StringComparer.Ordinal)
            .Where(key => current.Written.GetValueOrDefault(key) != fresh.Written.GetValueOrDefault(key))
            .Order(StringComparer.Ordinal)
            .ToList();

        // Which of several listeners is meant can only be said as long as there are the same ones.
        var listenersStay = current.MqttListeners.Count == fresh.MqttListeners.Count && !changed.Exists(key => IsOfListener(key) && !IsAccessOfListener(key));
        var linkStays = current.Upstream is not null && fresh.Upstream is not null;
        var byKind = changed.ToLookup(key => key == LogSettings.Level.Key
            || (linkStays && IsOfLink(key))
            || IsOfSensors(key)
            || Array.Exists(ReloadableSections, section => key.StartsWith(section, StringComparison.Ordinal))
            || (listenersStay && IsAccessOfListener(key)));

        var inForce = new Dictionary<string, string>(current.Written, StringComparer.Ordinal);
        foreach (var key in byKind[true])
        {
            if (fresh.Written.TryGetValue(key, out var value)) inForce[key] = value;
            else inForce.Remove(key);
        }

        return new ConfigurationChanges([.. byKind[true].Select(InBrief).Distinct(StringComparer.Ordinal)], [.. byKind[false]], inForce, current with
        {
            Declared = fresh.Declared,
            Log = current.Log with { Level = fresh.Log.Level },
            MqttAccess = fresh.MqttAccess,
            Bridges = fresh.Bridges,
            Sensors = current.Sensors with { Sensors = fresh.Sensors.Sensors },
            MqttListeners = listenersStay ? [.. current.MqttListeners.Zip(fresh.MqttListeners, (old, next) => old with { Access = next.Access })] : current.MqttListeners,
            Upstream = linkStays ? fresh.Upstream : current.Upstream,
            Written = inForce,
            Description = EffectiveConfiguration.Replace(current.Description, fresh.Description, [.. ReloadableKeys(listenersStay), .. linkStays ? [UpstreamSettings.Kuzzle.Key] : Array.Empty<string>()]),
        });
    }

    /// <summary>Whether a key is one that a running link takes over.</summary>
    public static bool IsOfLink(string key) => key.StartsWith(UpstreamSettings.Kuzzle.Key + ".", StringComparison.Ordinal);

    private static string[] ReloadableKeys(bool listenersStay) =>
        [LogSettings.Level.Key, AccessSettings.Users.Key, AccessSettings.Acl.Key, BridgeSettings.Mqtt.Key, SensorSettings.Sensors.Key, .. Declared, .. listenersStay ? [MqttSettings.Listeners.Key] : Array.Empty<string>()];

    private static string InBrief(string key) => Array.Find(Declared, section => key.StartsWith(section + ".", StringComparison.Ordinal)) ?? key;

    private static bool IsOfSensors(string key) => key == SensorSettings.Sensors.Key || key.StartsWith(SensorSettings.Sensors.Key + "[", StringComparison.Ordinal);

    private static bool IsOfListener(string key) => key.StartsWith(MqttSettings.Listeners.Key, StringComparison.Ordinal);

    private static bool IsAccessOfListener(string key)
    {
        if (!IsOfListener(key) || key.IndexOf("].", StringComparison.Ordinal) is not (> 0 and var at)) return false;

        var name = key[(at + 2)..];
        return ListenerSettings.OfAccess.Any(setting => name == setting.Key || name.StartsWith(setting.Key + "[", StringComparison.Ordinal));
    }
}
