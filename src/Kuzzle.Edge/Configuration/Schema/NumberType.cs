using System.Globalization;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>Any finite number.</summary>
internal sealed class NumberType : SettingType<double>
{
    /// <inheritdoc/>
    public override string Description => "a number";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, out double value)
    {
        value = node is SettingScalar { Value: double number } ? number : double.NaN;
        return double.IsFinite(value);
    }

    /// <inheritdoc/>
    public override string Show(double value) => value.ToString(CultureInfo.InvariantCulture);
}
