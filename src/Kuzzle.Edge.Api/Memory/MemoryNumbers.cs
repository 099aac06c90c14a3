using System.Globalization;

namespace Kuzzle.Edge.Api.Memory;

/// <summary>Texts that are counted with; null where Redis says that it is no number, or that the sum would be none.</summary>
internal static class MemoryNumbers
{
    public static string? Add(string? text, long by)
    {
        var current = 0L;
        if (text is not null && !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out current)) return null;

        var sum = (Int128)current + by;
        return sum < long.MinValue || sum > long.MaxValue ? null : sum.ToString(CultureInfo.InvariantCulture);
    }

    public static string? Add(string? text, double by)
    {
        var current = 0d;
        if (text is not null && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out current)) return null;
        return double.IsFinite(current + by) ? (current + by).ToString(CultureInfo.InvariantCulture) : null;
    }
}
