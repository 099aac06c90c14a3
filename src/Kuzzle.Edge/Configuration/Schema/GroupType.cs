using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>An object with settings of its own: one of a list, or a section that is absent or whole.</summary>
/// <param name="schema">What may stand in it.</param>
/// <param name="shorthand">The key that a bare text in place of the object is the value of; null when there must be an object.</param>
internal sealed class GroupType(SettingSchema schema, string? shorthand = null) : SettingType<SettingValues>
{
    /// <summary>What may stand in it.</summary>
    public SettingSchema Schema => schema;

    /// <inheritdoc/>
    public override string Description => shorthand is null ? "an object" : $"an object, or text: its \"{shorthand}\"";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, [NotNullWhen(true)] out SettingValues? value)
    {
        if (shorthand is not null && node is SettingScalar { Text: not null }) node = SettingObject.Holding([shorthand], node);
        value = node is SettingObject written ? schema.Read(written, path, faults) : null;
        return value is not null;
    }

    /// <inheritdoc/>
    public override string Show(SettingValues value) => "{ … }";
}
