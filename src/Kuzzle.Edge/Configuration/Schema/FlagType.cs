using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>Yes or no.</summary>
internal sealed class FlagType : SettingType<bool>
{
    /// <inheritdoc/>
    public override string Description => "true or false";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, out bool value)
    {
        value = node is SettingScalar { Value: true };
        return node is SettingScalar { Value: bool };
    }

    /// <inheritdoc/>
    public override string Show(bool value) => value ? "true" : "false";
}
