using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>What was written, checked and converted; what was not written has its default.</summary>
/// <param name="path">Where these values stand in the configuration.</param>
/// <param name="origin">Where the object that holds them was written.</param>
/// <param name="written">The values by setting, and where each was written.</param>
/// <param name="faulty">What was written and is no value; it has its own fault already.</param>
internal sealed class SettingValues(SettingPath path, Origin origin, IReadOnlyDictionary<Setting, (object Value, Origin Origin)> written, IReadOnlySet<Setting> faulty)
{
    /// <summary>Where these values stand in the configuration.</summary>
    public SettingPath Path => path;

    /// <summary>Where the object that holds them was written.</summary>
    public Origin Origin => origin;

    /// <summary>The value of a setting that has a default or is required.</summary>
    public T Get<T>(Setting<T> setting) => written.TryGetValue(setting, out var found) ? (T)found.Value : (T)setting.DefaultValue!;

    /// <summary>The value of a setting that may be absent.</summary>
    public T? Find<T>(Setting<T> setting)
        where T : class => written.TryGetValue(setting, out var found) ? (T)found.Value : (T?)setting.DefaultValue;

    /// <summary>Whether somebody wrote it.</summary>
    public bool IsWritten(Setting setting) => written.ContainsKey(setting);

    /// <summary>Whether somebody wrote it, if only something wrong.</summary>
    public bool IsMeant(Setting setting) => written.ContainsKey(setting) || faulty.Contains(setting);

    /// <summary>Where it was written, or where the object that could hold it was.</summary>
    public Origin OriginOf(Setting setting) => written.TryGetValue(setting, out var found) ? found.Origin : origin;

    /// <summary>The whole key, for a message.</summary>
    public SettingPath PathOf(Setting setting) => path.Member(setting.Key);
}
