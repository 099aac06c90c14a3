using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>An amount of memory or disk: bytes as a number, or text with a unit; a KB is 1024 bytes, as in Kuzzle.</summary>
internal sealed class ByteSizeType(long min, long max) : SettingType<long>
{
    private static readonly (string Name, double Worth)[] Units = [("B", 1), ("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30)];

    /// <inheritdoc/>
    public override string Description => $"bytes or a size such as \"1MB\", from {Quantity.Show(min, Units)} to {Quantity.Show(max, Units)}";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, out long value)
    {
        var bytes = node switch
        {
            SettingScalar { Value: double number } => number,
            SettingScalar { Value: string text } => Quantity.Parse(text, Units) ?? double.NaN,
            _ => double.NaN,
        };
        var isInRange = bytes >= min && bytes <= max; // false for NaN
        value = isInRange ? (long)bytes : 0;
        return isInRange;
    }

    /// <inheritdoc/>
    public override string Show(long value) => $"\"{Quantity.Show(value, Units)}\"";
}
