using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>A list of objects with the same settings.</summary>
/// <param name="schema">What may stand in each.</param>
/// <param name="shorthand">The key that a bare text in place of an object is the value of; null when there must be objects.</param>
internal sealed class GroupListType(SettingSchema schema, string? shorthand = null) : SettingType<IReadOnlyList<SettingValues>>
{
    private readonly ListType<SettingValues> _list = new(shorthand is null ? "a list of objects" : $"a list of objects, or of texts: their \"{shorthand}\"", new GroupType(schema, shorthand));

    /// <summary>What each of them is.</summary>
    public GroupType Item { get; } = new(schema, shorthand);

    /// <inheritdoc/>
    public override string Description => _list.Description;

    /// <inheritdoc/>
    public override bool TryRead(
        SettingNode node, SettingPath path, List<ConfigurationFault> faults, [NotNullWhen(true)] out IReadOnlyList<SettingValues>? value) =>
        _list.TryRead(node, path, faults, out value);

    /// <inheritdoc/>
    public override string Show(IReadOnlyList<SettingValues> value) => _list.Show(value);
}
