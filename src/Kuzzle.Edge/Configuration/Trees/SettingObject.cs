namespace Kuzzle.Edge.Configuration.Trees;

/// <summary>Values by name.</summary>
internal sealed record SettingObject(Origin Origin, IReadOnlyDictionary<string, SettingNode> Members) : SettingNode(Origin)
{
    /// <inheritdoc/>
    public override string Describe() => "an object";

    /// <summary>This object with another laid over it: objects are merged member by member, everything else is replaced.</summary>
    public SettingObject Overlay(SettingObject above)
    {
        var members = new Dictionary<string, SettingNode>(Members, StringComparer.Ordinal);
        foreach (var (name, node) in above.Members)
        {
            members[name] = members.TryGetValue(name, out var below) && below is SettingObject lower && node is SettingObject upper
                ? lower.Overlay(upper)
                : node;
        }

        return new SettingObject(above.Origin, members);
    }

    /// <summary>Every scalar in it, by its path.</summary>
    public IReadOnlyDictionary<string, string> Flatten()
    {
        var flat = new Dictionary<string, string>(StringComparer.Ordinal);
        Flatten(SettingPath.Root, this, flat);
        return flat;
    }

    /// <summary>An object that holds one value at the end of a path.</summary>
    public static SettingObject Holding(ReadOnlySpan<string> path, SettingNode value)
    {
        for (; path.Length > 0; path = path[..^1])
        {
            value = new SettingObject(value.Origin, new Dictionary<string, SettingNode>(StringComparer.Ordinal) { [path[^1]] = value });
        }

        return (SettingObject)value;
    }

    private static void Flatten(SettingPath path, SettingNode node, Dictionary<string, string> flat)
    {
        switch (node)
        {
            case SettingObject written:
                foreach (var (name, member) in written.Members) Flatten(path.Member(name), member, flat);
                break;
            case SettingList list:
                for (var index = 0; index < list.Items.Count; index++) Flatten(path.Item(index), list.Items[index], flat);
                break;
            case SettingScalar { Value: not null } scalar:
                flat[path.Text] = scalar.Describe();
                break;
        }
    }
}
