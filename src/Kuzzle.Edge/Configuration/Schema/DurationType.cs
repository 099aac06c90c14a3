using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>A time span: milliseconds as a number, as in Kuzzle, or text with a unit.</summary>
internal sealed class DurationType(TimeSpan min, TimeSpan max) : SettingType<TimeSpan>
{
    private static readonly (string Name, double Worth)[] Units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    /// <inheritdoc/>
    public override string Description => $"milliseconds or a duration such as \"15s\", from {Text(min)} to {Text(max)}";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, out TimeSpan value)
    {
        var milliseconds = node switch
        {
            SettingScalar { Value: double number } => number,
            SettingScalar { Value: string text } => Quantity.Parse(text, Units) ?? double.NaN,
            _ => double.NaN,
        };
        var isInRange = milliseconds >= min.TotalMilliseconds && milliseconds <= max.TotalMilliseconds; // false for NaN
        value = isInRange ? TimeSpan.FromMilliseconds(milliseconds) : default;
        return isInRange;
    }

    /// <inheritdoc/>
    public override string Show(TimeSpan value) => $"\"{Text(value)}\"";

    private static string Text(TimeSpan value) => Quantity.Show(value.TotalMilliseconds, Units);
}
