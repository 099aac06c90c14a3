using System.Globalization;
using System.Numerics;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>A whole number in a range.</summary>
internal sealed class IntegerType<T>(T min, T max) : SettingType<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}");

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, out T value)
    {
        value = default;
        if (node is not SettingScalar { Value: double number } || number != Math.Floor(number)) return false;
        if (number < double.CreateChecked(min) || number > double.CreateChecked(max)) return false;

        value = T.CreateChecked(number);
        return true;
    }

    /// <inheritdoc/>
    public override string Show(T value) => value.ToString(null, CultureInfo.InvariantCulture);
}
