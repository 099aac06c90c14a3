using System.Buffers;
using System.Globalization;
using System.Text;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Layers;

/// <summary>
/// A value from an environment variable or the command line, where all is text. Converted as Kuzzle does: <c>true</c> and <c>false</c>, integers and
/// decimals, and JSON after <c>*json:</c>; a key that ends in "version" stays text, or version 1.10 would become 1.1.
/// </summary>
internal static class TextValue
{
    private const string JsonPrefix = "*json:";

    private static readonly SearchValues<char> DigitsAndPoint = SearchValues.Create("0123456789.");

    /// <summary>The value; null, with a fault, when the JSON in it is broken.</summary>
    public static SettingNode? Read(ReadOnlySpan<string> path, string text, Origin origin, List<ConfigurationFault> faults)
    {
        if (text.StartsWith(JsonPrefix, StringComparison.Ordinal))
        {
            return JsonText.Read(Encoding.UTF8.GetBytes(text[JsonPrefix.Length..]), origin.Source, faults);
        }

        if (path[^1].EndsWith("version", StringComparison.OrdinalIgnoreCase)) return new SettingScalar(origin, text, text);
        if (text is "true" or "false") return new SettingScalar(origin, text == "true", text);

        return IsNumber(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? new SettingScalar(origin, number, text)
            : new SettingScalar(origin, text, text);
    }

    /// <summary>Digits with at most one point between them, and a minus sign before: no exponents, no blanks, no "Infinity".</summary>
    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        if (text.StartsWith('-')) text = text[1..];
        return text.Length > 0
            && char.IsAsciiDigit(text[0])
            && char.IsAsciiDigit(text[^1])
            && !text.ContainsAnyExcept(DigitsAndPoint)
            && text.Count('.') <= 1;
    }
}
