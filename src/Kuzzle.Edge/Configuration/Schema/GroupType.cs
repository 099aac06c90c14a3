using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>An object with settings of its own: one of a list, or a section that is absent or whole.</summary>
internal sealed class GroupType(SettingSchema schema) : SettingType<SettingValues>
{
    /// <summary>What may stand in it.</summary>
    public SettingSchema Schema => schema;

    /// <inheritdoc/>
    public override string Description => "an object";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, [NotNullWhen(true)] out SettingValues? value)
    {
        value = node is SettingObject written ? schema.Read(written, path, faults) : null;
        return value is not null;
    }

    /// <inheritdoc/>
    public override string Show(SettingValues value) => "{ … }";
}
