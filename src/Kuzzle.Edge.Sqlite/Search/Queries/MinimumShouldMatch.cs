using System.Globalization;
using System.Text.Json;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary><c>minimum_should_match</c>: a number, or a percentage; negative ones say how many may fail.</summary>
internal static class MinimumShouldMatch
{
    public static int Of(JsonElement given, int clauses)
    {
        var text = given.ValueKind switch
        {
            JsonValueKind.Number => given.GetRawText(),
            JsonValueKind.String => given.GetString()!.Trim(),
            _ => "",
        };
        var percent = text.EndsWith('%');
        var digits = percent ? text[..^1] : text;
        if (!int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || Math.Abs((long)number) > 1_000_000)
        {
            throw SearchRefusedException.BadRequest($"minimum_should_match [{text}] must be a number or a percentage");
        }

        var wanted = percent ? (int)((long)number * clauses / 100) : number;
        return Math.Max(0, wanted < 0 ? clauses + wanted : wanted);
    }
}
