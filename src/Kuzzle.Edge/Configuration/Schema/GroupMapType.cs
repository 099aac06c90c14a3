using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>Objects with the same settings, each under a name that its author chooses. Unlike a list, files may each add some.</summary>
/// <param name="names">What a name must be, to follow "must be".</param>
/// <param name="isName">Whether a text is one.</param>
/// <param name="schema">The settings of each.</param>
internal sealed class GroupMapType(string names, Func<string, bool> isName, SettingSchema schema) : SettingType<IReadOnlyDictionary<string, SettingValues>>
{
    /// <summary>What each of them is.</summary>
    public GroupType Item { get; } = new(schema);

    /// <inheritdoc/>
    public override string Description => "objects by name";

    /// <inheritdoc/>
    public override bool TryRead(
        SettingNode node, SettingPath path, List<ConfigurationFault> faults, [NotNullWhen(true)] out IReadOnlyDictionary<string, SettingValues>? value)
    {
        value = null;
        if (node is not SettingObject written) return false;

        var items = new Dictionary<string, SettingValues>(StringComparer.Ordinal);
        foreach (var (name, member) in written.Members)
        {
            if (member is SettingScalar { Value: null, RawText: null }) continue; // null takes back what a layer below has said
            if (!isName(name)) faults.Add(new ConfigurationFault(member.Origin, $"a name in {path} must be {names}, not \"{name.ReplaceLineEndings(" ")}\""));
            else if (Item.TryRead(member, path.Member(name), faults, out var item)) items.Add(name, item);
            else if (member is not SettingObject) faults.Add(new ConfigurationFault(member.Origin, $"{path.Member(name)} must be {Item.Description}, not {member.Describe()}"));
        }

        value = items;
        return true;
    }

    /// <inheritdoc/>
    public override string Show(IReadOnlyDictionary<string, SettingValues> value) => value.Count == 0 ? "{}" : "{ … }";
}
