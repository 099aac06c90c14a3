using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>One key of the configuration, its type, and what holds when it is absent.</summary>
internal sealed class Setting<T>(string key, SettingType<T> type, T? defaultValue, string meaning) : Setting(key, meaning)
{
    /// <inheritdoc/>
    public override string TypeDescription => type.Description;

    /// <inheritdoc/>
    public override string? DefaultText => defaultValue is null || IsRequired || HasNoDefault ? null : type.Show(defaultValue);

    /// <inheritdoc/>
    public override object? DefaultValue => defaultValue;

    /// <inheritdoc/>
    public override SettingSchema? Items { get; } = ((type as GroupType) ?? (type as GroupListType)?.Item ?? (type as GroupMapType)?.Item)?.Schema;

    /// <inheritdoc/>
    public override string ItemsKey => type switch
    {
        GroupListType => $"{Key}[]",
        GroupMapType => $"{Key}.NAME",
        _ => Key,
    };

    /// <inheritdoc/>
    public override object? Read(SettingNode node, SettingPath path, List<ConfigurationFault> faults)
    {
        var before = faults.Count;
        if (type.TryRead(node, path, faults, out var value)) return value;

        if (faults.Count == before)
        {
            var found = IsSecret ? "what is written there" : node.Describe();
            faults.Add(new ConfigurationFault(node.Origin, $"{path} must be {type.Description}, not {found}"));
        }

        return null;
    }
}
