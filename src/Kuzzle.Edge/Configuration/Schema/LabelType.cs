using System.Globalization;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>A name or a number, whichever somebody has for a thing.</summary>
/// <param name="description">What is right, to follow "must be".</param>
internal sealed class LabelType(string description) : SettingType<string>
{
    /// <inheritdoc/>
    public override string Description => description;

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
    {
        value = node switch
        {
            SettingScalar { Text: { Length: > 0 } text } => text,
            SettingScalar { Value: double number } when number == Math.Floor(number) && number is >= 0 and <= int.MaxValue => number.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
        return value is not null;
    }

    /// <inheritdoc/>
    public override string Show(string value) => $"\"{value}\"";
}
