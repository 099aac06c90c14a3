using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>A list of objects with the same settings.</summary>
internal sealed class GroupListType(SettingSchema schema) : SettingType<IReadOnlyList<SettingValues>>
{
    private readonly ListType<SettingValues> _list = new("a list of objects", new GroupType(schema));

    /// <summary>What each of them is.</summary>
    public GroupType Item { get; } = new(schema);

    /// <inheritdoc/>
    public override string Description => _list.Description;

    /// <inheritdoc/>
    public override bool TryRead(
        SettingNode node, SettingPath path, List<ConfigurationFault> faults, [NotNullWhen(true)] out IReadOnlyList<SettingValues>? value) =>
        _list.TryRead(node, path, faults, out value);

    /// <inheritdoc/>
    public override string Show(IReadOnlyList<SettingValues> value) => _list.Show(value);
}
