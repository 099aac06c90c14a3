using System.Globalization;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>How far something is on: true or false, or a number of percent.</summary>
internal sealed class LevelType : SettingType<double>
{
    /// <inheritdoc/>
    public override string Description => "true or false, or 0 to 100 (percent)";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, out double value)
    {
        value = node switch
        {
            SettingScalar { Value: bool flag } => flag ? 100 : 0,
            SettingScalar { Value: double number } => number,
            _ => double.NaN,
        };
        return value is >= 0 and <= 100;
    }

    /// <inheritdoc/>
    public override string Show(double value) => value switch
    {
        0 => "false",
        100 => "true",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
