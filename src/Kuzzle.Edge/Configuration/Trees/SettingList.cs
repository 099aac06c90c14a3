namespace Kuzzle.Edge.Configuration.Trees;

/// <summary>Values in order. A later layer replaces the whole list.</summary>
internal sealed record SettingList(Origin Origin, IReadOnlyList<SettingNode> Items) : SettingNode(Origin)
{
    /// <inheritdoc/>
    public override string Describe() => Items.Count == 0 ? "an empty list" : "a list";
}
