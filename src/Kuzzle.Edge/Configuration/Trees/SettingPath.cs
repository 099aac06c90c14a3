namespace Kuzzle.Edge.Configuration.Trees;

/// <summary>Where one is in the configuration: <c>server.protocols.mqtt.listeners[0].port</c>.</summary>
internal readonly record struct SettingPath(string Text)
{
    /// <summary>The path of the whole configuration.</summary>
    public static SettingPath Root { get; } = new("");

    /// <summary>One level down, by name.</summary>
    public SettingPath Member(string name) => new(Text.Length == 0 ? name : $"{Text}.{name}");

    /// <summary>One level down, by position.</summary>
    public SettingPath Item(int index) => new(FormattableString.Invariant($"{Text}[{index}]"));

    /// <inheritdoc/>
    public override string ToString() => Text;
}
