using System.Globalization;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>A finite number that is not too small.</summary>
internal sealed class NumberType(double min = double.MinValue) : SettingType<double>
{
    /// <inheritdoc/>
    public override string Description => min == double.MinValue ? "a number" : string.Create(CultureInfo.InvariantCulture, $"a number, {min} or more");

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, out double value)
    {
        value = node is SettingScalar { Value: double number } ? number : double.NaN;
        return double.IsFinite(value) && value >= min;
    }

    /// <inheritdoc/>
    public override string Show(double value) => value.ToString(CultureInfo.InvariantCulture);
}
