using System.Globalization;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>A number with a unit, such as <c>1MB</c> or <c>1.5h</c>.</summary>
internal static class Quantity
{
    /// <summary>The number in the smallest unit, or null when the text has another unit, or none where one is needed.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="units">Units and what they are worth; compared without regard to case.</param>
    public static double? Parse(ReadOnlySpan<char> text, ReadOnlySpan<(string Name, double Worth)> units)
    {
        text = text.Trim();
        var digits = text.LastIndexOfAnyInRange('0', '9') + 1;
        var name = text[digits..].Trim();
        if (!double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;

        foreach (var unit in units)
        {
            if (name.Equals(unit.Name, StringComparison.OrdinalIgnoreCase)) return number * unit.Worth;
        }

        return null;
    }

    /// <summary>A whole amount in the largest unit that leaves it whole.</summary>
    public static string Show(double amount, ReadOnlySpan<(string Name, double Worth)> units)
    {
        var best = units[0];
        foreach (var unit in units)
        {
            if (unit.Worth > best.Worth && amount % unit.Worth == 0 && amount != 0) best = unit;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{amount / best.Worth}{best.Name}");
    }
}
