using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>Values of one type in order.</summary>
internal sealed class ListType<T>(string description, SettingType<T> item) : SettingType<IReadOnlyList<T>>
{
    /// <summary>How many there must be.</summary>
    public int MinCount { get; init; }

    /// <inheritdoc/>
    public override string Description => description;

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, [NotNullWhen(true)] out IReadOnlyList<T>? value)
    {
        value = null;
        if (node is not SettingList list || list.Items.Count < MinCount) return false;

        var items = new List<T>(list.Items.Count);
        for (var index = 0; index < list.Items.Count; index++)
        {
            var written = list.Items[index];
            var before = faults.Count;
            if (item.TryRead(written, path.Item(index), faults, out var read)) items.Add(read);
            else if (faults.Count == before) faults.Add(new ConfigurationFault(written.Origin, $"{path.Item(index)} must be {item.Description}, not {written.Describe()}"));
        }

        value = items;
        return true;
    }

    /// <inheritdoc/>
    public override string Show(IReadOnlyList<T> value) => $"[{string.Join(", ", value.Select(item.Show))}]";
}
