using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>One key of the configuration, whatever its type.</summary>
internal abstract class Setting(string key, string meaning)
{
    /// <summary>The key from the top of its schema: <c>server.protocols.mqtt.requestTopic</c>.</summary>
    public string Key => key;

    /// <summary>What it does, as one sentence for the documentation.</summary>
    public string Meaning => meaning;

    /// <summary>Whether the group that it belongs to makes no sense without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether nothing holds when it is absent, though its type has no way to say so.</summary>
    public bool HasNoDefault { get; init; }

    /// <summary>Whether its value must not appear in a message or log.</summary>
    public bool IsSecret { get; init; }

    /// <summary>What may be written.</summary>
    public abstract string TypeDescription { get; }

    /// <summary>What holds when nothing is written, as one would write it; null when there is no such value.</summary>
    public abstract string? DefaultText { get; }

    /// <summary>What holds when nothing is written.</summary>
    public abstract object? DefaultValue { get; }

    /// <summary>The settings of each object that may be written here, when it holds such.</summary>
    public abstract SettingSchema? Items { get; }

    /// <summary>How the keys of <see cref="Items"/> begin in the documentation.</summary>
    public abstract string ItemsKey { get; }

    /// <summary>The value that was written; null, with a fault, when it is none.</summary>
    public abstract object? Read(SettingNode node, SettingPath path, List<ConfigurationFault> faults);
}
