using System.Globalization;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>Numbers as Elasticsearch writes them in keys: as Java does, a whole one with <c>.0</c>.</summary>
internal static class BucketKey
{
    public static string Text(double value)
    {
        if (double.IsInteger(value) && Math.Abs(value) < 1e7) return value.ToString("0.0", CultureInfo.InvariantCulture);
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        if (Math.Abs(value) is >= 1e-3 and < 1e7) return text;

        var (mantissa, exponent) = Split(value.ToString("E16", CultureInfo.InvariantCulture), value);
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}E{exponent}");
    }

    /// <summary>The shortest mantissa that reads as the same number.</summary>
    private static (string Mantissa, int Exponent) Split(string longest, double value)
    {
        var exponent = int.Parse(longest.AsSpan(longest.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        for (var digits = 1; digits < 17; digits++)
        {
            var text = value.ToString($"E{digits}", CultureInfo.InvariantCulture);
            if (double.Parse(text, CultureInfo.InvariantCulture) != value) continue;
            return (text[..text.IndexOf('E', StringComparison.Ordinal)], exponent);
        }

        return (longest[..longest.IndexOf('E', StringComparison.Ordinal)], exponent);
    }
}
