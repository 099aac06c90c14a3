using System.Globalization;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>A whole number as data sheets write it: with 0x in front, as text, or plain.</summary>
internal sealed class RegisterNumberType(long min, long max) : SettingType<long>
{
    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"a number from 0x{min:X2} to 0x{max:X2}, as text such as \"0x{max:X2}\" or plain");

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, out long value)
    {
        value = 0;
        var isNumber = node switch
        {
            SettingScalar { Value: double number } when number == Math.Floor(number) && Math.Abs(number) < 1L << 53 => Is((long)number, out value),
            SettingScalar { Text: { } text } when text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) =>
                long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value),
            SettingScalar { Text: { } text } => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value),
            _ => false,
        };
        return isNumber && value >= min && value <= max;
    }

    /// <inheritdoc/>
    public override string Show(long value) => string.Create(CultureInfo.InvariantCulture, $"\"0x{value:X2}\"");

    private static bool Is(long number, out long value)
    {
        value = number;
        return true;
    }
}
